// The engine's thread ends amid a training, as when memory runs out: the run goes on from its last checkpoint on another thread.
import { writeFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { buildNode, dist } from '../launcher/build.mjs';
import { RunWriter, trainIntoRun } from '../runs';
import { startNodeEngine } from './node-engine';
import type { TrainingConfig } from '@shared/training/recipe/recipe';
import { seed } from '@shared/tensor/random';
import { config } from '../../testing/training/fake-run';

let folder: string;
beforeAll(async () => {
  await buildNode();
  folder = await mkdtemp(join(tmpdir(), 'repmlp-thread-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const TRAINED: TrainingConfig = {
  ...config({ epochs: 3, checkpointEveryEpochs: 1 }),
  dataset: { kind: 'embedded', name: 'shapes', seed: seed(1), trainCount: 64, validationCount: 16 },
  backend: 'wasm',
};

async function trainedWeights(name: string, bundle: URL): Promise<{ told: string[]; weights: Buffer }> {
  const writer = await RunWriter.create(join(folder, name), TRAINED, '');
  const engine = startNodeEngine(bundle);
  const told: string[] = [];
  for await (const event of trainIntoRun(engine, name, writer, null)) if (event.type === 'state') told.push(event.message);
  await engine.dispose();
  await writer.release();
  return { told, weights: await readFile(join(folder, name, 'checkpoints/epoch-0003.safetensors')) };
}

it('a thread that ends amid a training is replaced, said, and the run ends with the bytes of an uninterrupted one', async () => {
  const whole = pathToFileURL(join(dist, 'engine-worker.mjs'));
  // Ends once, at the third message that it sends: amid the first epoch or soon after it.
  const mark = join(folder, 'ended');
  const dying = join(folder, 'dying-worker.mjs');
  await writeFile(
    dying,
    `import { existsSync, writeFileSync } from 'node:fs';
import { MessagePort } from 'node:worker_threads';
const post = MessagePort.prototype.postMessage;
let sent = 0;
MessagePort.prototype.postMessage = function (...args) {
  if (++sent === 6 && !existsSync(${JSON.stringify(mark)})) { writeFileSync(${JSON.stringify(mark)}, ''); process.exit(7); }
  return post.apply(this, args);
};
await import(${JSON.stringify(whole.href)});`,
  );
  const expected = await trainedWeights('whole', whole);
  const { told, weights } = await trainedWeights('dying', pathToFileURL(dying));
  expect(told.filter((text) => text.includes("the engine's thread ended (exit code 7)"))).toHaveLength(1);
  expect(weights.equals(expected.weights)).toBe(true);
});
