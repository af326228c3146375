// Weights into the window and out of it again, in a real browser on the browser host: dropped, picked,
// refused, merged and saved.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { repmlp, tensorsOf } from '../cli/repmlp';
import { withStudio } from './studio-in-tests';
import { writeCheckpointFile } from '../../electron/files';
import { toFloat32 } from '@shared/tensor/convert';
import { floatTensor, type Tensor } from '@shared/tensor/tensor';

const FOLDER = new URL('../reference/pth/', import.meta.url).pathname;
const TRAIN = join(FOLDER, 'net_tiny_train.pth');

let page: Page;
let problems: readonly string[];
let folder: string;
withStudio((studio) => ({ page, problems } = studio));
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'repmlp-window-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Drops a file of this machine on the window, as a file manager would. */
async function drop(path: string): Promise<void> {
  const bytes = (await readFile(path)).toString('base64');
  await page.evaluate(
    ([name, base64]) => {
      const data = new DataTransfer();
      data.items.add(new File([Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))], name));
      const target = document.querySelector('main') as HTMLElement;
      for (const kind of ['dragover', 'drop']) target.dispatchEvent(new DragEvent(kind, { dataTransfer: data, bubbles: true }));
    },
    [basename(path), bytes],
  );
}

const said = (tone: string, text: string) => page.getByTestId(`notice-${tone}`).filter({ hasText: text });
const shown = (fileName: string) => page.getByTestId('checkpoint').filter({ hasText: fileName });

for (const stage of ['dataset', 'matrix']) {
  test(`a file dropped on the ${stage} stage is shown with its names and shapes`, async () => {
    await page.getByTestId(`rail-${stage}`).click();
    await drop(TRAIN);
    await shown('net_tiny_train.pth').waitFor();
    const row = page.getByTestId('tensors').getByRole('row').filter({ hasText: 'stages.0.0.repmlp_block.fc3.weight' });
    expect(await row.textContent()).toContain('128x64x1x1');
  });
}

for (const format of ['safetensors', 'npz'] as const) {
  test(`a dropped .${format} file is read, its NaN and infinity flagged`, async () => {
    const path = join(folder, `broken-values.${format}`);
    await writeCheckpointFile(path, new Map([['a.weight', floatTensor([2, 2], Float32Array.of(1, NaN, Infinity, 2))]]));
    await drop(path);
    await shown(`broken-values.${format}`).waitFor();
    await page.getByTestId('broken-tensors').filter({ hasText: 'a.weight' }).waitFor();
    expect(await page.getByTestId('tensors').textContent()).toContain('1 NaN, 1 inf');
  });
}

test('a file of two sets of weights shows both; the other one is looked at, merged and saved after a switch', async () => {
  const train = await tensorsOf(TRAIN);
  const shifted = (tensor: Tensor): Tensor =>
    tensor.shape.length < 2
      ? tensor
      : floatTensor(
          tensor.shape,
          toFloat32(tensor).data.map((value) => value + 1),
        );
  const both = [...train].flatMap(([name, tensor]): [string, Tensor][] => [
    [`model.${name}`, tensor],
    [`ema.${name}`, shifted(tensor)],
  ]);
  const path = join(folder, 'two-sets.safetensors');
  await writeCheckpointFile(path, new Map(both));
  await page.getByTestId('checkpoint-path').fill(path);
  await page.getByTestId('open-path').click();
  await shown('two-sets.safetensors').waitFor();
  const set = (name: string) => page.getByTestId('weight-sets').getByRole('button', { name, exact: true });
  expect(await set('model').getAttribute('aria-pressed')).toBe('true');
  await set('ema').click();
  await page.getByTestId('weight-sets').locator('[aria-pressed=true]', { hasText: 'ema' }).waitFor();
  await page.getByTestId('merge-file').click();
  await page.getByTestId('run-merge').click();
  await page.getByTestId('verdict').waitFor({ timeout: 60_000 });
  const saving = page.waitForEvent('download');
  await page.getByTestId('download-merged-safetensors').click();
  const expected = join(folder, 'ema-merged.safetensors');
  await repmlp(['merge', path, expected, '--weights', 'ema']);
  expect((await readFile(await (await saving).path())).equals(await readFile(expected))).toBe(true);
  await page.getByTestId('rail-checkpoint').click();
});

test('a hostile and a damaged file are refused by name; what was open stays', async () => {
  await drop(TRAIN);
  await shown('net_tiny_train.pth').waitFor();
  for (const name of ['evil_os_system.pth', 'bad_truncated_zip.pth']) {
    await drop(join(FOLDER, name));
    await said('error', name).waitFor();
  }
  expect(await shown('net_tiny_train.pth').isVisible()).toBe(true);
  expect(await page.getByTestId('tensors').textContent()).toContain('107 of 107');
  const close = page.getByRole('button', { name: 'Close this message' });
  for (let left = await close.count(); left > 0; left--) await close.first().click();
});

test('the open button uploads a chosen file; it and one opened by path are among the recent ones, also after a reload', async () => {
  const picked = page.waitForEvent('filechooser');
  await page.getByTestId('open-checkpoint').click();
  await (await picked).setFiles(join(FOLDER, 'net_tiny_deploy.pth'));
  await shown('net_tiny_deploy.pth').waitFor();
  await page.getByTestId('checkpoint-path').fill(TRAIN);
  await page.getByTestId('open-path').click();
  await shown('net_tiny_train.pth').waitFor();
  await page.reload();
  await page.getByTestId('rail-checkpoint').click();
  await page.getByTestId('recent-files').locator('summary').click();
  const recent = (text: string) => page.getByTestId('recent-files').getByRole('listitem').filter({ hasText: text });
  expect(await recent('net_tiny_deploy.pth').first().textContent()).toContain('a copy kept by the service');
  await recent('net_tiny_deploy.pth').first().getByRole('button', { name: 'net_tiny_deploy.pth', exact: true }).click();
  await shown('net_tiny_deploy.pth').waitFor();
  await page.getByRole('button', { name: "Delete the service's copy of net_tiny_deploy.pth" }).click();
  await recent('net_tiny_deploy.pth').waitFor({ state: 'detached' });
  await recent(TRAIN).getByRole('button', { name: 'net_tiny_train.pth', exact: true }).click();
  await shown('net_tiny_train.pth').waitFor();
});

test('the merged weights are saved in each format, byte for byte what the command line writes', async () => {
  await page.getByTestId('merge-file').click();
  await page.getByTestId('run-merge').click();
  await page.getByTestId('verdict').waitFor({ timeout: 60_000 });
  for (const format of ['pth', 'safetensors', 'npz']) {
    const saving = page.waitForEvent('download');
    await page.getByTestId(`download-merged-${format}`).click();
    const saved = await saving;
    expect(saved.suggestedFilename()).toBe(`net_tiny_train-merged.${format}`);
    const expected = join(folder, `command-line.${format}`);
    await repmlp(['merge', TRAIN, expected]);
    expect((await readFile(await saved.path())).equals(await readFile(expected))).toBe(true);
  }
});

/** What a click on a download button saves. */
async function downloadOf(testId: string): Promise<{ readonly name: string; readonly bytes: Buffer }> {
  const saving = page.waitForEvent('download');
  await page.getByTestId(testId).click();
  const saved = await saving;
  return { name: saved.suggestedFilename(), bytes: await readFile(await saved.path()) };
}

test('the merged weights are saved in half precision, proven as they will be stored', async () => {
  await page.getByTestId('merged-type').selectOption('float16');
  await page.getByTestId('verdict-storage').filter({ hasText: 'float16 (merged)' }).waitFor({ timeout: 60_000 });
  expect(await page.getByTestId('verdict').getAttribute('data-equivalent')).toBe('true');
  const expected = join(folder, 'command-line-half.safetensors');
  await repmlp(['merge', TRAIN, expected, '--dtype', 'float16']);
  const { bytes } = await downloadOf('download-merged-safetensors');
  expect(bytes.equals(await readFile(expected))).toBe(true);
  await page.getByTestId('merged-type').selectOption('same');
});

test('a block inside an unknown network is merged where it stands; what half precision cannot hold is said', async () => {
  const block = await tensorsOf(join(FOLDER, 'v1_block_fp64.pth'));
  const named = [...block].map(([name, tensor]): [string, Tensor] => [`trunk.mixer.${name}`, tensor]);
  const path = join(folder, 'foreign.safetensors');
  await writeCheckpointFile(path, new Map([...named, ['head.weight', floatTensor([2], Float32Array.of(1, 1e5))]]));
  await page.getByTestId('rail-checkpoint').click();
  await drop(path);
  await page.getByTestId('blocks-inside').filter({ hasText: 'trunk.mixer' }).waitFor();
  await page.getByTestId('merge-file').click();
  await page.getByTestId('step-conv-to-fc').waitFor();
  expect(await page.getByTestId('fuse-all').isDisabled()).toBe(true);
  await page.getByTestId('run-merge').click();
  await page.getByTestId('verdict').filter({ hasText: 'the block on its own' }).waitFor({ timeout: 60_000 });
  expect(await page.getByTestId('verdict').getAttribute('data-equivalent')).toBe('true');
  const expected = join(folder, 'foreign-merged.pth');
  await repmlp(['merge', path, expected]);
  const { name, bytes } = await downloadOf('download-merged-pth');
  expect([name, bytes.equals(await readFile(expected))]).toEqual(['foreign-merged.pth', true]);
  await page.getByTestId('merged-type').selectOption('float16');
  await page.getByTestId('verdict').waitFor({ timeout: 60_000 });
  await downloadOf('download-merged-npz');
  expect(await page.getByTestId('merged-warning').textContent()).toContain('values in head.weight are too large for float16');
  await page.getByTestId('merged-type').selectOption('same');
});

test('a copy of an opened file is saved in another type under a path', async () => {
  await page.getByTestId('rail-checkpoint').click();
  await drop(TRAIN);
  await shown('net_tiny_train.pth').waitFor();
  await page.getByTestId('copy-panel').locator('summary').click();
  await page.getByTestId('copy-type').selectOption('bfloat16');
  expect(await page.getByTestId('download-copy-npz').isDisabled()).toBe(true);
  const [path, expected] = [join(folder, 'copy.pth'), join(folder, 'converted.pth')];
  await page.getByTestId('copy-path').fill(path);
  await page.getByTestId('save-copy').click();
  await said('success', path).waitFor();
  await repmlp(['convert', TRAIN, expected, '--dtype', 'bfloat16']);
  expect(await tensorsOf(path)).toEqual(await tensorsOf(expected));
});

test('a weight of the table opens as a matrix: a convolution by output channel, input channel and kernel cell', async () => {
  const name = 'conv_embedding.conv.weight';
  await page.getByTestId('tensor-search').fill(name);
  await page.getByTitle(`Open ${name} as matrix`).click();
  await page.getByTestId('pane-after').waitFor();
  expect(await page.locator('.pane-titles').textContent()).toContain('float32 8x3x4x4, read as 8x48');
  await page.getByTestId('pooling-text').filter({ hasText: 'Every cell is shown' }).waitFor({ timeout: 20_000 });
  await page.locator('.matrix-canvas').focus();
  await page.keyboard.press('ArrowDown');
  for (let n = 0; n < 21; n++) await page.keyboard.press('ArrowRight');
  await page
    .getByTestId('cell-readout')
    .filter({ hasText: 'output channel 1column 21from input channel 1 of its group, kernel [1, 1]' })
    .waitFor();
  const { data } = (await tensorsOf(TRAIN)).get(name) as Tensor;
  // The readout prints six significant digits.
  await expect.poll(async () => Number(await page.getByTestId('cell-after').textContent())).toBeCloseTo(data[48 + 21] as number, 5);
  expect(await page.getByTestId('pane-before').count()).toBe(0);
  await page.keyboard.press(']');
  await expect.poll(() => page.locator('.pane-titles').textContent()).not.toContain(name);
  expect(await page.getByTestId('block-picker').inputValue()).not.toContain(name);
});

test('a table of thousands of tensors holds few rows in the page and is searched at once', async () => {
  const many = Array.from({ length: 5000 }, (_, i) => [`layer.${i}.weight`, floatTensor([1], Float32Array.of(i))] as const);
  const path = join(folder, 'many.safetensors');
  await writeCheckpointFile(path, new Map(many));
  await drop(path);
  await shown('many.safetensors').waitFor();
  await page.getByTestId('tensors').filter({ hasText: 'statistics of 5000 read' }).waitFor();
  expect(await page.getByTestId('tensors').getByRole('row').count()).toBeLessThan(120);
  await page.getByTestId('tensor-search').fill('layer.4999.');
  await page.getByTestId('tensors').filter({ hasText: '1 of 5000' }).waitFor();
  expect(problems).toEqual([]);
});
