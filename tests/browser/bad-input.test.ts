// What goes wrong around the window is said in it, and nothing is lost: no WebGL, broken and missing run
// folders, a folder that is no data set, a service that has ended.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import type { StudioHost } from './studio-host';
import { withStudio } from './studio-in-tests';

let host: StudioHost;
let page: Page;
let problems: readonly string[];
const browserFlags = ['--disable-gpu', '--disable-software-rasterizer', '--disable-webgl'];
withStudio((studio) => ({ host, page, problems } = studio), { browserFlags });

const said = (text: string) => page.getByTestId('notice-error').filter({ hasText: text });
const shots = process.env.REPMLP_SCREENSHOTS;
const shoot = (name: string) => (shots === undefined ? Promise.resolve() : page.screenshot({ path: `${shots}/${name}.png` }));

describe('a window without WebGL', () => {
  test('says on the matrices stage that WebGL is missing and what to do', async () => {
    expect(await page.evaluate(() => document.createElement('canvas').getContext('webgl2'))).toBeNull();
    await page.getByTestId('rail-matrix').click();
    const notice = page.getByTestId('stage-matrix').getByText('WebGL 2 is missing').first();
    await notice.waitFor();
    expect(await notice.textContent()).toContain('hardware acceleration');
    await shoot('no-webgl');
  });

  test('still merges, proves and draws patterns and figures', async () => {
    await page.getByTestId('rail-merge').click();
    await page.getByTestId('run-merge').click();
    await page.getByTestId('verdict').waitFor({ timeout: 60_000 });
    expect(await page.getByTestId('verdict').getAttribute('data-equivalent')).toBe('true');
    await page.getByTestId('rail-pattern').click();
    await page.getByTestId('invariant-after').waitFor();
    await page.getByTestId('rail-figure').click();
    await page.getByTestId('figure-preview').waitFor();
    expect(await page.locator('.says-error').count()).toBe(0);
  });
});

describe('bad input', () => {
  test('a run folder that is missing or broken is named, and why', async () => {
    await page.getByTestId('rail-training').click();
    const broken = join(host.runsFolder, 'broken-run');
    await mkdir(broken);
    await writeFile(join(broken, 'run.json'), '{ "format": "repmlp-run", ');
    for (const [path, reason] of [
      [join(host.runsFolder, 'nowhere'), 'is not a run folder'],
      [broken, 'is damaged'],
    ]) {
      await page.getByTestId('run-path').fill(path);
      await page.getByTestId('open-run').click();
      await said(reason).waitFor();
    }
    await page.getByTestId('refresh-runs').click();
    await page.getByTestId('broken-runs').filter({ hasText: 'broken-run' }).waitFor();
    await shoot('broken-run');
  });

  test('a number that a field does not take stays in it, with what is kept and why', async () => {
    const field = (id: string) => page.locator('.field').filter({ has: page.getByTestId(id) });
    for (const [id, typed, reason] of [
      ['epochs', '-5', '5 is kept: this takes a whole number from 1 on'],
      ['training-seed', '1.5', '1 is kept: this takes a whole number from 0 to 4294967295'],
      ['training-seed', '4294967296', '1 is kept: this takes a whole number from 0 to 4294967295'],
      ['base-rate', '0', '0.1 is kept: this takes a number above 0'],
      ['label-smoothing', '3', '0 is kept: cannot set labelSmoothing=3: expected a number from 0 to below 1'],
    ]) {
      const before = await page.getByTestId(id).inputValue();
      await page.getByTestId(id).fill(typed);
      await page.getByTestId(id).press('Enter');
      await field(id).getByText(reason).waitFor();
      // A keyboard goes on where it was.
      expect(await page.getByTestId(id).evaluate((input) => input === document.activeElement)).toBe(true);
      await page.getByTestId(id).fill(before);
      await page.getByTestId(id).press('Tab');
      await field(id).getByText('is kept').waitFor({ state: 'detached' });
    }
    await page.getByTestId('run-name').fill('mine: a/b');
    await field('run-name').getByText('becomes mine-a-b').waitFor();
    await page.getByTestId('run-name').fill('x'.repeat(300));
    await field('run-name').getByText('may have 200 bytes').waitFor();
    await page.getByTestId('start-training-waits').filter({ hasText: 'may have 200 bytes' }).waitFor();
    expect(await page.getByTestId('start-training').isDisabled()).toBe(true);
    await page.getByTestId('run-name').fill('');
    await page.getByTestId('recipe-more').locator('summary').click();
    await page.getByTestId('schedule').selectOption('steps');
    await page.getByText('constant learning rate: no milestones').waitFor();
    await page.getByTestId('schedule').selectOption('cosine');
    await page.getByTestId('recipe-more').locator('summary').click();
    await page.getByTestId('mixup').fill('0.2');
    await page.getByTestId('mixup').press('Enter');
    expect(await page.getByTestId('mixup').evaluate((input) => input === document.activeElement)).toBe(true);
    expect(await page.getByTestId('recipe').inputValue()).toBe('shapes-short, changed');
    await page.getByTestId('recipe').selectOption('shapes-short');
    expect(await page.getByTestId('mixup').inputValue()).toBe('0');
  });

  test('nothing starts from a text that a field refused: the button waits and says why, on whatever stage the field is', async () => {
    const waits = page.getByTestId('start-training-waits');
    for (const [id, typed, reason] of [
      ['epochs', '0', 'Epochs: this takes a whole number from 1 on; it holds "0"'],
      ['base-rate', '-1', 'Learning rate, peak: this takes a number above 0; it holds "-1"'],
      ['base-rate', '0', 'Learning rate, peak: this takes a number above 0; it holds "0"'],
    ]) {
      const before = await page.getByTestId(id).inputValue();
      await page.getByTestId(id).fill(typed);
      await waits.filter({ hasText: reason }).waitFor();
      expect(await page.getByTestId('start-training').isDisabled()).toBe(true);
      await page.keyboard.press('Control+Enter');
      await page.getByTestId('notice-warning').filter({ hasText: reason }).waitFor();
      expect(await page.getByTestId('progress').count()).toBe(0);
      await page.getByTestId(id).fill(before);
      await waits.waitFor({ state: 'detached' });
    }
    await page.getByTestId('rail-dataset').click();
    const samples = await page.getByTestId('train-count').inputValue();
    await page.getByTestId('train-count').fill('-3');
    await page.getByTestId('rail-training').click();
    await waits.filter({ hasText: 'Training samples (Dataset): this takes a whole number from 1' }).waitFor();
    await page.getByTestId('rail-dataset').click();
    expect(await page.getByTestId('train-count').inputValue()).toBe('-3');
    await page.getByTestId('train-count').fill(samples);
    await page.getByTestId('rail-figure').click();
    await page.getByTestId('figure-width').fill('-5');
    await page.getByTestId('save-figure-waits').filter({ hasText: 'Width: this takes a number from 30 to 1000; it holds "-5"' }).waitFor();
    expect(await page.getByTestId('save-figure').isDisabled()).toBe(true);
    await page.getByTestId('figure-width').fill('170');
    await page.getByTestId('save-figure-waits').waitFor({ state: 'detached' });
    await page.getByTestId('rail-training').click();
    await waits.waitFor({ state: 'detached' });
  });

  test('what stands in a field counts when a shortcut starts from it', async () => {
    await page.getByTestId('epochs').fill('3');
    await page.keyboard.press('Alt+1');
    await page.keyboard.press('Alt+3');
    expect(await page.getByTestId('epochs').inputValue()).toBe('3');
    await page.getByTestId('recipe').selectOption('shapes-short');
  });

  test('data that do not fit the network are said before the start, and what is to be set', async () => {
    await page.getByTestId('rail-dataset').click();
    await page.getByTestId('dataset-streets').click();
    await page.getByTestId('rail-training').click();
    await page.getByTestId('start-training-waits').filter({ hasText: 'streets' }).waitFor();
    expect(await page.getByTestId('start-training').isDisabled()).toBe(true);
    await page.getByTestId('rail-dataset').click();
    await page.getByTestId('dataset-faces').click();
    await page.getByTestId('rail-training').click();
    await page.getByTestId('start-training-waits').filter({ hasText: 'tells 10 classes apart' }).waitFor();
    await page.getByTestId('fit-classes').click();
    await page.getByTestId('start-training-waits').waitFor({ state: 'detached' });
    await page.getByTestId('weights-picker').selectOption('bundled:pure-mlp-small');
    await page.getByTestId('rail-dataset').click();
    await page.getByTestId('dataset-shapes').click();
  });

  test('a notice leaves with its stage and covers nothing', async () => {
    await page.getByTestId('rail-training').click();
    await page.getByTestId('run-path').fill('/no/such/run');
    await page.getByTestId('open-run').click();
    const notice = said('/no/such/run');
    await notice.waitFor();
    const [over, head] = await Promise.all([notice.boundingBox(), page.locator('.stage-head').boundingBox()]);
    expect((over?.y ?? 0) + (over?.height ?? 0)).toBeLessThanOrEqual(head?.y ?? 0);
    await page.getByTestId('rail-model').click();
    await notice.waitFor({ state: 'detached' });
    await page.getByTestId('rail-training').click();
    expect(await notice.count()).toBe(0);
  });

  test('a folder that is no data set is named before training starts', async () => {
    await page.getByTestId('rail-dataset').click();
    await page.getByTestId('dataset-folder').fill('/no/such/data');
    await page.getByTestId('use-folder').click();
    await page.getByTestId('rail-training').click();
    await page.getByTestId('start-training-waits').filter({ hasText: '/no/such/data' }).waitFor();
    await page.getByTestId('rail-dataset').click();
    await page.getByTestId('dataset-shapes').click();
  });

  test('a service that has ended is said, with what still works and how to go on; what the window computes itself goes on', async () => {
    expect(problems.filter((problem) => !problem.includes('WebGL'))).toEqual([]);
    await host.stop();
    const note = page.getByTestId('service-note');
    await note.filter({ hasText: 'The service has ended' }).waitFor();
    expect(await note.textContent()).toMatch(/Start it again.*comes back by itself.*Still working here/);
    await page.getByTestId('status-connection').filter({ hasText: 'No service' }).waitFor();
    await page.getByTestId('rail-merge').click();
    expect(await page.getByTestId('run-merge').isDisabled()).toBe(true);
    await page.getByTestId('rail-model').click();
    await page.getByTestId('params-train').waitFor();
    await shoot('service-gone');
  });
});
