// The picture the GPU draws is the CPU reference's, pixel for pixel, in a real Chromium.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { build } from 'esbuild';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { COLOUR_SCALE_NAMES, colourScale } from '@shared/colour/scales';
import { launchChromium } from '../../../../tests/browser/chromium';
import type { PictureCase, PictureDifference } from '../../../../testing/matrix-picture/gpu-picture-page';

/**
 * The shader computes in float32, the reference in double: a position may fall into the neighbouring entry of
 * the 1024-entry colour table, where a channel differs by at most 4 of 255 (the steepest map, 17 anchors).
 */
const ROUNDING = 4;

let browser: Browser;
let server: Server;
let page: Page;

beforeAll(async () => {
  const scripts = new Map<string, string>();
  for (const [path, entry] of [
    ['/page.js', 'testing/matrix-picture/gpu-picture-page.ts'],
    ['/worker.js', 'renderer/workers/matrix/matrix.worker.ts'],
  ]) {
    const built = await build({ entryPoints: [entry], bundle: true, format: 'esm', write: false, alias: { '@shared': './src-shared' } });
    scripts.set(path, built.outputFiles[0].text);
  }
  server = createServer((request, response) => {
    const script = scripts.get(request.url ?? '');
    response.writeHead(200, { 'Content-Type': script ? 'text/javascript' : 'text/html' });
    response.end(script ?? '<!doctype html><body><script type="module" src="/page.js"></script>');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  browser = await launchChromium();
  page = await browser.newPage({ viewport: { width: 640, height: 400 } });
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
});

afterAll(async () => {
  await browser?.close();
  server?.close();
});

/** What the page under test defines. */
declare const comparePicture: (picture: PictureCase) => Promise<PictureDifference>;

function compare(picture: PictureCase): Promise<PictureDifference> {
  return page.evaluate((input) => comparePicture(input), picture);
}

const base: PictureCase = {
  rows: 700,
  columns: 1100,
  layout: { kind: 'stored' },
  camera: { x: 550, y: 350, zoom: 0.2871 },
  rule: 'maxMagnitude',
  scale: {},
};

async function expectSame(picture: PictureCase, level: number): Promise<void> {
  const found = await compare(picture);
  expect(found.level).toBe(level);
  expect(found.largest).toBeLessThanOrEqual(ROUNDING);
  // Enough pixels were compared, and they are a picture and not one flat colour.
  expect(found.onBorder).toBeLessThan(found.compared / 10);
  expect(found.colors).toBeGreaterThan(20);
}

describe('the picture without WebGL2', () => {
  it('is the CPU reference in every byte, special and clipped cells included', async () => {
    for (const picture of [base, { ...base, camera: { x: 8.03, y: 5.02, zoom: 17.31 }, scale: { low: -0.4, high: 0.4 } }]) {
      const found = await compare({ ...picture, by: 'cpu' });
      expect(found.largest).toBe(0);
      expect(found.colors).toBeGreaterThan(20);
      expect(found.stood).toBe(true);
    }
  });
});

describe('the GPU picture equals the CPU reference', () => {
  it.each(['maxMagnitude', 'mean', 'min', 'max'] as const)('pooled by %s', (rule) => expectSame({ ...base, rule }, 2));

  it('at every zoom, across tile borders', async () => {
    const zooms: readonly (readonly [number, number])[] = [
      [0.0913, 4],
      [0.6137, 1],
      [1.317, 0],
      [7.713, 0],
    ];
    for (const [zoom, level] of zooms) await expectSame({ ...base, camera: { x: 512.31, y: 511.77, zoom } }, level);
  });

  it.each(['linear', 'symlog', 'rank', 'log-ratio'] as const)('with the %s transform', (transform) =>
    expectSame(
      { ...base, camera: { x: 41.3, y: 33.7, zoom: 3.117 }, scale: { transform, low: transform === 'log-ratio' ? 1e-6 : -2.5 } },
      0,
    ),
  );

  it.each(COLOUR_SCALE_NAMES)('in %s', (map) => {
    const signed = colourScale(map).kind === 'diverging';
    return expectSame({ ...base, scale: { map, magnitude: !signed, low: signed ? -2.5 : 0 } }, 2);
  });

  it('and stays while the next matrix of its form comes in', async () => expect((await compare(base)).stood).toBe(true));

  it('for NaN, infinities and clipped cells', () =>
    expectSame({ ...base, camera: { x: 8.03, y: 5.02, zoom: 17.31 }, scale: { low: -0.4, high: 0.4 } }, 0));

  it('for the virtual block-diagonal and offset layouts', async () => {
    await expectSame({ ...base, layout: { kind: 'blockDiagonal', groups: 7 }, camera: { x: 560, y: 105, zoom: 0.813 } }, 1);
    const geometry = { family: 'repmlp', O: 7, channels: 11, groups: 1, h: 10, w: 10, kernels: [3] } as const;
    await expectSame({ ...base, layout: { kind: 'offsets', geometry }, camera: { x: 1800, y: 350, zoom: 0.731 } }, 1);
  });
});
