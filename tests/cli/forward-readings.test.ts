// Blocks of which shapes leave something open, run without a description: the inputs decide where they can, and the
// outputs are the official code's. What they cannot decide is asked for.
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { floatTensor } from '../../src-shared/tensor/tensor';
import { toFloat64 } from '../../src-shared/tensor/convert';
import { group, readReferenceTensors } from '../reference';
import { largestDifference, repmlp, saved, temporaryFolder, tensorsOf } from './repmlp';

let folder: string;
beforeAll(async () => {
  folder = await temporaryFolder();
});

/** Runs a reference block's training weights, nothing said of them, on its input. */
async function forward(id: string) {
  const tensors = readReferenceTensors(`${id}.safetensors`);
  const path = await saved(folder, `${id}.safetensors`, group(tensors, 'train'));
  const [x, right] = [tensors.get('x'), tensors.get('y64')];
  if (x === undefined || right === undefined) throw new Error(`${id} has no input or output`);
  const [input, output] = [await saved(folder, `${id}-x.safetensors`, new Map([['x', x]])), join(folder, `${id}-y.safetensors`)];
  const { code, stderr } = await repmlp(['forward', path, '--input', input, '--output', output]);
  return { code, stderr, output, right: toFloat64(right) };
}

test.each([
  ['v1_cneqo_3to5_k13_g1_nogp', /3 to 5 channels/],
  ['v1_k13_g1_rect_nogp', /a partition of 4x6/],
  ['v1_k3_g1_gp1x2_width_only', /assumed a partition of 4x4/],
  ['v1_k3_g1_gp3x1_height_only', /a partition of 4x4, .* a map of 12x4/],
  ['v1_k37_g1_gp2x2_rect', /a partition of 7x9/],
  ['v1_k5_g3_rect_nogp', /a partition of 7x5/],
])('%s computes what the official code computes, and says how it is read', async (id, said) => {
  const { code, stderr, output, right } = await forward(id);
  expect([code, stderr]).toEqual([0, expect.stringMatching(said)]);
  const found = (await tensorsOf(output)).get('y');
  const largest = right.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  expect(largestDifference(found?.data as Float32Array, right) / largest).toBeLessThan(1e-5);
});

test.each([
  ['v1_cneqo_6to2_k3_g2_gp2x2_rect', /inputs of 6x8x6, 4x3 or 2x6: say which/],
  ['v1_k13_g2_gp2x2_rect', /inputs of 4x8x12, 4x6, 8x3 or 2x12: say which/],
])('%s asks which of the partitions that take its inputs is meant', async (id, question) => {
  const { code, stderr } = await forward(id);
  expect([code, stderr]).toEqual([2, expect.stringMatching(question)]);
});

test('inputs that no reading takes are refused', async () => {
  const train = group(readReferenceTensors('v1_cneqo_3to5_k13_g1_nogp.safetensors'), 'train');
  const path = await saved(folder, 'no-reading.safetensors', train);
  const input = await saved(folder, 'no-reading-x.safetensors', new Map([['x', floatTensor([1, 7, 3, 3], new Float32Array(63))]]));
  const { code, stderr } = await repmlp(['forward', path, '--input', input, '--output', join(folder, 'no-reading-y.safetensors')]);
  expect([code, stderr]).toEqual([2, expect.stringMatching(/takes inputs with \d+ channels/)]);
});
