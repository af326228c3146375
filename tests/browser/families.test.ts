// Other re-parameterized families through the real window: found, asked about, merged, judged inside and at the border, walked
// step by step, explained and saved, as the command line does it.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { familyCase, trainWeights } from '../../testing/families/cases';
import { repmlp, saved } from '../cli/repmlp';
import { withStudio } from './studio-in-tests';

let page: Page;
let problems: readonly string[];
let folder: string;
withStudio((studio) => ({ page, problems } = studio));
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'repmlp-families-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Opens a reference case's training form by its path. */
async function open(id: string): Promise<string> {
  const path = await saved(folder, `${id}.safetensors`, trainWeights(familyCase(id)));
  await page.getByTestId('rail-checkpoint').click();
  await page.getByTestId('checkpoint-path').fill(path);
  await page.getByTestId('open-path').click();
  await page
    .getByTestId('checkpoint')
    .filter({ hasText: `${id}.safetensors` })
    .waitFor();
  return path;
}

/** Goes to the merge of the file that is shown, and merges. */
async function merge(): Promise<void> {
  await page.getByTestId('merge-file').click();
  await page.getByTestId('run-merge').click();
  await page.getByTestId('verdict').waitFor({ timeout: 60_000 });
}

const rows = (testId: string) => page.getByTestId(testId).locator('tbody tr');

test('a RepVGG network shows its groups by family, merges and is judged inside, at edges and in corners apart', async () => {
  const path = await open('repvgg_model_1211');
  expect(await rows('family-groups').allTextContents()).toEqual([expect.stringMatching(/^RepVGG.*train form6/)]);
  expect(await page.getByTestId('merge-file').textContent()).toBe('Merge the 6 blocks found inside');
  await merge();
  expect(await page.getByTestId('verdict').getAttribute('data-equivalent')).toBe('true');
  const verdicts = await rows('family-verdict').allTextContents();
  expect(verdicts.length).toBe(6);
  for (const text of verdicts) expect(text).toMatch(/repvgg(.*\(0?[.\d×⁻e-]+[^)]*\)){3}equal$/);
  expect(await page.getByTestId('families-merged').textContent()).toMatch(/6 groups.*eps = /);
  const saving = page.waitForEvent('download');
  await page.getByTestId('download-merged-safetensors').click();
  const expected = join(folder, 'by-command-line.safetensors');
  await repmlp(['merge', path, expected]);
  expect((await readFile(await (await saving).path())).equals(await readFile(expected))).toBe(true);
});

test('the steps of a group are shown with their arrays, and another group can be chosen', async () => {
  const steps = page.getByTestId('family-steps');
  await steps.getByTestId('family-step-pointPadded').click();
  const captions = () => steps.getByTestId('family-step-arrays').locator('figcaption').allTextContents();
  expect(await captions()).toEqual(
    expect.arrayContaining([expect.stringMatching(/^pointFolded.*x1x1/), expect.stringMatching(/^pointPadded.*x3x3/)]),
  );
  expect(await steps.textContent()).toContain('pointPadded = padTo(pointFolded)');
  expect(await steps.textContent()).toContain('Not in this block: identity');
  await steps.getByTestId('family-group').selectOption({ index: 3 });
  await steps.getByTestId('family-step-identityFolded').waitFor();
});

test('what is a family is answered with its formula, set in fonts of our own', async () => {
  await page.getByTestId('family-help-RepVGG').first().click();
  const help = page.getByTestId('family-page');
  await help.locator('.katex-display').first().waitFor();
  expect(await help.locator('h1').textContent()).toBe('RepVGG');
  expect(await help.locator('.katex-error').count()).toBe(0);
  await page.evaluate(() => document.fonts.ready);
  const loaded = await page.evaluate(
    () => [...document.fonts].filter(({ status, family }) => status === 'loaded' && family.includes('KaTeX')).length,
  );
  expect(loaded).toBeGreaterThan(0);
  await page.keyboard.press('Escape');
  await help.waitFor({ state: 'detached' });
});

test.each(['dbb_groups2', 'repmixer_k3', 'orepa_3x3_groups2_stride2', 'unirep_block_k13', 'replknet_13_5', 'repvit_model'])(
  '%s merges to an equal network, and every step of its first group can be walked',
  async (id) => {
    await open(id);
    await merge();
    expect(await page.getByTestId('verdict').getAttribute('data-equivalent')).toBe('true');
    const steps = page.getByTestId('family-steps');
    const next = steps.getByTestId('next-family-step');
    await next.waitFor();
    let walked = 1;
    for (; await next.isEnabled(); walked++) await next.click();
    expect(walked).toBe(await steps.locator('[data-testid^="family-step-"].step-button').count());
    expect(await steps.locator('.tag.merged').count()).toBe(1);
    expect(await steps.locator('[data-testid="family-step-arrays"] canvas').count()).toBeGreaterThan(1);
  },
);

test('a merged kernel is seen as its matrix on a map, whose size can be chosen, and as any kernel of the file can be', async () => {
  await open('replknet_13_5');
  await page.getByTestId('merge-file').click();
  await page.getByTestId('rail-matrix').click();
  await page.getByTestId('block-picker').selectOption({ label: 'lkb_reparam.weight' });
  const stage = page.locator('main');
  await stage.getByText('lkb_reparam.weight: float32 6x1x13x13 on a map of 13x13, 1014x169').first().waitFor();
  await page.getByTestId('kernel-map').fill('5x4');
  await page.getByTestId('kernel-map').press('Enter');
  await stage.getByText('on a map of 5x4, 120x20').first().waitFor();
  expect(await page.getByTestId('matrices-layout').locator('option').allTextContents()).toContain('Map of maps');
  await page.getByTestId('kernel-map').fill('0');
  await page.getByTestId('kernel-map').press('Enter');
  await stage.getByText('the map takes N or HxW').waitFor();
  await page.getByTestId('block-picker').selectOption({ label: 'small_conv.conv.weight, 6x1x5x5' });
  await stage.getByText('small_conv.conv.weight: float32 6x1x5x5, read as 6x25').first().waitFor();
  await page.getByTestId('kernel-map').fill('6');
  await page.getByTestId('kernel-map').press('Enter');
  await stage.getByText('on a map of 6x6, 216x36').first().waitFor();
});

test('names that several families share are asked about; once said, the blocks merge with that family’s eps', async () => {
  await open('yolov9_repconvn');
  expect(await page.getByTestId('family-left').textContent()).toMatch(/several families have these names/);
  await page.getByTestId('family-is-yolov9-repconvn').click();
  await page.getByTestId('family-unsay').waitFor();
  expect(await page.getByTestId('family-setting-eps').getAttribute('placeholder')).toBe('0.001');
  await merge();
  expect(await page.getByTestId('verdict').getAttribute('data-equivalent')).toBe('true');
});

test('a number that no weights hold is asked for; without it the merge gives the reason, with it the verdict is good', async () => {
  await open('repadapter_groups2');
  await page.getByTestId('merge-file').click();
  await page.getByTestId('run-merge').click();
  await page.getByTestId('notice-error').filter({ hasText: 'needed: scale' }).waitFor();
  await page.getByRole('button', { name: 'Close this message' }).click();
  await page.getByTestId('family-setting-scale').fill('0.1');
  await page.getByTestId('family-say').click();
  await page.getByTestId('family-steps').getByTestId('next-family-step').waitFor();
  await page.getByTestId('run-merge').click();
  await page.getByTestId('verdict').waitFor();
  expect(await page.getByTestId('verdict').getAttribute('data-equivalent')).toBe('true');
});

test('a pair that no single convolution computes is listed with the reason, and nothing merges', async () => {
  await open('border_bias_1x1_then_3x3');
  await page.getByTestId('merge-file').click();
  await page.getByTestId('run-merge').click();
  await page.getByTestId('notice-error').filter({ hasText: 'no exact single convolution exists' }).waitFor();
  expect(await page.getByTestId('verdict').count()).toBe(0);
});

test('an opened file leads in one press each to its proof and to the matrix of what the merge makes, and back to the file', async () => {
  await open('repvgg_model_1211');
  expect(await page.getByTestId('current-name').textContent()).toBe('RepVGG');
  await page.getByTestId('next-step-go').filter({ hasText: 'Merge and prove it' }).click();
  await page.getByTestId('verdict').waitFor({ timeout: 60_000 });
  await page.getByTestId('next-step-go').filter({ hasText: 'See the matrices' }).click();
  await page.getByTestId('legend').waitFor();
  expect(await page.getByTestId('block-picker').inputValue()).toMatch(/^weight merged .*rbr_reparam/);
  await page.goBack();
  await page.goBack();
  await page.getByTestId('checkpoint').filter({ hasText: 'repvgg_model_1211' }).waitFor();
});

test('the page had no errors of its own', () => {
  expect(problems).toEqual([]);
});
