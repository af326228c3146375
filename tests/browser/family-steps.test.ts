// One reference file of each family through the real window: what it is, the merge, its verdict at the border, every step with its
// arrays, and the page of help.
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { caseTensors, familyCase } from '../../testing/families/cases';
import { shapeText } from '../../src-shared/tensor/tensor';
import { group } from '../reference';
import { withFamilyWindow, type FamilyWindow } from './family-window';

let page: Page;
let problems: readonly string[];
let open: FamilyWindow['open'];
let merge: FamilyWindow['merge'];
withFamilyWindow((window) => ({ page, problems, open, merge } = window));

/** Case, family, and what the user has to say: recipe or numbers that no weights hold. */
const table: readonly [id: string, family: string, says?: Readonly<Record<string, string>>][] = [
  ['repvgg_identity', 'RepVGG'],
  ['timm_repvgg_identity', 'RepVGG'],
  ['yolov9_repconvn', 'RepVGG', { recipe: 'yolov9-repconvn' }],
  ['rtdetr_relu', 'RepVGG'],
  ['mobileone_dw_4branches', 'MobileOne'],
  ['timm_mobileone_dw', 'MobileOne'],
  ['repmixer_k3', 'FastViT'],
  ['fastvit_cpe_7x7', 'FastViT'],
  ['acnet_k3', 'ACNet'],
  ['dbb_groups2', 'DBB'],
  ['orepa_3x3_groups2_stride2', 'OREPA'],
  ['replknet_13_5', 'RepLKNet'],
  ['unirep_block_k13', 'UniRepLKNet'],
  ['repvit_model', 'RepViT'],
  ['refconv_dense', 'RefConv'],
  ['repadapter_groups4_scale', 'RepAdapter', { scale: '0.1' }],
  ['lora_adapter_file', 'LoRA', { alpha: '8' }],
  ['repnext_s_stride1', 'RepNeXt'],
  ['repavit_idle75', 'RePaViT', { idle: '0.75' }],
];

test.each(table)(
  '%s (%s) is named, merges to an equal network, and every step is walked with its arrays',
  async (id, family, says = {}) => {
    await open(id);
    await answer(says);
    expect(await page.getByTestId('current-name').textContent()).toContain(family);
    expect(await page.locator('.network-line .says-error').count()).toBe(0);
    await merge();
    expect(await page.getByTestId('verdict').getAttribute('data-equivalent')).toBe('true');
    expect(await page.getByTestId('family-verdict').locator('tbody tr').first().textContent()).toMatch(/equal$/);
    const shown = await walk();
    const stored = [...group(caseTensors(familyCase(id)), 'deploy')].filter(([, { shape }]) => shape.length === 2 || shape.length === 4);
    expect(stored.some(([, { shape }]) => shown.includes(shapeText(shape)))).toBe(true);
    await page.getByTestId(`family-help-${family}`).first().click();
    await page.getByTestId('family-page').locator('.katex-display').first().waitFor();
    expect(await page.getByTestId('family-page').locator('h1').count()).toBe(1);
    await page.keyboard.press('Escape');
  },
);

/** Says what the names and weights of the file that is shown do not tell. */
async function answer({ recipe, ...numbers }: Readonly<Record<string, string>>): Promise<void> {
  if (recipe !== undefined) {
    await page.getByTestId(`family-is-${recipe}`).click();
    await page.getByTestId('family-unsay').waitFor();
  }
  for (const [name, value] of Object.entries(numbers)) {
    await page.getByTestId(`family-setting-${name}`).fill(value);
    await page.getByTestId('family-say').click();
    await page.waitForFunction(
      ([field, wanted]) => document.querySelector<HTMLInputElement>(`[data-testid="${field}"]`)?.value === wanted,
      [`family-setting-${name}`, value],
    );
  }
}

/** How many pictures hold no colour; runs in the page. */
function unpainted(canvases: Element[]): number {
  return canvases.filter((canvas) => {
    const { width, height } = canvas as HTMLCanvasElement;
    return !(canvas as HTMLCanvasElement)
      .getContext('2d')
      ?.getImageData(0, 0, width, height)
      .data.some((value) => value > 0);
  }).length;
}

/** Walks all steps of the first group; returns the captions of the merged one's arrays. */
async function walk(): Promise<string> {
  const steps = page.getByTestId('family-steps');
  const next = steps.getByTestId('next-family-step');
  await next.waitFor();
  const names = await steps.locator('[data-testid^="family-step-"].step-button').count();
  let merged = '';
  for (let walked = 1; ; walked++) {
    const arrays = steps.getByTestId('family-step-arrays');
    expect(await arrays.locator('canvas').count()).toBeGreaterThan(0);
    expect(await arrays.locator('canvas').evaluateAll(unpainted)).toBe(0);
    if ((await steps.locator('.tag.merged').count()) > 0) merged += (await arrays.locator('figcaption').allTextContents()).join(' ');
    if (!(await next.isEnabled())) {
      expect(walked).toBe(names);
      return merged;
    }
    await next.click();
  }
}

test('the page had no errors of its own', () => {
  expect(problems).toEqual([]);
});
