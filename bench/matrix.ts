// The matrix explorer against a plain putImageData viewer and an untiled three.js viewer, in one run:
// first picture, pyramid, frames per second and cost of a frame for pan and zoom, memory. Headless Chromium, software WebGL.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { build } from 'esbuild';
import { readFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { launchChromium } from '../tests/browser/chromium';
import type { Measured, ViewerName } from './matrix/page';

const VIEWERS: readonly ViewerName[] = ['studio', 'putImageData', 'untiled'];
const VIEWPORTS = [
  { width: 1280, height: 800 },
  { width: 640, height: 400 },
] as const;
/** Sides, and how many diagonal blocks the widest is made of. */
const MATRICES = [
  { side: 1024, groups: 1 },
  { side: 4096, groups: 1 },
  { side: 16384, groups: 16 },
] as const;

interface Row {
  readonly viewer: ViewerName;
  readonly side: number;
  readonly viewport: string;
  readonly result: Measured | string;
  /** Resident memory of the browser's page and GPU processes, in MiB; null where the system does not tell. */
  readonly memoryMiB: number | null;
}

/** Arguments: `--json`, `--side N` (only that size), `--small` (only 640x400). */
export async function run(args: readonly string[]): Promise<void> {
  const side = Number(args[args.indexOf('--side') + 1]);
  const matrices = args.includes('--side') ? MATRICES.filter((matrix) => matrix.side === side) : MATRICES;
  const viewports = args.includes('--small') ? VIEWPORTS.slice(1) : VIEWPORTS;
  const scripts = await bundle();
  const server = await serve(scripts);
  const browser = await launchChromium();
  const rows: Row[] = [];
  try {
    for (const viewport of viewports) {
      for (const matrix of matrices) {
        for (const viewer of VIEWERS) {
          const context = await browser.newContext({ viewport });
          const page = await context.newPage();
          await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
          const result = await measured(page, viewer, matrix, viewport);
          const memoryMiB = await residentMiB(browser);
          rows.push({ viewer, side: matrix.side, viewport: `${viewport.width}x${viewport.height}`, result, memoryMiB });
          await context.close();
        }
      }
    }
  } finally {
    await browser.close();
    server.close();
  }
  if (args.includes('--json')) console.log(JSON.stringify(rows));
  else report(rows);
}

interface ProcessList {
  readonly processInfo: readonly { readonly id: number; readonly type: string }[];
}

async function residentMiB(browser: Browser): Promise<number | null> {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = (await session.send('SystemInfo.getProcessInfo')) as ProcessList;
  await session.detach();
  const working = processInfo.filter(({ type }) => type !== 'browser');
  try {
    const kib = working.map(({ id }) => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${id}/status`, 'utf8'))?.[1] ?? 0));
    return Math.round(kib.reduce((sum, part) => sum + part, 0) / 1024);
  } catch {
    return null;
  }
}

declare global {
  /** Of the page bench/matrix/page.ts. */
  var measure: Measure;
}
type Measure = (viewer: ViewerName, side: number, groups: number, size: { width: number; height: number }) => Promise<Measured>;

async function measured(
  page: Page,
  viewer: ViewerName,
  { side, groups }: (typeof MATRICES)[number],
  size: (typeof VIEWPORTS)[number],
): Promise<Measured | string> {
  try {
    return await page.evaluate((input) => globalThis.measure(input.viewer, input.side, input.groups, input.size), {
      viewer,
      side,
      groups,
      size,
    });
  } catch (error) {
    return error instanceof Error ? error.message.split('\n')[0] : String(error);
  }
}

/** Page and worker scripts by URL path. */
async function bundle(): Promise<ReadonlyMap<string, string>> {
  const entries = { '/page.js': 'bench/matrix/page.ts', '/worker.js': 'renderer/workers/matrix/matrix.worker.ts' };
  const built = Object.entries(entries).map(async ([path, source]) => {
    const { outputFiles } = await build({
      entryPoints: [source],
      bundle: true,
      format: 'esm',
      write: false,
      alias: { '@shared': './src-shared' },
      logLevel: 'error',
    });
    return [path, outputFiles[0].text] as const;
  });
  return new Map(await Promise.all(built));
}

/** Serves the scripts and an empty page. */
function serve(scripts: ReadonlyMap<string, string>): Promise<Server> {
  const server = createServer((request, response) => {
    const script = scripts.get(request.url ?? '');
    response.writeHead(200, { 'Content-Type': script ? 'text/javascript' : 'text/html' });
    response.end(script ?? '<!doctype html><body style="margin:0"><script type="module" src="/page.js"></script>');
  });
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
}

function report(rows: readonly Row[]): void {
  console.log(
    'viewer        matrix  viewport   first ms  pan fps  zoom fps  pan ms/frame  zoom ms/frame  full again ms  longest task ms  memory MiB  remarks',
  );
  for (const { viewer, side, viewport, result, memoryMiB } of rows) {
    const head = `${viewer.padEnd(13)} ${String(side).padStart(6)}  ${viewport.padEnd(9)}`;
    if (typeof result === 'string') console.log(`${head}  ${result}`);
    else console.log(`${head}  ${numbersOf(result, memoryMiB)}  ${factsOf(result)}`);
  }
}

function numbersOf(measured: Measured, memoryMiB: number | null): string {
  const { firstPictureMs, panFps, zoomFps, panCostMs, zoomCostMs, restMs, longestTaskMs } = measured;
  const cells: readonly (readonly [string, number])[] = [
    [firstPictureMs.toFixed(0), 8],
    [panFps.toFixed(1), 7],
    [zoomFps.toFixed(1), 8],
    [panCostMs.toFixed(1), 12],
    [zoomCostMs.toFixed(1), 13],
    [restMs.toFixed(0), 13],
    [longestTaskMs === 0 ? '< 50' : longestTaskMs.toFixed(0), 15],
    [String(memoryMiB ?? '?'), 10],
  ];
  return cells.map(([text, width]) => text.padStart(width)).join('  ');
}

function factsOf({ facts }: Measured): string {
  return Object.entries(facts)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ');
}
