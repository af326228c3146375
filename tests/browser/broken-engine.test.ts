// A kernel that fails on a thread of the engine in a browser's worker, as the window has it.
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildModel } from '../../src-shared/model/zoo';
import { seed } from '../../src-shared/tensor/random';
import type { TrainingConfig } from '../../src-shared/training/recipe/recipe';
import { recipe } from '../../src-shared/training/recipe/recipes';
import type { Trained } from './broken-engine-page';
import { launchChromium } from './chromium';
import { openIsolatedPage } from './isolated-page';

/** Two epochs of three steps. */
const config: TrainingConfig = {
  spec: buildModel('pure-mlp-small'),
  dataset: { kind: 'embedded', name: 'shapes', seed: seed(1), trainCount: 48, validationCount: 20 },
  recipe: { ...recipe('shapes-short'), epochs: 2, batchSize: 16 },
  seed: seed(4),
  backend: 'wasm',
};

let browser: Browser;
let page: Page;
let undisturbed: string;

beforeAll(async () => {
  // A browser without a crash reporter may have nobody who makes an error of a bad address: then the page dies of it.
  browser = await launchChromium(['--disable-features=WebAssemblyTrapHandler']);
  page = await openIsolatedPage(browser, {
    page: 'tests/browser/broken-engine-page.ts',
    worker: 'tests/browser/broken-engine-worker.ts',
  });
  await page.waitForFunction(() => 'brokenEnginePage' in globalThis);
  undisturbed = (await train('none', 1))[0].digest;
  expect(undisturbed).not.toBe('');
});
afterAll(() => browser?.close());

/** Trains on one engine, one time after the other. */
function train(kernel: string, times: number): Promise<Trained[]> {
  return page.evaluate(([k, c, n]) => globalThis.brokenEnginePage.train(k, c, n), [kernel, config, times] as const);
}

test('a training goes on from its last whole step, says why, and ends with the bytes of an undisturbed one, as does the next', async () => {
  const [disturbed, next] = await train('correlate', 2);
  expect(disturbed.mended).toEqual([
    expect.stringMatching(
      /^step \d of 3 in epoch \d was made again: .*: the kernel correlate\(.* failed on thread \d of \d: RuntimeError: memory access out of bounds$/,
    ),
  ]);
  expect(disturbed).toMatchObject({ error: null, digest: undisturbed });
  expect(next).toEqual({ mended: [], error: null, digest: undisturbed });
});

test('a step that was only done in part ends a training with the error, and the next one is undisturbed', async () => {
  const [disturbed, next] = await train('blend', 2);
  expect(disturbed.error).toMatch(
    /HalfStep: step \d was only done in part: .*the kernel blend\(.* failed on thread \d of \d: RuntimeError: memory access out of bounds$/,
  );
  expect(next).toEqual({ mended: [], error: null, digest: undisturbed });
});
