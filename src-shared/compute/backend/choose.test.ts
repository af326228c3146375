import * as tf from '@tensorflow/tfjs-core';
import { expect, test, vi } from 'vitest';
import { installedWasmFiles } from '../../../tests/engine';
import { openBackend, reportBackends } from './choose';
import { configureEngine } from './wasm-files';

vi.mock('./self-test', () => ({
  selfTest: (use: () => void) => {
    use();
    if (tf.getBackend() === 'wasm') return Promise.reject(new Error('Failed to compile shader.'));
    return Promise.resolve({ error: 0, gflops: 1 });
  },
}));

configureEngine({ wasmFiles: installedWasmFiles() });

test('a backend whose self-test throws is passed over with the reason, and the next one is chosen', async () => {
  const chosen = await openBackend('auto');
  expect(chosen.name).toBe('cpu');
  expect(chosen.reason).toContain('Not wasm: its self-test failed: Failed to compile shader.');
  expect(tf.getBackend()).toBe('cpu');
});

test('it is refused where it is asked for by name, and reported as not available', async () => {
  await expect(openBackend('wasm')).rejects.toThrow('the wasm backend cannot be used: its self-test failed: Failed to compile shader.');
  const reports = await reportBackends();
  expect(reports.filter(({ available }) => available).map(({ name }) => name)).toEqual(['cpu']);
});
