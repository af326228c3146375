// --input-size through the command line: networks of several partitions a stage, and networks whose size is built in.
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { randomizeBatchNorm, seededInput } from '../../src-shared/proof/seeded-inputs';
import type { VerifyReport } from '../../src-shared/merge/report';
import { blockSpec } from '../../src-shared/model/block-families';
import { initialWeights } from '../../src-shared/model/initialise';
import { withSizeOf } from '../../src-shared/model/input-size';
import { referenceForward } from '../../testing/reference64/forward';
import { seed } from '../../src-shared/tensor/random';
import { float32Of } from '../reference';
import { largestDifference, repmlp, saved, savedJson, temporaryFolder, tensorsOf } from './repmlp';

/** On inputs of 32x32 the first stage has 2x2 partitions. */
const CONFIG = {
  in_channels: 3,
  num_class: 5,
  patch_size: [2, 2],
  num_blocks: [1, 1],
  channels: [8, 16],
  hs: [8, 8],
  ws: [8, 8],
  sharesets_nums: [2, 8],
  reparam_conv_k: [1, 3],
  globalperceptron_reduce: 4,
};
const spec = blockSpec('repmlpnet_model', CONFIG);
const weights = randomizeBatchNorm(spec, initialWeights(spec, seed(1)), seed(2));
const large = withSizeOf(spec, { height: 64, width: 32 });
const input = seededInput(large, 2, seed(3));

let folder: string;
let train: string;
let block: string[];
const at = (name: string): string => join(folder, name);

beforeAll(async () => {
  folder = await temporaryFolder();
  train = await saved(folder, 'train.pth', weights);
  await saved(folder, 'x.safetensors', new Map([['x', input]]));
  block = ['--block', 'repmlpnet_model', '--config', await savedJson(folder, 'net.json', CONFIG)];
});

interface Costs {
  readonly train: { readonly macs: number; readonly layers: readonly { readonly name: string; readonly macs: number }[] };
}

test('cost counts the partitions of the size asked for, of a file, a --block and a zoo model alike', async () => {
  const fc3 = async (...args: string[]): Promise<number | undefined> => {
    const { stdout } = await repmlp(['cost', ...args, '--json']);
    return (JSON.parse(stdout) as Costs).train.layers.find(({ name }) => name.endsWith('fc3'))?.macs;
  };
  // Channels x partitions x (8 x 8) inputs x (8 x 8) outputs.
  expect(await fc3(train, '--input-size', '64x32')).toBe(8 * 8 * 64 * 64);
  expect(await fc3(...block, '--input-size', '64')).toBe(8 * 16 * 64 * 64);
  expect(await fc3('repmlpnet-small', '--input-size', '64')).toBe(16 * 4 * 64 * 64);
});

test('a size that only a default tells is said, one that was asked for is not', async () => {
  expect((await repmlp(['cost', train])).stderr).toContain(
    'assumed inputs of 32x32, for the weights of repmlpnet_model do not tell their size',
  );
  expect((await repmlp(['cost', train, '--input-size', '32'])).stderr).toBe('');
  expect((await repmlp(['cost', 'resnet50'])).stderr).toBe('');
});

test('merge at another size keeps it in the file, and verify takes it from there', async () => {
  const merged = at('merged.safetensors');
  // The partitions are assumed all the same; the size is not.
  const said = 'assumed square partitions (8x8), as in the published networks\n';
  expect(await repmlp(['merge', train, merged, '--input-size', '64x32'])).toMatchObject({ code: 0, stderr: said });
  const { code, stdout, stderr } = await repmlp(['verify', train, merged, '--json']);
  expect({ code, stderr }).toEqual({ code: 0, stderr: said });
  expect((JSON.parse(stdout) as VerifyReport).inputs.shape).toEqual([4, 3, 64, 32]);
  const asked = await repmlp(['verify', train, merged, '--input-size', '96x64', '--json']);
  expect((JSON.parse(asked.stdout) as VerifyReport).inputs.shape).toEqual([4, 3, 96, 64]);
});

test('forward computes in both forms what double precision computes of the train form', async () => {
  const merged = at('forward.pth');
  expect(await repmlp(['merge', train, merged, '--input-size', '64x32'])).toMatchObject({ code: 0 });
  const truth = referenceForward(large, weights, input).output;
  const scale = truth.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  for (const file of [train, merged]) {
    const { code } = await repmlp(['forward', file, '--input', at('x.safetensors'), '--output', at('y.safetensors'), '--force']);
    expect(code).toBe(0);
    // Some twenty float32 layers one after the other.
    expect(largestDifference(float32Of(await tensorsOf(at('y.safetensors')), 'y').data, truth)).toBeLessThan(1e-4 * scale);
  }
});

test.each([
  [['cost', 'repmlp-res50-bottleneck-224', '--input-size', '256'], /described for inputs of 224x224, cannot take 256x256: layer stage/],
  [
    ['cost', 'repmlpnet-t224', '--input-size', '228'],
    /cannot take 228x228: layer stages\.0\.0\.repmlp_block: a map of 57x57 cannot be split/,
  ],
  [['cost', 'repmlpnet-t224', '--input-size', '2 24'], /--input-size takes N or HxW in pixels/],
])('%j is refused in one sentence', async (args, sentence) => {
  const { code, stdout, stderr } = await repmlp(args);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toMatch(sentence);
});

test('inputs of another size than --input-size says are refused', async () => {
  const args = ['forward', train, '--input', at('x.safetensors'), '--output', at('z.safetensors'), '--input-size', '32'];
  const { code, stderr } = await repmlp(args);
  expect({ code, stderr }).toEqual({
    code: 2,
    stderr: expect.stringContaining('--input-size says 32x32, but the inputs given with --input are 64x32') as unknown,
  });
});
