// What the tests of the engine share: the installed WASM binaries, the reference blocks as networks of
// their own, and the distance between two arrays.
import * as tf from '@tensorflow/tfjs-core';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { expect } from 'vitest';
import { openBackend, useBackend } from '../src-shared/compute/backend/choose';
import { configureEngine, wasmFilesIn, type WasmFiles } from '../src-shared/compute/backend/wasm-files';
import { blockSpec } from '../src-shared/model/block-families';
import type { NetworkSpec } from '../src-shared/model/spec';
import { withInputSize } from '../src-shared/model/walk';
import { normalArray, randomFrom, seed } from '../src-shared/tensor/random';
import type { ReferenceCase } from './reference';

/** Backends that run in Node. */
export const NODE_BACKENDS = ['cpu', 'wasm'] as const;

/** The WASM binaries of the installed package. */
export function installedWasmFiles(): WasmFiles {
  const packageFile = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm/package.json');
  return wasmFilesIn(join(dirname(packageFile), 'wasm-out', '/'));
}

/** Makes a backend the active one. */
export async function openForTest(name: (typeof NODE_BACKENDS)[number]): Promise<void> {
  configureEngine({ wasmFiles: installedWasmFiles() });
  await openBackend(name);
}

/** The train-form network of a block case, for the case's input. */
export function caseSpec({ family, config, input_shape }: ReferenceCase): NetworkSpec {
  return withInputSize(blockSpec(family, config), input_shape[2], input_shape[3]);
}

/** Largest |a - b|; NaN anywhere gives Infinity. */
export function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Infinity;
  let largest = 0;
  for (let i = 0; i < a.length; i++) {
    const difference = Math.abs(a[i] - b[i]);
    if (!(difference <= largest)) largest = Number.isNaN(difference) ? Infinity : difference;
  }
  return largest;
}

/** Normal values; others for another `purpose`. */
export function normalTensor(shape: number[], purpose = 1): tf.Tensor {
  return tf.tensor(normalArray(randomFrom(seed(purpose)), tf.util.sizeFromShape(shape), 1), shape);
}

/** Runs on the plain and on the WASM backend, both open, compares values and shapes, and expects no tensor left. */
export function expectSameOnBackends(operation: () => tf.Tensor[]): void {
  const run = (backend: 'cpu' | 'wasm'): { shape: number[]; values: Float32Array }[] => {
    useBackend(backend);
    const before = tf.memory().numTensors;
    const outputs = tf.tidy(operation);
    const results = outputs.map((output) => ({ shape: output.shape, values: output.dataSync<'float32'>().slice() }));
    tf.dispose(outputs);
    expect(tf.memory().numTensors).toBe(before);
    return results;
  };
  const [cpu, wasm] = [run('cpu'), run('wasm')];
  expect(wasm.map(({ shape }) => shape)).toEqual(cpu.map(({ shape }) => shape));
  // Sums of at most 40 products of normal values, in float32: below 1e-5 of values around 10.
  wasm.forEach(({ values }, i) => expect(largestDifference(values, cpu[i].values)).toBeLessThan(1e-5));
}
