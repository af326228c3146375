// The filter gradient as the WebAssembly computes it, without tfjs: its work is cut into blocks of outputs.
import { expect, test } from 'vitest';
import { normalArray, randomFrom, seed } from '../../tensor/random';
import { moduleFor } from './bound';
import { ranges, type KernelFunctions } from './instance';
import { KERNELS_WASM } from './kernels.wasm';

const memory = new WebAssembly.Memory({ initial: 512, maximum: 65536 });
const kernels = new WebAssembly.Instance(moduleFor(memory, KERNELS_WASM), { env: { memory } }).exports as unknown as KernelFunctions;
const [PASS, X, DY, DW, SCRATCH] = [2 ** 17, 2 ** 20, 2 ** 21, 2 ** 22, 2 ** 23];
const [N, H, W, K] = [3, 6, 7, 3];

/** Gradient (g, outputs, inputs, K, K) of random maps, the blocks of 8 outputs computed in `parts` calls. */
function gradientOf(groups: number, inputs: number, outputs: number, parts: number): Float32Array {
  const random = randomFrom(seed(1));
  const put = (at: number, length: number): void => new Float32Array(memory.buffer, at, length).set(normalArray(random, length, 1));
  put(X, N * H * W * groups * inputs);
  put(DY, N * H * W * groups * outputs);
  // Fields of the assembly's Pass: a 3 x 3 kernel of stride 1 that keeps the map's size.
  const pass = [groups, inputs, outputs, K, K, 1, 1, 1, 1, H + 2, W + 2, 1, 1, 1, 1, H, W, H, W];
  new Int32Array(memory.buffer, PASS, pass.length).set(pass);
  const result = new Float32Array(memory.buffer, DW, groups * outputs * inputs * K * K).fill(NaN);
  const blocks = groups * Math.ceil(outputs / 8);
  for (const range of ranges(blocks, parts, 1)) kernels.filterGradient(PASS, X, DY, DW, N, ...range, SCRATCH);
  return result.slice();
}

test.each([
  { groups: 1, inputs: 5, outputs: 30 },
  { groups: 2, inputs: 4, outputs: 20 },
  { groups: 7, inputs: 1, outputs: 1 },
])('the filter gradient of $groups groups of $outputs outputs has the same bits however many threads compute it', (sizes) => {
  const alone = gradientOf(sizes.groups, sizes.inputs, sizes.outputs, 1);
  expect(alone.every(Number.isFinite)).toBe(true);
  for (const threads of [2, 3, 8]) expect(gradientOf(sizes.groups, sizes.inputs, sizes.outputs, threads)).toEqual(alone);
});
