// Lessons in the window besides their play: opened from files, broken ones, what is hidden and locked, a reload, languages, answers,
// links, help in place, projector mode, and axe on all of it.
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseAnswers } from '../../src-shared/lesson/class/answers';
import { WINDOW_PARTS } from '../../src-shared/lesson/parts';
import { linkOfState, preparedStateSchema } from '../../src-shared/lesson/prepared-state';
import { withStudio } from './studio-in-tests';

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
let page: Page;
let problems: readonly string[];
let folder: string;
withStudio((studio) => ({ page, problems } = studio));
beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'repmlp-lessons-'))));
afterAll(() => rm(folder, { recursive: true, force: true }));

const HEAD = '---\nlesson: 1\nid: own\ntitle: My own\nsummary: A small one.\n---\n\n';
const OWN = `${HEAD}## Look {#look}\n\n![a square](square.svg) <b>not bold</b>\n\n\`\`\`state\nstage: cost\nhide: [network-line]\nlock: [ledger]\n\`\`\`\n\n\`\`\`check\nask: How many blocks?\nanswer: number\nexpect: answer = network.blocks\n\`\`\`\n\n## On {#on}\n\nThe kernel.\n`;
const SQUARE =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><script>window.parent.hacked = true</script><rect width="9" height="9"/></svg>';

const panel = () => page.getByTestId('lesson-panel');

async function files(name: string, contents: Readonly<Record<string, string>>): Promise<string[]> {
  await mkdir(join(folder, name), { recursive: true });
  return Promise.all(
    Object.entries(contents).map(async ([file, text]) => {
      await writeFile(join(folder, name, file), text);
      return join(folder, name, file);
    }),
  );
}

async function open(paths: readonly string[]): Promise<void> {
  await page.getByTestId('rail-lesson').click();
  const choosing = page.waitForEvent('filechooser');
  await page.getByTestId('lesson-open').click();
  await (await choosing).setFiles([...paths]);
}

/** The page's, once its script has run there. */
declare const axe: { run(): Promise<AxeResults> };

async function violations(where: string): Promise<string[]> {
  await page.evaluate(await readFile(AXE, 'utf8'));
  const { violations: found } = await page.evaluate(() => axe.run());
  return found.flatMap(({ id, nodes }) =>
    nodes.map(({ target, any }) => `${where}, ${id}: ${target.join(' ')}: ${any.map(({ message }) => message).join('; ')}`),
  );
}

test('a lesson of files is on the shelf and is played with its picture; its tags are text and nothing in it runs', async () => {
  await open(await files('own', { 'lesson.md': OWN, 'square.svg': SQUARE }));
  await page.getByTestId('lesson-start-own').click();
  await panel().locator('[data-step=look]').waitFor();
  expect(
    await panel()
      .locator('img')
      .evaluate((img) => (img as HTMLImageElement).decode().then(() => (img as HTMLImageElement).alt)),
  ).toBe('a square');
  expect(await panel().locator('article').textContent()).toContain('<b>not bold</b>');
  expect(await page.evaluate(() => 'hacked' in window)).toBe(false);
});

test('what the step hides is not shown, what it locks cannot be used, and both are free again afterwards', async () => {
  const [hidden, locked] = [page.getByTestId('current-network'), page.getByTestId('ledger')];
  await locked.waitFor();
  expect([await hidden.isVisible(), await locked.evaluate((one) => (one as HTMLElement).inert)]).toEqual([false, true]);
  await panel().getByTestId('lesson-close').click();
  expect([await hidden.isVisible(), await locked.evaluate((one) => (one as HTMLElement).inert)]).toEqual([true, false]);
});

test('a broken lesson stands on the shelf with what is wrong and its line; the window goes on', async () => {
  await open(await files('broken', { 'lesson.md': HEAD.replace('own', 'other') + '## A\n\n```check\nask: a\nexpect: answer = 3\n```\n' }));
  expect(await page.getByTestId('lesson-broken').textContent()).toMatch(/lesson\.md:12: expect: .*no value answer|lesson\.md:12: expect/);
  await page.getByTestId('lesson-start-own').waitFor();
});

test('a reload comes back to the step with what was answered', async () => {
  await page.getByTestId('lesson-start-sparse-matrix').click();
  await panel().getByTestId('lesson-answer').fill('80');
  await panel().getByTestId('lesson-submit').click();
  await panel().getByTestId('lesson-next').click();
  await panel().locator('[data-step=window]').waitFor();
  await page.reload();
  await panel().locator('[data-step=window]').waitFor();
  await panel().getByTestId('lesson-back').click();
  expect(await panel().locator('[data-right]').getAttribute('data-right')).toBe('false');
});

test('in another language the step is in it, and one that is not translated says so', async () => {
  await panel().getByTestId('lesson-language').selectOption('de');
  expect(await panel().locator('h2').textContent()).toBe('Bevor es losgeht');
  for (const step of ['window', 'row', 'matrix']) {
    await panel().getByTestId('lesson-next').click();
    await panel().locator(`[data-step=${step}]`).waitFor();
    if (step === 'window') await panel().getByTestId('lesson-answer').fill('9');
    if (step === 'window') await panel().getByTestId('lesson-submit').click();
    if (step === 'row') await panel().locator('[data-cell="24"]').click();
    if (step === 'row') await panel().getByTestId('lesson-reveal').click();
  }
  expect(await panel().getByTestId('lesson-untranslated').isVisible()).toBe(true);
  expect(await panel().locator('article').getAttribute('lang')).toBe('en');
  await panel().getByTestId('lesson-language').selectOption('en');
});

test('the keyboard alone goes on, back, to what is pointed at and back to the lesson', async () => {
  await page.keyboard.press('Alt+B');
  await panel().locator('[data-step=row]').waitFor();
  await page.keyboard.press('Alt+N');
  await panel().locator('[data-step=matrix]').waitFor();
  await page.keyboard.press('Alt+H');
  expect(await page.evaluate(() => document.activeElement?.closest('[data-testid=convolution-matrix]') !== null)).toBe(true);
  await page.keyboard.press('Alt+L');
  expect(await page.evaluate(() => document.activeElement?.closest('.lesson-panel') !== null)).toBe(true);
  await page.keyboard.press('Alt+N');
  expect(await panel().getByTestId('lesson-step').getAttribute('data-step')).toBe('matrix');
});

test('the answers are one file with its hash', async () => {
  await open(await files('own', { 'lesson.md': OWN, 'square.svg': SQUARE }));
  await page.getByTestId('lesson-start-own').click();
  await panel().getByTestId('lesson-answer').fill('3');
  await panel().getByTestId('lesson-submit').click();
  await panel().getByTestId('lesson-next').click();
  await panel().getByTestId('lesson-next').click();
  await panel().getByTestId('lesson-name').fill('Ada L.');
  const saving = page.waitForEvent('download');
  await panel().getByTestId('lesson-save-answers').click();
  const file = await saving;
  expect(file.suggestedFilename()).toBe('own-Ada-L-.json');
  const { content, unchanged } = await parseAnswers(await readFile(await file.path(), 'utf8'), 'answers');
  expect([unchanged, content.name, content.lesson.id, content.answers.map(({ step, right }) => [step, right])]).toEqual([
    true,
    'Ada L.',
    'own',
    [['look', true]],
  ]);
  await panel().getByTestId('lesson-close').click();
});

test('a link prepares its state, and the address is that of the stage again', async () => {
  const state = preparedStateSchema.parse({ stage: 'convolution', scene: { h: 4, w: 9, pad: 0 } });
  await page.evaluate((hash) => (location.hash = hash), linkOfState(state));
  await page.waitForFunction(() => location.hash === '#convolution');
  await page.getByTestId('stage-convolution').waitFor();
  await page.evaluate(() => (location.hash = 'state=broken'));
  await page.getByTestId('notice-error').filter({ hasText: 'cut or changed' }).waitFor();
  await page.getByRole('button', { name: 'Close this message' }).click();
});

test('F1 opens the page on what is shown, its links lead on, and the palette finds pages', async () => {
  await page.getByTestId('rail-cost').click();
  await page.keyboard.press('F1');
  await page.locator('[data-testid=help-page][data-page=cost] h1').waitFor();
  expect(await violations('help')).toEqual([]);
  await page.getByTestId('help-search').fill('epsilon');
  await page.getByTestId('help-batch-norm').click();
  await page.locator('[data-page=batch-norm] .katex-display').first().waitFor();
  await page.keyboard.press('Escape');
  await page.getByTestId('help').waitFor({ state: 'detached' });
  await page.keyboard.press('Control+K');
  await page.getByTestId('palette').locator('input').fill('running mean tolerance'.split(' ')[2]);
  await page.getByTestId('palette-help-tolerance').click();
  await page.locator('[data-page=tolerance] h1').waitFor();
  await page.keyboard.press('Escape');
});

test('every part that lessons may point at, of the stages that show it at once, is there', async () => {
  const LATER = new Set([
    'verdict',
    'layers',
    'training-progress',
    'curves',
    'families',
    'next-step',
    'scene-norm',
    'scene-folded',
    'scene-part',
  ]);
  for (const { name, stage, testId } of WINDOW_PARTS) {
    if (LATER.has(name)) continue;
    await page.getByTestId(`rail-${stage ?? 'cost'}`).click();
    await page.getByTestId(testId).first().waitFor({ timeout: 60_000 });
  }
});

/** What a class does not see on a projector of 1024x768: what was said last, full contrast, the last column of the ledger. */
async function projectorFaults(): Promise<string[]> {
  await page.setViewportSize({ width: 1024, height: 768 });
  const faults: string[] = [];
  const ink = (name: string) => page.evaluate((of) => getComputedStyle(document.documentElement).getPropertyValue(of).trim(), name);
  if ((await ink('--ink-faint')) !== (await ink('--ink'))) faults.push('faint text is faint in projector mode');
  await panel().getByTestId('lesson-submit').click();
  await panel().getByText('1 try left').waitFor();
  const [said, foot] = await Promise.all([panel().locator('.lesson-say').boundingBox(), panel().locator('.lesson-foot').boundingBox()]);
  if (!said || !foot || said.y + said.height > foot.y + 1) faults.push('the feedback is below the edge of the panel');
  await page.getByTestId('rail-cost').click();
  const ledger = page.getByTestId('ledger');
  await ledger.waitFor();
  const [needed, there] = await ledger.evaluate((frame) => [frame.scrollWidth, frame.clientWidth]);
  if (needed > there + 1) faults.push(`the ledger is ${needed} wide in a place of ${there}`);
  await page.setViewportSize({ width: 1280, height: 800 });
  return faults;
}

test.each(['light', 'dark'])('axe finds nothing in the %s theme beside a lesson, on the shelf, and in projector mode', async (theme) => {
  while ((await page.evaluate(() => document.documentElement.dataset.theme)) !== theme) await page.getByTestId('rail-theme').click();
  await page.getByTestId('rail-lesson').click();
  const found = await violations('shelf');
  await page.getByTestId('lesson-start-batch-norm').click();
  await panel().getByTestId('lesson-answer').fill('1');
  await panel().getByTestId('lesson-submit').click();
  found.push(...(await violations('before')));
  await panel().getByTestId('lesson-next').click();
  await panel().locator('[data-step=what]').waitFor();
  await panel().getByTestId('lesson-answer').fill('1.5');
  await panel().getByTestId('lesson-submit').click();
  await panel().getByTestId('lesson-hint').click();
  found.push(...(await violations('check')));
  await page.keyboard.press('Alt+P');
  expect(await page.evaluate(() => 'projector' in document.documentElement.dataset)).toBe(true);
  found.push(...(await violations('projector')));
  found.push(...(await projectorFaults()));
  await page.keyboard.press('Alt+P');
  await panel().getByTestId('lesson-close').click();
  expect(found).toEqual([]);
});

test('the page had no errors of its own', () => {
  expect(problems).toEqual([]);
});
