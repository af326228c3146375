// The patterns and cost stages in a real browser: what they compute, and where their pictures lead.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { encode as encodePng } from 'fast-png';
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { noiseWeights } from '@shared/model/noise-weights';
import { buildModel } from '@shared/model/zoo';
import { writeCheckpointFile } from '../../../electron/files';
import type { StudioHost } from '../../../tests/browser/studio-host';
import { withStudio } from '../../../tests/browser/studio-in-tests';
import { repmlp } from '../../../tests/cli/repmlp';

let page: Page;
let problems: readonly string[];
let runsFolder: string;

/** A run of two epochs, small enough for seconds. */
async function prepare({ runsFolder }: StudioHost): Promise<void> {
  const data = ['--data', 'shapes:train=32,validation=16', '--recipe-set', 'batchSize=16', '--backend', 'wasm'];
  const run = ['--epochs', '2', '--out', join(runsFolder, 'tiny')];
  expect((await repmlp(['train', '--model', 'pure-mlp-small', '--set', 'width=4', ...data, ...run])).code).toBe(0);
}

withStudio(
  ({ host, ...studio }) => {
    ({ page, problems } = studio);
    ({ runsFolder } = host);
  },
  { prepare },
);

describe('patterns', () => {
  test('a click on a displacement leads to a cell of FC3 that has it', async () => {
    await page.getByTestId('rail-pattern').click();
    await page.getByTestId('pattern-details').click();
    const after = page.getByTestId('displacement-maps').getByRole('img', { name: 'Energy by displacement, after' });
    const box = await after.boundingBox();
    // The middle of the picture is no displacement: output and input are the same place.
    await after.click({ position: { x: (box?.width ?? 0) / 2, y: (box?.height ?? 0) / 2 } });
    await page.getByTestId('cell-readout').getByText('output channel 0, y 4, x 4').waitFor();
    await page.getByTestId('cell-readout').getByText('from input channel 0, y 4, x 4').waitFor();
  });

  test('the line of the projections, kinds of rows and singular vectors of a chosen group show', async () => {
    await page.getByTestId('rail-pattern').click();
    expect(await page.getByTestId('projection-line').textContent()).toMatch(/equals the merged kernel: max difference/);
    await page.getByTestId('pattern-group').selectOption('1');
    await page.getByTestId('rest-vectors').filter({ hasText: 'group 1' }).waitFor();
    expect(await page.getByTestId('channel-pairs').getByRole('img').count()).toBe(4);
    expect(await page.getByTestId('row-kinds').getByRole('img').count()).toBeGreaterThan(2);
  });

  test('a position map lies on the mean of a class and on a sample', async () => {
    await page.getByTestId('overlay-picture').selectOption('class 0');
    await page.getByTestId('overlay').filter({ hasText: 'mean of' }).waitFor();
    await page.getByTestId('overlay-picture').selectOption('sample 2');
    await page.getByTestId('overlay').filter({ hasText: 'sample 2 of shapes' }).waitFor();
  });

  test('a position map lies on an image file, which its figure names; a file that is none is refused by name', async () => {
    const [picture, none] = ['picture.png', 'none.png'].map((name) => join(runsFolder, name));
    await writeFile(picture, encodePng({ width: 8, height: 8, channels: 3, data: new Uint8Array(192).fill(90) }));
    await writeFile(none, 'no picture');
    await page.getByTestId('overlay-data').selectOption('an image file');
    await page.getByTestId('overlay-file').fill(none);
    await page.keyboard.press('Enter');
    await page.getByTestId('notice-error').filter({ hasText: 'none.png: is neither a JPEG nor a PNG' }).waitFor();
    await page.getByRole('button', { name: 'Close this message' }).click();
    await page.getByTestId('overlay-file').fill(picture);
    await page.keyboard.press('Enter');
    await page.getByTestId('overlay').filter({ hasText: 'picture picture.png' }).waitFor();
    await page.getByTestId('figure-of-overlay').click();
    await page.getByTestId('figure-preview').waitFor();
    const saved = await savedText(() => page.getByTestId('save-figure').click());
    expect(saved).toContain('picture.png');
    // The folder is nobody's business who gets the figure.
    expect(saved).not.toContain(runsFolder);
    await page.getByTestId('rail-pattern').click();
  });

  test('a network beside itself has no difference', async () => {
    await page.getByTestId('beside-weights').selectOption('bundled:pure-mlp-small');
    const cells = page.getByTestId('beside-table').locator('tbody td:last-child');
    await cells.first().waitFor();
    expect(await cells.allTextContents()).toEqual(['0', '0', '0', '0', '0']);
  });

  test('a run shows its block at every epoch', async () => {
    const option = page.getByTestId('weights-picker').locator('option', { hasText: 'tiny / epoch-0002' });
    await page.getByTestId('weights-picker').selectOption((await option.getAttribute('value')) ?? '');
    await page.getByTestId('analyse-epochs').click();
    await page.getByTestId('pattern-epochs').getByText('2 of 2 checkpoints').waitFor();
    const epochs = page.getByTestId('pattern-epochs');
    expect(await epochs.getByRole('img', { name: /of epoch/ }).count()).toBe(2);
    await epochs.getByTestId('series-what').selectOption('kernel');
    await epochs.getByText('in 0, out 0').nth(1).waitFor();
  });

  test('a thumbnail of an epoch leads to the matrices of that epoch', async () => {
    await page
      .getByTestId('pattern-epochs')
      .getByRole('img', { name: /of epoch 1/ })
      .click();
    await page.getByTestId('cell-readout').getByText('output channel 0, y 4, x 4').waitFor();
    expect(await page.getByTestId('weights-picker').inputValue()).toContain('epoch-0001');
    await page.getByTestId('rail-pattern').click();
  });

  test('the locality plot and the position maps lead to the matrices from the keyboard too', async () => {
    await page.getByTestId('locality-plot').focus();
    for (const key of ['ArrowRight', 'ArrowRight', 'Enter']) await page.keyboard.press(key);
    // Distance 1: from the input one pixel away.
    await page.getByTestId('cell-readout').getByText('output channel 0, y 4, x 4').waitFor();
    await page.getByTestId('cell-readout').getByText('from input channel 0, y 4, x 5').waitFor();
    await page.getByTestId('rail-pattern').click();
    await page.getByTestId('position-maps').getByRole('img', { name: 'Energy by output, after' }).focus();
    for (const key of ['ArrowUp', 'ArrowLeft', 'Enter']) await page.keyboard.press(key);
    await page.getByTestId('cell-readout').getByText('output channel 0, y 3, x 3').waitFor();
    await page.getByTestId('rail-pattern').click();
    // 32 x 32 positions in partitions of 8 x 8: one up and two left of the middle is y 7, x 6 of a partition.
    await page.getByRole('img', { name: 'Position map after the merge on the picture' }).focus();
    for (const key of ['ArrowUp', 'ArrowLeft', 'ArrowLeft', 'Enter']) await page.keyboard.press(key);
    await page.getByTestId('cell-readout').getByText('output channel 0, y 7, x 6').waitFor();
    await page.getByTestId('rail-pattern').click();
  });

  test('a panel becomes a figure of the same block, which is drawn and saved', async () => {
    await page.getByTestId('row-kinds').getByTestId('figure-of-row-kinds').click();
    await page.getByTestId('figure-preview').waitFor();
    expect(await page.getByTestId('figure-row-kinds').getAttribute('aria-checked')).toBe('true');
    const text = await savedText(() => page.getByTestId('save-figure').click());
    expect(text).toContain('Kinds of rows of FC3 in block stage1.mix1');
    await page.getByTestId('figure-beside').selectOption({ label: 'the epochs of tiny' });
    await page.getByTestId('figure-preview').waitFor();
    expect(await savedText(() => page.getByTestId('save-figure').click())).toContain('epoch 2');
  });

  test('all blocks are analysed with progress, a stop leaves the stage usable, and the rest is analysed after it', async () => {
    await page.getByTestId('rail-pattern').click();
    await page.getByTestId('weights-picker').selectOption('bundled:pure-mlp-small');
    await page.getByTestId('pattern-block').filter({ hasText: 'stage1.mix1' }).waitFor();
    const release = await heldBack('**/bulk/**');
    await page.getByTestId('analyse-all').click();
    await page.getByText(/Analysing stage\d\.mix1, 1 of 2/).waitFor();
    await page.getByRole('progressbar', { name: 'Analysis' }).waitFor();
    await page.getByTestId('stop-analysis').click();
    await page.getByTestId('analyse-all').waitFor();
    release();
    await page.getByTestId('block-picker').selectOption('stage2.mix1');
    await page.getByTestId('pattern-block').filter({ hasText: 'stage2.mix1' }).waitFor();
    await page.getByTestId('analyse-all').click();
    await page.getByTestId('pattern-blocks').filter({ hasText: '3 analysed' }).waitFor();
    expect(await page.getByRole('alert').count()).toBe(0);
  });

  test('a block with a weight that is NaN says so and where to look, and claims nothing of its energy', async () => {
    const weights = noiseWeights(buildModel('pure-mlp-small'));
    const fc3 = weights.get('stage1.mix1.fc3.weight');
    if (fc3?.dtype !== 'float32') throw new Error('FC3 of the small network is float32');
    fc3.data[5] = NaN;
    const path = join(runsFolder, 'broken.safetensors');
    await writeCheckpointFile(path, weights);
    await page.getByTestId('rail-checkpoint').click();
    await page.getByTestId('checkpoint-path').fill(path);
    await page.getByTestId('open-path').click();
    await page.getByTestId('checkpoint').filter({ hasText: 'broken.safetensors' }).waitFor();
    await page.getByTestId('rail-pattern').click();
    await page.getByTestId('pattern-broken').filter({ hasText: 'NaN or infinite' }).waitFor();
    expect(await page.getByTestId('pattern-block').textContent()).toMatch(/NaN or infinite/);
    expect(await page.getByTestId('answer-local').textContent()).toMatch(/No number/);
    expect(await page.getByTestId('pattern-numbers').textContent()).toMatch(/Half-energy radiusNaN px/);
    await page.getByTestId('weights-picker').selectOption('bundled:pure-mlp-small');
    await page.getByTestId('projection-line').waitFor();
  });
});

/** Keeps the answers to matching requests back until the function returned is called. */
async function heldBack(urls: string): Promise<() => void> {
  let release = (): void => undefined;
  const released = new Promise<void>((resolve) => (release = resolve));
  await page.route(urls, async (route) => {
    await released;
    await route.continue().catch(() => undefined); // The request may be gone with its worker.
  });
  return release;
}

/** The text of the file that an action saves. */
async function savedText(action: () => Promise<void>): Promise<string> {
  const [file] = await Promise.all([page.waitForEvent('download'), action()]);
  return readFile(await file.path(), 'utf8');
}

describe('cost', () => {
  test('every layer has a measured time in both forms', async () => {
    await page.getByTestId('rail-cost').click();
    await page.getByTestId('measure').click();
    const total = page.getByTestId('times').locator('tbody tr').last();
    await total.filter({ hasText: 'times as fast' }).waitFor({ timeout: 100_000 });
  });

  test('an operation of the icicle shows its formula, and a run its accuracy against its cost', async () => {
    await page.getByTestId('icicle').locator('.operation').first().click();
    await page.getByTestId('formula').filter({ hasText: 'FLOPs per byte' }).waitFor();
    await page.getByTestId('scatter-tiny').waitFor();
  });

  test('a bar leads to the matrices of its block by its name and by itself; what has none is named', async () => {
    await page.getByTestId('cost-level').getByRole('button', { name: 'By block' }).click();
    await page.getByTestId('cost-bars').getByRole('button', { name: 'stage2.mix1' }).click();
    await page.getByTestId('cell-readout').getByText('output channel 0, y 0, x 0').waitFor();
    expect(await page.getByTestId('block-picker').inputValue()).toBe('stage2.mix1');
    await page.getByTestId('rail-cost').click();
    await page.getByTestId('cost-bars').locator('.bar-pair[title="FC3 of stage1.mix1"]').click();
    await expect.poll(() => page.getByTestId('block-picker').inputValue()).toBe('stage1.mix1');
    await page.getByTestId('rail-cost').click();
    expect(await page.getByTestId('bars-unlinked').count()).toBe(0);
    await page.getByTestId('weights-picker').selectOption('zoo:resnet50');
    await page.getByTestId('bars-unlinked').filter({ hasText: 'no weights yet' }).waitFor();
    await page.getByTestId('weights-picker').selectOption('bundled:pure-mlp-small');
  });

  test('the icicle is walked by keys: Enter shows the formula, with Shift the matrices of a block or of one weight', async () => {
    const [icicle, at] = [page.getByTestId('icicle-train'), page.getByTestId('icicle-at-train')];
    await icicle.locator('[tabindex="0"]').focus();
    for (let n = 0; n < 3; n++) await page.keyboard.press('ArrowLeft');
    await at.filter({ hasText: 'pure-mlp-small' }).waitFor();
    for (const key of ['ArrowRight', 'ArrowDown', 'ArrowRight']) await page.keyboard.press(key);
    await at.filter({ hasText: 'FC3 of' }).waitFor();
    const block = (await at.textContent())?.match(/FC3 of (\S+)/)?.[1] ?? '';
    await page.keyboard.press('Shift+Enter');
    await expect.poll(() => page.getByTestId('block-picker').inputValue()).toBe(block);
    await page.getByTestId('cell-readout').getByText('output channel 0, y 0, x 0').waitFor();
    await page.getByTestId('rail-cost').click();
    const conv = icicle.getByRole('button', { name: /^\S+\.repconv3\.conv:/ }).first();
    const name = (await conv.getAttribute('aria-label'))?.split(':')[0] ?? '';
    await conv.focus();
    await page.keyboard.press('Enter');
    await page.getByTestId('formula').filter({ hasText: name }).waitFor();
    await conv.click({ modifiers: ['Shift'] });
    await expect.poll(() => page.getByTestId('block-picker').inputValue()).toBe(`weight ${name}.weight`);
    await page.getByTestId('rail-cost').click();
  });

  test('the ledger needs no scrolling for parameters and work; with all columns its layers stay in sight while it scrolls to the intensities', async () => {
    const [ledger, name] = [page.getByTestId('ledger'), page.getByTestId('ledger').getByRole('cell').first()];
    expect(await ledger.evaluate((frame) => frame.scrollWidth - frame.clientWidth)).toBeLessThanOrEqual(0);
    await page.getByTestId('ledger-all-columns').click();
    const before = await name.boundingBox();
    await ledger.evaluate((frame) => frame.scrollTo({ left: frame.scrollWidth }));
    expect(await ledger.evaluate((frame) => frame.scrollLeft)).toBeGreaterThan(0);
    expect((await name.boundingBox())?.x).toBe(before?.x);
    await ledger.evaluate((frame) => frame.scrollTo({ left: 0 }));
    await page.getByTestId('ledger-all-columns').click();
  });

  test('a point leads to its run, and with Shift to the matrices of its newest weights', async () => {
    await page.getByTestId('scatter-tiny').locator('circle').click();
    await page.getByTestId('stage-training').or(page.getByTestId('run-tiny')).first().waitFor();
    expect(await page.getByRole('checkbox', { name: 'Show tiny' }).isChecked()).toBe(true);
    await page.getByTestId('rail-cost').click();
    await page.getByTestId('scatter-tiny').focus();
    await page.keyboard.press('Shift+Enter');
    await page.getByTestId('pane-after').waitFor();
    expect(await page.getByTestId('weights-picker').inputValue()).toContain('tiny:checkpoints/epoch-0002');
    await page.getByTestId('rail-cost').click();
  });

  test('CSV and JSON are byte by byte what the command line prints in the same convention', async () => {
    await page.getByTestId('weights-picker').selectOption('bundled:pure-mlp-small');
    await page.getByTestId('cost-unit').getByRole('button', { name: 'FLOPs (2 per MAC)' }).click();
    await page.getByTestId('count-bias').check();
    const rules = ['cost', 'pure-mlp-small', '--convention', 'flops', '--bias'];
    for (const kind of ['csv', 'json']) {
      const saved = await savedText(() => page.getByTestId(`export-${kind}`).click());
      expect(saved).toBe((await repmlp([...rules, `--${kind}`])).stdout);
    }
  });

  test('its figure opens in the export stage, in the convention on screen', async () => {
    await page.getByTestId('export-cost-figure').click();
    await page.getByTestId('figure-preview').waitFor();
    const text = await savedText(() => page.getByTestId('save-figure').click());
    expect(text).toContain('1 multiply-accumulate = 2 FLOPs');
    expect(text).toContain('biases (1 addition per output element)');
    await page.getByTestId('rail-cost').click();
  });

  test('the published figure stands beside the computed one, with what explains the difference', async () => {
    await page.getByTestId('weights-picker').selectOption('zoo:wide-convnet-cifar');
    await page.getByTestId('published').filter({ hasText: 'cut off instead of rounded' }).waitFor();
    expect(problems).toEqual([]);
  });
});
