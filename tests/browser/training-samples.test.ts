// What a network is fed and what it says of samples, in a real browser: the batch, predictions of classes,
// overlays on scenes, scores of face pairs; a stop condition; figures of runs opened from elsewhere.
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { StudioHost } from './studio-host';
import { withStudio } from './studio-in-tests';

let host: StudioHost;
let page: Page;
let problems: readonly string[];
let elsewhere: string;
const shots = process.env.REPMLP_SCREENSHOTS;

withStudio((studio) => ({ host, page, problems } = studio));
beforeAll(async () => {
  elsewhere = await mkdtemp(join(tmpdir(), 'repmlp-elsewhere-'));
});
afterAll(() => rm(elsewhere, { recursive: true, force: true }));

async function shoot(panel: string, name: string): Promise<void> {
  if (shots !== undefined) await page.getByTestId(panel).screenshot({ path: `${shots}/${name}.png` });
}

/** Chooses network and data, few samples and one epoch, and trains to the end; returns nothing before the run is finished. */
async function trainShortly(network: string, data: string, name: string, settings: Readonly<Record<string, string>>): Promise<void> {
  await page.getByTestId('rail-dataset').click();
  await page.getByTestId(`dataset-${data}`).click();
  await page.getByTestId('train-count').fill('32');
  await page.getByTestId('train-count').press('Enter');
  await page.getByTestId('rail-model').click();
  await page.getByTestId(`zoo-${network}`).click();
  await page.getByTestId('rail-training').click();
  for (const [field, value] of Object.entries({ 'batch-size': '16', ...settings })) {
    await page.getByTestId(field).fill(value);
    await page.getByTestId(field).press('Enter');
  }
  await page.getByTestId('run-name').fill(name);
  await page.getByTestId('start-training').click();
  await page
    .getByTestId('progress')
    .filter({ hasText: name })
    .getByTestId('training-state')
    .filter({ hasText: 'finished' })
    .waitFor({ timeout: 110_000 });
}

async function predictionsOf(run: string): Promise<void> {
  const key = await page.getByTestId('weights-picker').locator('option').filter({ hasText: run }).last().getAttribute('value');
  await page.getByTestId('weights-picker').selectOption(key);
  await page.getByTestId('predict').click();
  await page.getByTestId('predictions').filter({ hasText: run }).getByTestId('prediction').first().waitFor({ timeout: 60_000 });
}

/** Evaluates the weights in focus and waits for the result, which names what was evaluated. */
async function evaluated(subject: string): Promise<string> {
  const panel = page.getByTestId('evaluation');
  await page.getByTestId('evaluate').click();
  await panel.filter({ hasText: subject }).getByTestId('evaluation-result').waitFor({ timeout: 60_000 });
  return (await panel.textContent()) ?? '';
}

const agrees = () => page.getByTestId('evaluation-agreement').getAttribute('data-agrees');

test('the bundled network names the classes of samples with their probabilities', async () => {
  await page.getByTestId('rail-training').click();
  await page.getByTestId('predict').click();
  await page.getByTestId('prediction').first().waitFor({ timeout: 60_000 });
  const said = await page.getByTestId('prediction').allTextContents();
  expect(said).toHaveLength(16);
  expect(said.filter((text) => text.endsWith('correct')).length).toBeGreaterThan(8);
  expect(said.every((text) => /\d %/.test(text))).toBe(true);
  await shoot('predictions', 'predictions-classes');
});

test('the next batch is shown as the network is fed, with its labels and the range of its values', async () => {
  await page.getByTestId('show-batch').click();
  await page.getByTestId('batch').filter({ hasText: 'the next run, epoch 1, step 1' }).waitFor();
  expect(await page.getByTestId('batch').locator('canvas').count()).toBe(32);
  expect(await page.getByTestId('batch').textContent()).toMatch(/Values reach from [−-]\d/);
  await shoot('batch', 'batch');
});

test('a run ends at its target metric and says so', async () => {
  await trainShortly('pure-mlp-small', 'shapes', 'short-classes', { epochs: '5', 'stop-metric': '1' });
  const norms = await page.getByTestId('norms').locator('tbody tr').allTextContents();
  expect(norms.length).toBeGreaterThan(5);
  expect(norms.every((row) => /\d/.test(row) && !row.includes('NaN'))).toBe(true);
  expect(await page.getByTestId('progress').textContent()).toMatch(/[1-4] of 5 epochs done: the validation metric has reached 0.01/);
});

test('scenes are shown with the prediction laid over them', async () => {
  await trainShortly('repmlp-pspnet-small', 'streets', 'short-scenes', { epochs: '1' });
  await predictionsOf('short-scenes');
  expect(await page.getByTestId('prediction').first().locator('canvas').count()).toBe(3);
  expect(await page.getByTestId('prediction').first().textContent()).toContain('of the pixels right');
  expect(await page.getByTestId('predictions').textContent()).toContain('scenes of 64x64, as they are');
  await shoot('predictions', 'predictions-scenes');
  // The run has ended: the batch is of the next one, with the settings chosen now.
  await page.getByTestId('show-batch').click();
  await page.getByTestId('batch').filter({ hasText: 'the next run, epoch 1, step 1: 16 pictures' }).waitFor();
});

test('scenes are evaluated in both forms, in sliding windows, with the IoU of each class', async () => {
  await page.getByTestId('evaluation-view-sliding').click();
  const said = await evaluated('short-scenes');
  expect(await agrees()).toBe('true');
  expect(said).toContain('the same class for 409600 of 409600 pixels');
  expect(said).toMatch(/mIoU, train form\d+\.\d %mIoU, merged form/);
  expect(said).toContain('scenes of 64x64 in windows of 64x64, 43 pixels apart');
  expect(await page.getByTestId('class-results').getByRole('row').first().textContent()).toBe('ClassIoU, trainIoU, mergedMost taken for');
  await page.getByTestId('predict').click();
  await page
    .getByTestId('predictions')
    .filter({ hasText: 'scenes of 64x64 in windows of 64x64, 43 pixels apart' })
    .waitFor({ timeout: 60_000 });
  expect(await page.getByTestId('prediction').count()).toBe(4);
  await page.getByTestId('predict-next').click();
  await page.getByTestId('predictions').filter({ hasText: '5 to 8 of 100' }).waitFor({ timeout: 60_000 });
  await shoot('evaluation', 'evaluation-scenes');
});

test('face pairs are shown with their score', async () => {
  await trainShortly('repmlp-facenet-small', 'faces', 'short-faces', { epochs: '1' });
  await predictionsOf('short-faces');
  const said = await page.getByTestId('prediction').allTextContents();
  expect(said).toHaveLength(16);
  said.forEach((text, n) => expect(text).toMatch(n % 2 === 0 ? /^score -?\d\.\d{3}same person$/ : /^score -?\d\.\d{3}different people$/));
  await shoot('predictions', 'predictions-pairs');
});

test('curves of several tasks name their metrics, and what two losses are no measure for', async () => {
  const said = await page.getByTestId('curves').textContent();
  expect(said).toContain('Metric: accuracy or pixels right (training), accuracy or mIoU (validation).');
  expect(said).toContain('the loss in training has the margin of AM-Softmax');
});

test('two shown runs are compared with both in view, their layers apart from their settings', async () => {
  await page.getByLabel('Show short-classes').click();
  const panel = page.getByTestId('run-difference');
  const settings = await panel.locator('table').first().locator('td:first-child').allTextContents();
  expect(settings).toContain('recipe.loss');
  expect(settings.filter((path) => path.startsWith('spec.layers'))).toEqual([]);
  await panel.getByTestId('layer-differences').locator('summary').click();
  expect(await panel.getByTestId('layer-differences').locator('tbody tr').count()).toBeGreaterThan(10);
  const tooWide = await panel.locator('.table-frame').evaluateAll((frames) => frames.map((frame) => frame.scrollWidth > frame.clientWidth));
  expect(tooWide).toEqual([false, false]);
  await page.getByLabel('Show short-classes').click();
});

test('a filter that no run passes says how many it hides', async () => {
  await page.getByTestId('run-filter').fill('short nowhere');
  await page.getByTestId('runs').getByText('3 hidden').waitFor();
  await page.getByTestId('run-filter').fill('');
});

test('a finished run that is to have more epochs is asked about in the field, in view', async () => {
  await page.getByTestId('extend-run-short-classes').click();
  expect(await page.getByTestId('more-epochs-count').evaluate((input) => input === document.activeElement)).toBe(true);
  await page.getByTestId('more-epochs').getByRole('button', { name: 'Close' }).click();
});

test('faces are evaluated with ROC, ten folds and their spread, TAR at FAR and rank-1', async () => {
  const said = await evaluated('short-faces');
  expect(await agrees()).toBe('true');
  expect(said).toContain('the same similarity for 2000 of 2000 pairs');
  const rows = await page.getByTestId('face-tests').getByRole('row').allTextContents();
  expect(rows[1]).toMatch(/Accuracy, 10 folds\d+\.\d % ± \d+\.\d %/);
  expect((await page.getByTestId('face-tests').locator('td:first-child').allTextContents()).slice(1)).toEqual([
    'Area under the ROC',
    'TAR at FAR 0.1',
    'TAR at FAR 0.01',
    'TAR at FAR 0.001',
    'Rank-1 identification',
  ]);
  expect(await page.getByTestId('roc').locator('canvas').count()).toBe(1);
  await shoot('evaluation', 'evaluation-faces');
});

test('an imported checkpoint is evaluated in both forms, and one that is merged already as it is', async () => {
  await page.getByTestId('rail-dataset').click();
  await page.getByTestId('dataset-shapes').click();
  for (const [name, verdicts] of [
    ['net_tiny_train.pth', 1],
    ['net_tiny_deploy.pth', 0],
  ] as const) {
    await page.getByTestId('rail-checkpoint').click();
    await page.getByTestId('checkpoint-path').fill(new URL(`../reference/pth/${name}`, import.meta.url).pathname);
    await page.getByTestId('open-path').click();
    await page.getByTestId('checkpoint').filter({ hasText: name }).waitFor();
    await page.getByTestId('rail-training').click();
    await page.getByTestId('weights-picker').selectOption({ label: name });
    expect(await evaluated(name)).toContain('Accuracy, merged form');
    expect(await page.getByTestId('evaluation-agreement').count()).toBe(verdicts);
  }
});

test('curves of a run opened from elsewhere are drawn and saved in every format, with the recipe', async () => {
  const moved = join(elsewhere, 'moved-run');
  await cp(join(host.runsFolder, 'short-classes'), moved, { recursive: true });
  await page.getByTestId('run-path').fill(moved);
  await page.getByTestId('open-run').click();
  await page.getByTestId('runs').getByText('moved-run').first().waitFor();
  await page.getByTestId('rail-figure').click();
  await page.getByTestId('figure-curves').click();
  await page.getByTestId('figure-run').selectOption(moved);
  await page.getByTestId('figure-preview').waitFor();
  const starts: Readonly<Record<string, string>> = {
    'save-figure': '<',
    'save-figure-png': '\x89PNG',
    'save-figure-pdf': '%PDF',
    'save-recipe': '{',
  };
  for (const [button, start] of Object.entries(starts)) {
    const saving = page.waitForEvent('download');
    await page.getByTestId(button).click();
    const bytes = await readFile(await (await saving).path(), 'latin1');
    expect(bytes.startsWith(start)).toBe(true);
    if (button === 'save-recipe') expect(JSON.parse(bytes)).toMatchObject({ kind: 'curves', source: { path: moved } });
  }
  if (shots !== undefined) await page.screenshot({ path: `${shots}/export-elsewhere.png` });
  expect(problems).toEqual([]);
});
