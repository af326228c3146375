import { describe, expect, test } from 'vitest';
import { decodeModel } from '../checkpoint/onnx/messages';
import { initialWeights } from '../model/initialise';
import { networkGraph } from '../model/onnx/network';
import { buildModel, zoo } from '../model/zoo';
import { seed } from '../tensor/random';
import { readFileSync } from 'node:fs';
import { referencePath } from '../../tests/reference';
import { mergeNetwork } from './merge-network';
import { mergedAnswer } from './onnx-branches';

const answerOf = (name: string) => mergedAnswer(decodeModel(readFileSync(referencePath(`onnx/${name}.onnx`))));

describe("in files of PyTorch's own exporter", () => {
  test('three branches of which the exporter folded what it could are one sum of three', () => {
    const { merged, sums, batchNorms } = answerOf('repvgg');
    expect(merged).toBe(false);
    expect(sums.map(({ from, branches }) => [from, branches.length, branches[2]])).toEqual([
      ['x', 3, 'identity'],
      ['/Relu_output_0', 3, 'identity'],
    ]);
    expect(batchNorms).toEqual([]);
  });

  test('batch norms that were not folded are named besides', () => {
    const { merged, sums, batchNorms } = answerOf('repvgg-unfolded');
    expect([merged, sums.length, batchNorms.length]).toEqual([false, 2, 4]);
  });

  test('a convolution beside an FC over the same values in another order is a branch', () => {
    expect(answerOf('repmlp').sums).toEqual([{ at: '/Add', from: 'x', branches: ['/fc3/Conv', '/branch/branch.0/Conv'] }]);
  });

  test('a residual with a ReLU inside, and convolutions one after the other, are merged', () => {
    expect([answerOf('residual').merged, answerOf('plain').merged]).toEqual([true, true]);
  });
});

const SMALL = zoo.map(({ name }) => name).filter((name) => name.endsWith('-small'));

describe.each(SMALL)('%s as it is exported here', (name) => {
  const spec = buildModel(name);
  const weights = initialWeights(spec, seed(1));

  test('says of each train-form block which branches it has', () => {
    const { sums } = mergedAnswer(networkGraph(spec, weights).model);
    const blocks = JSON.stringify(spec).match(/"kind":"(repmlp|repmlpNetBlock)"/g)?.length ?? 0;
    const withBranches = JSON.stringify(spec).includes('"kernels":[]') ? 0 : blocks;
    expect(sums).toHaveLength(withBranches);
  });

  // The batch norm of an embedding is left by the merge: it stands behind an FC of its own, not in a pair.
  test('has no branch left once all of it is merged, and no batch norm but that of an embedding', () => {
    const merged = mergeNetwork(spec, weights, { fuseAllConvBn: true });
    const { sums, batchNorms } = mergedAnswer(networkGraph(merged.spec, merged.weights).model);
    expect(sums).toEqual([]);
    expect(batchNorms.filter((at) => at !== 'embedding_bn')).toEqual([]);
  });
});
