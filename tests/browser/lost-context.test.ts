// Training on WebGL in a real browser while its graphics context is lost.
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { config } from '../../testing/training/fake-run';
import type { TrainingConfig } from '../../src-shared/training/recipe/recipe';
import { launchChromium } from './chromium';
import { openIsolatedPage } from './isolated-page';

let browser: Browser;
let page: Page;

const ON_WEBGL: TrainingConfig = {
  ...config({ epochs: 2, checkpointEveryEpochs: 1 }),
  dataset: { ...config().dataset, trainCount: 64, validationCount: 16 } as TrainingConfig['dataset'],
  backend: 'webgl',
};

beforeAll(async () => {
  browser = await launchChromium();
  page = await openIsolatedPage(browser, {
    page: 'tests/browser/lost-context-page.ts',
    'lost-context-worker': 'tests/browser/lost-context-worker.ts',
  });
  await page.waitForFunction(() => 'lostContextPage' in globalThis);
});

afterAll(() => browser?.close());

const train = (loseAtSteps: number[]) =>
  page.evaluate(([asked, steps]) => globalThis.lostContextPage.train(asked, steps), [ON_WEBGL, loseAtSteps] as const);

test('a context lost amid training halts the step, and the run ends with the bytes of an uninterrupted one', async () => {
  const whole = await train([]);
  expect(whole.told).toEqual(['backend webgl', 'running', 'finished']);
  const { told, weights } = await train([2]);
  expect(told).toEqual([
    'backend webgl',
    'running',
    expect.stringMatching(/^HalfStep: the graphics context was lost/),
    'backend webgl',
    'running',
    'finished',
  ]);
  expect(weights.length).toBeGreaterThan(0);
  expect(weights).toEqual(whole.weights);
});

test('lost again, it goes on on a backend without graphics', async () => {
  const { told } = await train([1, 1]);
  expect(told.filter((text) => text.startsWith('backend'))).toEqual(['backend webgl', 'backend webgl', 'backend wasm']);
  expect(told.at(-1)).toBe('finished');
});
