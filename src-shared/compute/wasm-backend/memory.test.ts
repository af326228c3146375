import * as tf from '@tensorflow/tfjs-core';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { beforeAll, expect, test } from 'vitest';
import { openForTest } from '../../../tests/engine';
import { UserError } from '../../base/user-error';

beforeAll(() => openForTest('wasm'));

// The module can grow to 4 GB, of which a part is in use already; the second and third number do not fit its 32 bits.
test.each([2 ** 30 - 2 ** 12, 2 ** 30, 2 ** 30 + 8])('%i values that do not fit are refused and take nothing away', (count) => {
  const backend = tf.backend() as BackendWasm;
  const kept = tf.tensor1d([1, 2, 3]);
  const before = backend.numDataIds();
  expect(() => backend.makeOutput([count], 'float32')).toThrow(UserError);
  expect(() => backend.makeOutput([count], 'float32')).toThrow(/^the WebAssembly backend is out of memory: .* 409[67] MB .*smaller batch/);
  expect(backend.numDataIds()).toBe(before);
  expect(Array.from(tf.add(kept, 1).dataSync())).toEqual([2, 3, 4]);
});
