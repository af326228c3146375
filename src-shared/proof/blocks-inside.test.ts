import { describe, expect, test } from 'vitest';
import { float32Of, group, readReferenceTensors, referenceCases } from '../../tests/reference';
import { toFloatType } from '../tensor/convert';
import { elementCount, floatTensor, tensorInfos, type NamedTensors, type Tensor } from '../tensor/tensor';
import { mergeableBlocks, understand } from '../model/recognise/understand';
import { aloneSpec, verifyBlocks, type VerifyBlock } from './blocks-inside';
import { inputsText } from './inputs-text';
import { mergeCheckpoint, readCheckpoint, type ReadCheckpoint } from '../merge/merge-checkpoint';
import { runSteps } from '../merge/merge-network';
import { referencePass } from '../../testing/reference64/reference-pass';
import { verifyNetworks } from './verify';
import { verifyInside } from './verify-checkpoint';

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

/** The tensors read as a file; the partitions are those of the two blocks. */
function fileOf(tensors: NamedTensors): ReadCheckpoint {
  const known = { fileName: 'net.pth', tensors: tensorInfos(tensors), moduleSettings: new Map() };
  return readCheckpoint(understand(known, { partitions: [[8, 8]], eps: null }), tensors);
}
const reportOn = (train: NamedTensors, merged: NamedTensors) => verifyInside(fileOf(train), fileOf(merged), { batch: 2, seed: 1 }, verify);

describe('blocks merged inside an unknown network', () => {
  const train = foreignNetwork();
  const found = mergeableBlocks(fileOf(train).understood);
  const merged = runSteps(mergeCheckpoint(fileOf(train), {}), {}).stored;

  test('are equivalent, each under its own name', async () => {
    const report = await reportOn(train, merged);
    expect(report.equivalent).toBe(true);
    expect(report.layers.map(({ path }) => path)).toEqual(['trunk.3.mixer', 'tail']);
    expect(inputsText(report.inputs)).toBe('standard normal inputs, each of 2 blocks on its own, 2x4x8x8 into trunk.3.mixer, tail, seed 1');
  });

  test('a wrong one is told from the right one', async () => {
    const matrix = float32Of(merged, 'tail.fc3.weight');
    const flipped = { ...matrix, data: matrix.data.slice().reverse() };
    const report = await reportOn(train, new Map([...merged, ['tail.fc3.weight', flipped]]));
    expect([report.equivalent, report.firstDivergentLayer]).toEqual([false, 'tail']);
    expect(report.layers.map(({ equivalent }) => equivalent)).toEqual([true, false]);
  });

  test('are run on given inputs, larger maps where the block counts its partitions from them', async () => {
    const asked: string[] = [];
    const [v1, net] = found.map(({ block }) => aloneSpec(block).input);
    const shapes = [
      [1, v1.channels, v1.height, v1.width],
      [3, net.channels, 2 * net.height, net.width],
    ];
    const read = (block: string) => {
      const shape = shapes[asked.push(block) - 1];
      return Promise.resolve(floatTensor(shape, new Float32Array(elementCount(shape)).fill(0.5)));
    };
    const blocks = { blocks: found, train, merged };
    const report = await verifyBlocks(blocks, { batch: 2, seed: 1, given: { source: 'x.npz', read } }, verify);
    expect(asked).toEqual(['trunk.3.mixer', 'tail']);
    expect([report.equivalent, report.inputs.source, report.inputs.blocks]).toEqual([
      true,
      'x.npz, each of 2 blocks on its own',
      asked.map((path, index) => ({ path, shape: shapes[index] })),
    ]);
    expect(inputsText(report.inputs)).toMatch(/own, 1x4x8x8 into trunk\.3\.mixer, 3x4x16x8 into tail/);
    const wrong = () => Promise.resolve(floatTensor([1, 1, 4, 4], new Float32Array(16)));
    await expect(verifyBlocks(blocks, { batch: 2, seed: 1, given: { source: 'x.npz', read: wrong } }, verify)).rejects.toThrow(
      /trunk\.3\.mixer takes inputs with \d+ channels; the given ones have shape 1x1x4x4/,
    );
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

  test('merged weights in place of the train form are refused', async () => {
    await expect(reportOn(merged, merged)).rejects.toThrow(/net\.pth holds no block in train form/);
  });

  test('a tensor beside the blocks that is not the same is told, whatever the blocks say', async () => {
    const changed = new Map([...merged, ['encoder.weight', floatTensor([2], Float32Array.of(1, 3))]]);
    const report = await reportOn(train, changed);
    expect([report.equivalent, report.firstDivergentLayer]).toEqual([false, 'encoder.weight']);
    await expect(reportOn(train, new Map([...merged].filter(([name]) => name !== 'encoder.weight')))).rejects.toThrow(
      /has no encoder\.weight/,
    );
  });

  test('what is left of a branch in the merged file is refused', async () => {
    const kept = [...train].filter(([name]) => name.startsWith('tail.repconv1'));
    await expect(reportOn(train, new Map([...merged, ...kept]))).rejects.toThrow(/tail\.repconv1/);
  });
});
