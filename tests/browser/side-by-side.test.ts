// Two files side by side, the receptive field, the cost of int8 and ONNX in the window: each is asked for and answers.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { floatTensor, type Tensor } from '@shared/tensor/tensor';
import { saved, tensorsOf } from '../cli/repmlp';
import { referencePath } from '../reference';
import { withStudio } from './studio-in-tests';

const TRAIN = new URL('../reference/pth/net_tiny_train.pth', import.meta.url).pathname;
const FC3 = 'stages.0.0.repmlp_block.fc3.weight';

let page: Page;
let problems: readonly string[];
let folder: string;
withStudio((studio) => ({ page, problems } = studio));
beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'repmlp-sides-'))));
afterAll(() => rm(folder, { recursive: true, force: true }));

async function open(path: string): Promise<void> {
  await page.getByTestId('rail-checkpoint').click();
  await page.getByTestId('checkpoint-path').fill(path);
  await page.getByTestId('open-path').click();
  await page
    .getByTestId('checkpoint')
    .filter({ hasText: path.split('/').at(-1) })
    .waitFor();
}

test('a planted weight is found between two files: verdict, layer, cell and pictures', async () => {
  const weights = new Map(await tensorsOf(TRAIN));
  const { shape, data } = weights.get(FC3) as Tensor;
  const changed = (data as Float32Array).slice();
  changed[3 * shape[1] + 5] += 1;
  weights.set(FC3, floatTensor(shape, changed));
  const other = await saved(folder, 'planted.safetensors', weights);
  await open(other);
  await open(TRAIN);
  await page.getByTestId('diff-b').selectOption({ label: 'planted.safetensors' });
  await page.getByTestId('diff-run').click();
  await page.getByTestId('diff-verdict').filter({ hasText: 'NOT the same function' }).waitFor();
  expect(await page.getByTestId('diff-parting').textContent()).toContain('stages.0.0.repmlp_block');
  expect(await page.getByTestId('diff-moved').textContent()).toContain('row 3, column 5');
  expect(await page.getByTestId('diff-looks').getByRole('img').count()).toBe(3);
});

test('the network is exported as ONNX with its verdict, and an ONNX file says whether it is merged', async () => {
  await page.getByTestId('copy-panel').locator('summary').click();
  await page.getByTestId('export-onnx-merged').click();
  await page.getByTestId('onnx-verdict').filter({ hasText: 'is the same function' }).waitFor();
  await open(referencePath('onnx/repvgg.onnx'));
  await page.getByTestId('onnx-answer').filter({ hasText: 'merged: no, 2 sums of branches' }).waitFor();
});

test('the receptive field is shown before and after merging, with the size of the input and the method, and becomes a figure', async () => {
  await open(TRAIN);
  await page.getByTestId('rail-pattern').click();
  await page.getByTestId('field-run').click();
  await page.getByTestId('field-maps').waitFor();
  expect(await page.getByTestId('field-maps').getByRole('img').count()).toBe(2);
  expect(await page.getByTestId('field-method').textContent()).toContain('mean over the inputs');
  await page.getByTestId('figure-of-receptive-field').click();
  await page.locator('img[src^="blob:"]').first().waitFor();
});

test('the cost of int8 is told for both forms', async () => {
  await page.getByTestId('rail-cost').click();
  await page.getByTestId('int8-run').click();
  await page.getByTestId('int8-merged').waitFor();
  expect(await page.getByTestId('int8-layers').textContent()).toContain('stages.0.0.repmlp_block');
  expect(problems).toEqual([]);
});
