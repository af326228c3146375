// The window for every eye and size: axe on every stage in both themes, nothing that overlaps or is cut off from half a
// laptop's screen to a large one and at twice the size of text, and the picture first where there is one.
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchChromium } from './chromium';
import { openStudio, startStudioHost, type StudioHost } from './studio-host';

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const TWICE_THE_TEXT = ['--blink-settings=defaultFontSize=32'];
const SIZES = [
  { width: 640, height: 800 },
  { width: 1280, height: 800 },
  { width: 2560, height: 1440 },
] as const;

let page: Page;
const hosts: StudioHost[] = [];
const browsers: Browser[] = [];

/** A window with a service of its own: an address opens one window only. */
async function open(flags: readonly string[] = []): Promise<Page> {
  const [browser, host] = await Promise.all([launchChromium(flags), startStudioHost()]);
  browsers.push(browser);
  hosts.push(host);
  const opened = (await openStudio(browser, host.url)).page;
  await opened.getByTestId('status-connection').filter({ hasText: 'Connected' }).waitFor();
  return opened;
}

beforeAll(async () => {
  page = await open();
});
afterAll(async () => {
  for (const browser of browsers) await browser.close();
  for (const host of hosts) await host.stop();
});

/** The stages of the window, as the rail names them. */
async function stages(): Promise<string[]> {
  const ids = await page
    .locator('nav [data-testid^="rail-"]')
    .evaluateAll((all) => all.map((one) => (one as HTMLElement).dataset.testid ?? ''));
  return ids.map((id) => id.slice('rail-'.length)).filter((name) => !['palette', 'theme'].includes(name));
}

const READY: Readonly<Record<string, string>> = {
  matrix: '[data-testid=legend]',
  pattern: '[data-testid=row-kinds]',
  merge: '[data-testid=step-arrays] canvas',
};

async function show(stage: string, on = page): Promise<void> {
  await on.getByTestId(`rail-${stage}`).click();
  await on.locator(`main[data-testid=stage-${stage}] h1`).first().waitFor();
  if (READY[stage]) await on.locator(READY[stage]).first().waitFor({ timeout: 60_000 });
}

/** The page's, once its script has run there. */
declare const axe: { run(): Promise<AxeResults> };

async function setTheme(theme: string): Promise<void> {
  const shown = (): Promise<string | undefined> => page.evaluate(() => document.documentElement.dataset.theme);
  while ((await shown()) !== theme) await page.getByTestId('rail-theme').click();
}

/** What axe finds on every stage, and pictures that it cannot judge: those without a name, or whose numbers are nowhere as a table. */
async function axeFindings(on: Page): Promise<string[]> {
  await on.evaluate(await readFile(AXE, 'utf8'));
  const found: string[] = [];
  for (const stage of await stages()) {
    await show(stage, on);
    const { violations } = await on.evaluate(() => axe.run());
    found.push(
      ...violations.flatMap(({ id, nodes }) =>
        nodes.map(({ target, any }) => `${stage}, ${id}: ${target.join(' ')}: ${any.map(({ message }) => message).join('; ')}`),
      ),
      ...(await on.locator('main').evaluate(unsaidPictures)).map((fault) => `${stage}: ${fault}`),
    );
  }
  return found;
}

/** Canvases that neither stand in something with a name nor are left out on purpose, and heat maps without a table. Runs in the page. */
function unsaidPictures(main: Element): string[] {
  const canvases = [...main.querySelectorAll('canvas')].filter((canvas) => !canvas.closest('[aria-hidden=true]'));
  const unnamed = canvases.filter((canvas) => !canvas.closest('[aria-label], [aria-labelledby]'));
  const maps = [...main.querySelectorAll('canvas[role=img], .map-picture [role=img]')];
  const tables = (one: Element): number => one.closest('.panel, section, .stage-body')?.querySelectorAll('.plot-table, table').length ?? 0;
  return [
    ...unnamed.map((canvas) => `a canvas of ${canvas.parentElement?.className ?? ''} has no name`),
    ...maps.filter((one) => tables(one) === 0).map((one) => `${one.getAttribute('aria-label') ?? ''} has no table`),
  ];
}

describe.each(['light', 'dark'])('in the %s theme', (theme) => {
  test('axe finds nothing on any stage, and every picture has a name and a table', async () => {
    await setTheme(theme);
    expect(await axeFindings(page)).toEqual([]);
  });
});

test('in the colours of the system what is chosen has a frame, and pictures of numbers keep their colours', async () => {
  await page.emulateMedia({ forcedColors: 'active' });
  for (const stage of await stages()) {
    await show(stage);
    const faults = await page.evaluate(() => {
      const style = (one: Element): CSSStyleDeclaration => getComputedStyle(one);
      const chosen = [
        ...document.querySelectorAll('[aria-pressed=true], [aria-current=page], [aria-selected=true], [role=tab][aria-selected=true]'),
      ];
      return [
        ...chosen.filter((one) => style(one).outlineStyle === 'none').map((one) => `${one.textContent ?? ''} does not look chosen`),
        ...[...document.querySelectorAll('main canvas')]
          .filter((one) => style(one).forcedColorAdjust !== 'none')
          .map(() => 'a canvas loses its colours'),
      ];
    });
    expect([stage, faults]).toEqual([stage, []]);
  }
  await page.emulateMedia({ forcedColors: null });
});

/** What is cut off at the right of the stage where nothing scrolls to it. Runs in the page. */
function cutOff(main: Element): string[] {
  const scrolls = (one: Element | null): boolean =>
    one !== null && one !== main && (['auto', 'scroll'].includes(getComputedStyle(one).overflowX) || scrolls(one.parentElement));
  const right = main.getBoundingClientRect().right;
  return [...main.querySelectorAll('button, select, input, textarea, h1, h2, th, td, dt, dd, label > span')]
    .filter((one) => one.checkVisibility({ visibilityProperty: true }) && one.getBoundingClientRect().right > right + 1)
    .filter((one) => !scrolls(one.parentElement))
    .map((one) => `${one.tagName.toLowerCase()} ${one.textContent?.trim().slice(0, 40) ?? ''} is cut off`);
}

/** Controls that lie on each other, where they can be seen. Runs in the page. */
function overlapping(main: Element): string[] {
  const apart = '.matrix-canvas, dialog, svg, .ledger, .tensor-frame';
  const controls = [...main.querySelectorAll('button, select, input:not([type=range])')].filter(
    (one) => one.checkVisibility({ visibilityProperty: true }) && !one.closest(apart),
  );
  // What lies outside a frame that scrolls is not on screen.
  const seen = (one: Element): { left: number; right: number; top: number; bottom: number } => {
    let { left, right, top, bottom } = one.getBoundingClientRect();
    for (let frame = one.parentElement; frame; frame = frame.parentElement) {
      if (getComputedStyle(frame).overflow === 'visible') continue;
      const edge = frame.getBoundingClientRect();
      [left, right] = [Math.max(left, edge.left), Math.min(right, edge.right)];
      [top, bottom] = [Math.max(top, edge.top), Math.min(bottom, edge.bottom)];
    }
    return { left, right, top, bottom };
  };
  const boxes = controls.map(seen);
  const name = (one: Element): string => one.getAttribute('data-testid') ?? one.textContent?.trim().slice(0, 40) ?? '';
  return controls.flatMap((one, i) =>
    controls.slice(i + 1).flatMap((other, k) => {
      const [a, b] = [boxes[i], boxes[i + 1 + k]];
      const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left);
      const high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
      const meant = one.contains(other) || other.contains(one) || one.closest('.matrix-side') !== other.closest('.matrix-side');
      return wide > 1 && high > 1 && !meant ? [`${name(one)} lies on ${name(other)}`] : [];
    }),
  );
}

async function faultsAt(on: Page, size: { readonly width: number; readonly height: number }): Promise<string[]> {
  await on.setViewportSize(size);
  const faults: string[] = [];
  for (const stage of await stages()) {
    await show(stage, on);
    const wider = await on.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    const body = await on.locator('main').evaluate((main) => {
      const inside = main.querySelector('.stage-body');
      return inside ? inside.scrollWidth - inside.clientWidth : 0;
    });
    if (wider > 0) faults.push(`${stage}: the page is ${wider} pixels wider than the window`);
    if (body > 0) faults.push(`${stage}: the stage is ${body} pixels wider than its place`);
    for (const look of [cutOff, overlapping])
      faults.push(...(await on.locator('main').evaluate(look)).map((fault) => `${stage}, ${size.width} pixels: ${fault}`));
  }
  return faults;
}

test.each(SIZES)('nothing overlaps or is cut off at $width x $height', async (size) => {
  expect(await faultsAt(page, size)).toEqual([]);
});

test('nothing overlaps or is cut off at twice the size of text, and axe finds nothing', async () => {
  const large = await open(TWICE_THE_TEXT);
  expect(await large.evaluate(() => Number.parseFloat(getComputedStyle(document.body).fontSize))).toBe(26);
  expect(await faultsAt(large, { width: 1280, height: 800 })).toEqual([]);
  expect(await axeFindings(large)).toEqual([]);
});

describe('the matrices', () => {
  test('take 70 % of the height of their stage, and keep it when a cell is pointed at', async () => {
    await page.setViewportSize(SIZES[1]);
    await show('matrix');
    const height = async (selector: string): Promise<number> => (await page.locator(selector).boundingBox())?.height ?? 0;
    const picture = await height('.matrix-canvas');
    expect(picture / (await height('main'))).toBeGreaterThanOrEqual(0.7);
    const box = await page.getByTestId('pane-after').boundingBox();
    await page.mouse.move((box?.x ?? 0) + (box?.width ?? 0) / 2, (box?.y ?? 0) + (box?.height ?? 0) / 2);
    await page.getByTestId('cell-after').waitFor();
    await page.getByTestId('provenance').waitFor();
    expect(await height('.matrix-canvas')).toBe(picture);
  });

  test('take it beside another network too, with their controls in one line', async () => {
    await page.getByTestId('compare-networks').click();
    await page
      .locator('.pane-titles')
      .filter({ hasText: /A: .*B: / })
      .waitFor();
    const [picture, stage] = await Promise.all(['.matrix-canvas', 'main'].map((one) => page.locator(one).boundingBox()));
    expect((picture?.height ?? 0) / (stage?.height ?? 0)).toBeGreaterThanOrEqual(0.7);
    await page.getByTestId('end-comparison').click();
    await page.locator('.pane-titles').filter({ hasText: 'After the merge' }).waitFor();
  });

  test('are reached with two keys from the start of their stage', async () => {
    await page.locator('.stage-head').evaluate((head: HTMLElement) => {
      head.tabIndex = -1;
      head.focus();
    });
    for (const key of ['Tab', 'Enter']) await page.keyboard.press(key);
    expect(await page.evaluate(() => document.activeElement?.className)).toContain('matrix-canvas');
    await page.keyboard.press('ArrowRight');
    await page
      .getByTestId('cell-readout')
      .filter({ hasText: /column \d+/ })
      .waitFor();
  });

  test('fill the pane when they are split, and all of them is a key away', async () => {
    await page.getByTestId('matrices-mode-split').click();
    await page.getByText('a part fills the pane').waitFor();
    await page.locator('.matrix-canvas').focus();
    await page.keyboard.press('0');
    await expect.poll(() => page.getByText('a part fills the pane').count()).toBe(0);
    await page.getByTestId('matrices-mode-side').click();
  });

  test('have a dark ground in the dark theme', async () => {
    await setTheme('dark');
    await page.getByTestId('matrices-panel-maps').click();
    // Most cells of what the branches add are zeros, outside every band.
    const ground = (): Promise<number> =>
      page
        .getByTestId('panel-maps')
        .locator('canvas')
        .nth(1)
        .evaluate((canvas: HTMLCanvasElement) => {
          const { data } = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height) ?? { data: [] };
          const lights = Array.from({ length: data.length / 4 }, (_, k) => Math.max(data[4 * k], data[4 * k + 1], data[4 * k + 2]));
          return lights.sort((a, b) => a - b)[lights.length >> 1];
        });
    await expect.poll(ground).toBeLessThan(40);
    await setTheme('light');
    await expect.poll(ground).toBeGreaterThan(215);
  });

  test('fill the screen and leave it again', async () => {
    await page.getByTestId('matrices-full-screen').click();
    await expect.poll(() => page.evaluate(() => document.fullscreenElement?.tagName)).toBe('MAIN');
    await page.getByTestId('matrices-full-screen').click();
    await expect.poll(() => page.evaluate(() => document.fullscreenElement)).toBe(null);
  });
});
