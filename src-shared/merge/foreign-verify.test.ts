import { describe, expect, test } from 'vitest';
import { float32Of, group, readReferenceTensors, referenceCases } from '../../tests/reference';
import { toFloatType } from '../tensor/convert';
import { floatTensor, type NamedTensors, type Tensor } from '../tensor/tensor';
import { mergeBlocksWhereTheyStand } from './foreign';
import { blocksOf, verifyBlocks, type VerifyBlock } from './foreign-verify';
import { referencePass, verifyNetworks } from './verify';

/** An unknown network with an official block of each family inside. */
function foreignNetwork(): Map<string, Tensor> {
  const placed = [
    ['trunk.3.mixer.', 'v1_k13_g2_gp2x2'],
    ['tail.', referenceCases.find(({ family }) => family === 'repmlpnet_block')?.id],
  ].flatMap(([prefix, wanted]) => {
    const { file } = referenceCases.find(({ id }) => id === wanted) ?? referenceCases[0];
    return [...group(readReferenceTensors(file), 'train')].map(([name, tensor]) => [prefix + name, tensor] as const);
  });
  return new Map([['encoder.weight', floatTensor([2], Float32Array.of(1, 2))] as const, ...placed]);
}

const verify: VerifyBlock = (train, merged, input, source) =>
  verifyNetworks(train, merged, input, referencePass, { backend: 'reference', inputs: { source, shape: input.shape, seed: 1 } });
const reportOn = (train: NamedTensors, merged: NamedTensors) =>
  verifyBlocks({ blocks: blocksOf(train, 'net.pth'), train, merged }, { batch: 2, seed: 1 }, verify);

describe('blocks merged inside an unknown network', () => {
  const train = foreignNetwork();
  const merged = mergeBlocksWhereTheyStand(train, blocksOf(train, 'net.pth'));

  test('are equivalent, each under its own name', async () => {
    const report = await reportOn(train, merged);
    expect(report.equivalent).toBe(true);
    expect(report.layers.map(({ path }) => path)).toEqual(['trunk.3.mixer', 'tail']);
    expect(report.inputs.source).toBe('standard normal inputs into each of 2 blocks');
  });

  test('a wrong one is told from the right one', async () => {
    const matrix = float32Of(merged, 'tail.fc3.weight');
    const flipped = { ...matrix, data: matrix.data.slice().reverse() };
    const report = await reportOn(train, new Map([...merged, ['tail.fc3.weight', flipped]]));
    expect([report.equivalent, report.firstDivergentLayer]).toEqual([false, 'tail']);
    expect(report.layers.map(({ equivalent }) => equivalent)).toEqual([true, false]);
  });

  test('stored in half precision, the rounding is stated', async () => {
    const halves = new Map([...merged].map(([name, tensor]) => [name, toFloatType(tensor, 'float16')]));
    const report = await reportOn(train, halves);
    expect(report.equivalent).toBe(true);
    expect(report.storage?.type).toBe('float16');
  });

  test('a tensor that the merged file lacks is named', async () => {
    const without = new Map([...merged].filter(([name]) => name !== 'tail.fc3.bias'));
    await expect(reportOn(train, without)).rejects.toThrow(/missing: tail\.fc3\.bias/);
  });

  test('merged weights in place of the train form are refused', () => {
    expect(() => blocksOf(merged, 'net.pth')).toThrow(/net\.pth holds no block in train form/);
  });
});
