// Other re-parameterized families through the real window: found, asked about, merged, judged inside and at the border, walked
// step by step, explained and saved, as the command line does it.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { shippedRecipe } from '../../src-shared/merge/recipes/shipped';
import { caseTensors, familyCase, trainWeights } from '../../testing/families/cases';
import { repmlp, saved } from '../cli/repmlp';
import { group } from '../reference';
import { withFamilyWindow, type FamilyWindow } from './family-window';

let page: Page;
let problems: readonly string[];
let folder: string;
let open: FamilyWindow['open'];
let openTensors: FamilyWindow['openTensors'];
let merge: FamilyWindow['merge'];
withFamilyWindow((window) => ({ page, problems, folder, open, openTensors, merge } = window));

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

test('every family has its page before any file is opened', async () => {
  await page.getByTestId('rail-checkpoint').click();
  await page.getByTestId('known-families').locator('summary').click();
  const buttons = page.getByTestId('known-families').locator('button');
  await buttons.first().waitFor();
  const families = await buttons.allTextContents();
  expect(families).toEqual(
    expect.arrayContaining(
      [
        'RepVGG',
        'MobileOne',
        'FastViT',
        'ACNet',
        'DBB',
        'OREPA',
        'RepLKNet',
        'UniRepLKNet',
        'RepViT',
        'RefConv',
        'RepAdapter',
        'LoRA',
        'RepNeXt',
        'RePaViT',
      ].map((family) => `What is ${family}?`),
    ),
  );
  for (const [at, family] of families.entries()) {
    await buttons.nth(at).click();
    const help = page.getByTestId('family-page');
    await help.locator('h1').waitFor();
    expect([family, await help.locator('.katex-error').count(), (await help.locator('.katex').count()) > 0]).toEqual([family, 0, true]);
    await page.keyboard.press('Escape');
    await help.waitFor({ state: 'detached' });
  }
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

test('Cost counts branches and merged layers on the map that is chosen, and says what is assumed', async () => {
  const path = await open('repvgg_model_1211');
  await page.getByTestId('rail-cost').click();
  await page.getByTestId('cost-map').fill('8x6');
  await page.getByTestId('cost-map').press('Enter');
  await page.getByTestId('cost-assumed').filter({ hasText: 'on a map of 8x6 with stride 1' }).waitFor();
  const { train, merged } = JSON.parse((await repmlp(['cost', path, '--map-size', '8x6', '--json'])).stdout) as Record<
    'train' | 'merged',
    { params: number; macs: number }
  >;
  const shown = async (testId: string): Promise<number> => Number((await page.getByTestId(testId).innerText()).replace(/\D/g, ''));
  expect([await shown('cost-params-train'), await shown('cost-params-merged')]).toEqual([train.params, merged.params]);
  expect([await shown('cost-operations-train'), await shown('cost-operations-merged')]).toEqual([train.macs, merged.macs]);
  const saving = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save CSV' }).click();
  const csv = await readFile(await (await saving).path(), 'utf8');
  expect(csv).toBe((await repmlp(['cost', path, '--map-size', '8x6', '--csv'])).stdout);
});

test('Cost says why a training form is not counted, and counts the merged layers alone', async () => {
  await open('orepa_3x3');
  await page.getByTestId('rail-cost').click();
  await page.getByTestId('train-not-counted').filter({ hasText: 'computed from others at every step' }).waitFor();
  expect(await page.getByTestId('merged-ledger').locator('tbody tr').count()).toBe(2);
  expect(await page.getByTestId('cost-params-train').count()).toBe(0);
});

test('Patterns tells where merged kernels look, as the command line does', async () => {
  const path = await open('replknet_13_5');
  await page.getByTestId('rail-pattern').click();
  await page.getByTestId('pattern-map').fill('15');
  await page.getByTestId('pattern-map').press('Enter');
  const row = page.getByTestId('kernel-table').locator('tbody tr').filter({ hasText: '15x15' });
  await row.waitFor();
  const { kernels } = JSON.parse((await repmlp(['pattern', path, '--map-size', '15', '--json'])).stdout) as {
    kernels: { after: { locality: { halfEnergyRadius: number } } }[];
  };
  const told = Number(/([\d.]+) px/.exec((await row.textContent()) ?? '')?.[1]);
  expect(told).toBeCloseTo(kernels[0].after.locality.halfEnergyRadius, 2);
  expect(await page.getByTestId('kernel-displacements').locator('figure canvas').count()).toBe(1);
  await page.getByTestId('kernel-locality').waitFor();
  await page.getByTestId('pattern-map').fill('0');
  await page.getByTestId('pattern-map').press('Enter');
  await page.locator('main').getByText('the map takes N or HxW').waitFor();
});

test('a file merged elsewhere is verified: the official merge passes, a wrong one fails at the border', async () => {
  const deploy = group(caseTensors(familyCase('acnet_k3')), 'deploy');
  const right = await saved(folder, 'acnet-deploy.safetensors', deploy);
  const kernel = deploy.get('fused_conv.weight');
  if (kernel === undefined) throw new Error('the case has no merged kernel');
  const changed = Float32Array.from(kernel.data as Float32Array);
  changed[0] *= 1.01;
  const wrong = await saved(folder, 'acnet-wrong.safetensors', new Map([...deploy, ['fused_conv.weight', { ...kernel, data: changed }]]));
  await open('acnet_k3');
  await page.getByTestId('merge-file').click();
  for (const [path, equivalent] of [
    [right, 'true'],
    [wrong, 'false'],
  ] as const) {
    if (!(await page.getByTestId('against-path').isVisible())) await page.getByTestId('against').locator('summary').click();
    await page.getByTestId('against-path').fill(path);
    await page.getByTestId('verify-against-path').click();
    await page.locator(`[data-testid="verdict"][data-equivalent="${equivalent}"]`).waitFor();
    expect(await page.getByTestId('verdict-against').textContent()).toContain('made elsewhere');
  }
});

test('an adapter in a file of its own is joined to its network, its numbers are asked for, and the two merge', async () => {
  const all = [...trainWeights(familyCase('lora_rslora'))];
  const adapter = await saved(folder, 'adapter_model.safetensors', new Map(all.filter(([name]) => name.includes('lora_'))));
  await openTensors('host', new Map(all.filter(([name]) => !name.includes('lora_'))));
  await page.getByTestId('family-own').locator('summary').click();
  await page.getByTestId('adapter-path').fill(adapter);
  await page.getByTestId('join-adapter-path').click();
  await page.getByTestId('adapter-joined').filter({ hasText: 'no configuration' }).waitFor();
  const chooser = page.waitForEvent('filechooser');
  await page.getByTestId('adapter-config').click();
  const text = JSON.stringify({ lora_alpha: 16, use_rslora: true });
  await (await chooser).setFiles({ name: 'adapter_config.json', mimeType: 'application/json', buffer: Buffer.from(text) });
  await page.getByTestId('adapter-joined').filter({ hasText: 'its numbers are from adapter_config.json' }).waitFor();
  expect(await page.getByTestId('family-setting-alpha').inputValue()).toBe('16');
  await merge();
  expect(await page.getByTestId('verdict').getAttribute('data-equivalent')).toBe('true');
});

test('a recipe of the user’s own is taken; what is wrong with another is shown with its place, and changes nothing', async () => {
  const own = JSON.stringify(shippedRecipe('acnet')).replaceAll('square_conv', 'main').replaceAll('"acnet"', '"mine"');
  const renamed = [...trainWeights(familyCase('acnet_k3'))].map(([name, tensor]) => [name.replace('square_conv', 'main'), tensor] as const);
  await openTensors('mine', new Map(renamed));
  const load = async (name: string, text: string): Promise<void> => {
    const chooser = page.waitForEvent('filechooser');
    await page.getByTestId('load-recipe').click();
    await (await chooser).setFiles({ name, mimeType: 'application/json', buffer: Buffer.from(text) });
  };
  if (!(await page.getByTestId('load-recipe').isVisible())) await page.getByTestId('family-own').locator('summary').click();
  await load('wrong.json', own.replace('"op":"padTo"', '"op":"padBy"'));
  await page.getByTestId('recipe-errors').filter({ hasText: 'steps[' }).waitFor();
  expect(await page.getByTestId('own-recipe').count()).toBe(0);
  await load('mine.json', own);
  await page.getByTestId('own-recipe').filter({ hasText: 'mine (mine.json)' }).waitFor();
  expect(await page.getByTestId('recipe-errors').count()).toBe(0);
  await merge();
  expect(await page.getByTestId('verdict').getAttribute('data-equivalent')).toBe('true');
});

test('the page had no errors of its own', () => {
  expect(problems).toEqual([]);
});
