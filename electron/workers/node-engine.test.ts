// The engine's thread from its own bundle, as the command line and the web host start it.
import { build } from 'esbuild';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Engine } from '@shared/compute/engine';
import { initialWeights } from '@shared/model/initialise';
import { buildModel } from '@shared/model/zoo';
import { seed } from '@shared/tensor/random';
import { floatTensor } from '@shared/tensor/tensor';
import { moduleOptions, root } from '../launcher/build.mjs';
import { startNodeEngine } from './node-engine';

let folder: string;
let engine: Engine;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'repmlp-engine-'));
  await build({
    ...moduleOptions(),
    sourcemap: false,
    entryPoints: { 'engine-worker': 'electron/workers/engine-worker.ts' },
    outdir: folder,
  });
  cpSync(join(root, 'node_modules/@tensorflow/tfjs-backend-wasm/wasm-out'), join(folder, 'wasm'), { recursive: true });
  engine = startNodeEngine(pathToFileURL(join(folder, 'engine-worker.mjs')));
});

afterAll(async () => {
  await engine.dispose();
  rmSync(folder, { recursive: true });
});

const spec = buildModel('pure-mlp-small');
const request = {
  spec,
  weights: initialWeights(spec, seed(1)),
  input: floatTensor([1, 3, 32, 32], new Float32Array(3072).fill(0.5)),
  layers: false,
};

test('the thread computes on WASM with SIMD by default, from the files beside its bundle', async () => {
  const { output, backend } = await engine.forward({ ...request, backend: 'auto' });
  expect(backend).toBe('wasm');
  expect(output.shape).toEqual([1, 10]);
  expect(request.input.data.length).toBe(3072);
});

test('errors of the user arrive as such', async () => {
  await expect(engine.forward({ ...request, backend: 'webgl' })).rejects.toMatchObject({ name: 'UserError' });
});
