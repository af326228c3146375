// Where the ledger's rows lead, in the official weights' names and shapes.
import { describe, expect, test } from 'vitest';
import { ledger } from '@shared/cost/ledger';
import { isRepBlock } from '@shared/model/spec';
import { leavesOf } from '@shared/model/walk';
import { mergedSpec } from '@shared/model/merged-spec';
import { buildModel } from '@shared/model/zoo';
import { parametersOf } from '@shared/model/parameters';
import type { TensorInfo } from '@shared/tensor/tensor';
import { matricesOf, placeOf, placeText } from './matrix-place';

/** A network with the matrices of its own weights, and a function that says where rows lead. */
function at(name: string, settings: Record<string, string> = {}, heldBy = buildModel(name, settings)) {
  const spec = buildModel(name, settings);
  const tensors = parametersOf(heldBy).map(({ name: tensor, shape }): TensorInfo => ({ name: tensor, shape, dtype: 'float32' }));
  const blocks = leavesOf(heldBy).flatMap(({ layer, path }) => (isRepBlock(layer) ? [path] : []));
  const matrices = matricesOf(spec, tensors, blocks);
  const rows = ledger(spec).layers;
  const leads = (...names: string[]) => {
    const place = placeOf(
      rows.filter((row) => names.includes(row.name)),
      matrices,
    );
    return place && placeText(place);
  };
  return { spec, matrices, rows, leads };
}

describe.each(['pure-mlp-small', 'repmlpnet-t224', 'repmlp-res50-bottleneck-224'])('%s', (name) => {
  const { spec, matrices, rows } = at(name);

  test('every operation with a weight of two or four axes leads to a matrix, in the train and in the merged form', () => {
    for (const { layers } of [ledger(spec), ledger(mergedSpec(spec))])
      for (const row of layers.filter(({ kind }) => /^(conv|linear)/.test(kind)))
        expect([row.name, placeOf([row], matrices)]).not.toContain(null);
  });

  test('a batch norm leads to the FC3 of its block, and nowhere outside blocks', () => {
    for (const row of rows.filter(({ kind }) => kind === 'bn')) {
      const shape = matrices.blocks.get(row.layer);
      expect(placeOf([row], matrices)).toEqual(shape ? { kind: 'block', block: row.layer, shape } : null);
    }
  });
});

test('FC3 leads to its block, the other operations of a block to their own weights, a stage to its first block', () => {
  const { rows, leads } = at('pure-mlp-small');
  expect(leads('stage2.mix1.fc3')).toBe('FC3 of stage2.mix1');
  expect(leads('stage2.mix1.repconv3.conv')).toBe('stage2.mix1.repconv3.conv.weight');
  const stage = rows.filter(({ layer }) => layer.startsWith('stage2.')).map(({ name }) => name);
  expect(leads(...stage)).toBe('FC3 of stage2.mix1');
});

test('a layer of the same name and another size is not taken for the matrix', () => {
  const { rows, matrices } = at('pure-mlp-small', {}, buildModel('pure-mlp-small', { width: '4' }));
  expect(matrices.blocks.size).toBe(0);
  const found = rows.filter((row) => placeOf([row], matrices)).map(({ name }) => name);
  expect(found).not.toContain('stage1.mix1.fc3');
});

test('weights of another network have none of the matrices', () => {
  const { rows, matrices } = at('resnet50', {}, buildModel('pure-mlp-small'));
  expect(rows.filter((row) => placeOf([row], matrices))).toEqual([]);
});
