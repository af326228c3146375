// How soon the window can be touched: `start [--times N] [--runs N]` starts the browser host and opens the studio in a new browser
// profile each time, until the matrix of the first screen is drawn, and beside it an empty page with the same headers. It says the
// ratio, and what of it grows with the number of runs in the folder.
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Browser } from 'playwright-core';
import { launchChromium } from '../tests/browser/chromium';
import { startStudioHost } from '../tests/browser/studio-host';
import { keptRun } from '../tests/kept-runs';
import { median } from './window/median';

/** What a page takes until something can be pressed in it. Milliseconds of the page's clock. */
interface Start {
  /** The frame. */
  readonly frame: number;
  /** The picture of the first screen. */
  readonly touch: number;
  /** The list of runs. */
  readonly runs: number;
}

interface Host {
  /** From the start of the process to its address, in milliseconds. */
  readonly up: number;
  readonly pages: readonly Start[];
}

export async function run(args: string[]): Promise<void> {
  const options = { times: { type: 'string', default: '5' }, runs: { type: 'string', default: '1000' } } as const;
  const { values } = parseArgs({ args, options });
  const [times, count] = [Number(values.times), Number(values.runs)];
  const browser = await launchChromium();
  try {
    const empty = await emptyPage(browser, times);
    console.log(`an empty page: ${text(empty)}`);
    const few = await studio(browser, times, 0);
    say('the studio, no run in the folder', few, empty);
    const many = await studio(browser, times, count);
    say(`the studio, ${count} runs in the folder`, many, empty);
    const grows = median(many.pages.map(({ touch }) => touch)) / median(few.pages.map(({ touch }) => touch));
    console.log(`with ${count} runs the picture takes ${grows.toFixed(2)} times as long`);
  } finally {
    await browser.close();
  }
}

/** Headers of the studio, which put a page into a process of its own. */
const HEADERS = {
  'Content-Type': 'text/html',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};
const EMPTY = '<!doctype html><title>Empty</title><button>Touch</button>';

async function emptyPage(browser: Browser, times: number): Promise<number[]> {
  const server = createServer((_, response) => response.writeHead(200, HEADERS).end(EMPTY));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const found: number[] = [];
  for (let time = 0; time < times; time++) {
    const page = await newPage(browser);
    await page.goto(`http://127.0.0.1:${port}/`);
    found.push(await shown(page, 'button'));
    await page.context().close();
  }
  server.close();
  return found;
}

/** Starts a host on a folder of so many runs once for each page, since an address admits one window. */
async function studio(browser: Browser, times: number, count: number): Promise<Host> {
  const pages: Start[] = [];
  const ups: number[] = [];
  const folder = await mkdtemp(join(tmpdir(), 'repmlp-start-'));
  try {
    if (count > 0) await makeRuns(folder, count);
    for (let time = 0; time < times; time++) {
      const before = performance.now();
      const host = await startStudioHost(['--runs', folder]);
      ups.push(performance.now() - before);
      const page = await newPage(browser);
      await page.goto(host.url);
      const [frame, touch, runs] = await Promise.all([
        shown(page, '#root > *'),
        shown(page, '[data-testid=touch-matrix] canvas'),
        shown(page, '[data-testid=status] .push'),
      ]);
      pages.push({ frame, touch, runs });
      await page.context().close();
      await host.stop();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return { up: median(ups), pages };
}

/** One run as a training leaves it, and copies of it under other names. */
async function makeRuns(folder: string, count: number): Promise<void> {
  await keptRun(folder, 'run-0', 1, 0.5);
  for (let at = 1; at < count; at++) await cp(join(folder, 'run-0'), join(folder, `run-${at}`), { recursive: true });
}

type OpenPage = Awaited<ReturnType<typeof newPage>>;

async function newPage(browser: Browser) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  return context.newPage();
}

/** The page's clock when an element of this kind was first there and the picture after it was drawn. */
async function shown(page: OpenPage, selector: string): Promise<number> {
  const handle = await page.waitForFunction(
    (wanted) =>
      document.querySelector(wanted) === null
        ? null
        : new Promise<number>((resolve) => requestAnimationFrame(() => setTimeout(() => resolve(performance.now())))),
    selector,
    { polling: 'raf', timeout: 120_000 },
  );
  return Number(await handle.jsonValue());
}

function text(list: readonly number[]): string {
  const sorted = [...list].sort((a, b) => a - b);
  return `median ${Math.round(median(sorted))} ms (${sorted.map(Math.round).join(', ')})`;
}

function say(what: string, { up, pages }: Host, empty: readonly number[]): void {
  const of = (part: keyof Start): number[] => pages.map((page) => page[part]);
  console.log(`${what}: the host is up after ${Math.round(up)} ms`);
  console.log(`  frame:            ${text(of('frame'))}`);
  console.log(`  touchable matrix: ${text(of('touch'))}, ${(median(of('touch')) / median(empty)).toFixed(1)} times an empty page`);
  console.log(`  foot of the window: ${text(of('runs'))}`);
}
