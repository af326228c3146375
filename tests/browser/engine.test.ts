// The engine in a real browser: WebGL2 on the software renderer, and the worker as the window has it. Small
// shapes only: every new shape compiles shaders, which software rendering does slowly.
import { build } from 'esbuild';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, Page, Route } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bundleOptions } from '../../electron/launcher/build.mjs';
import { mergedSpec } from '../../src-shared/merge/merged-spec';
import type { NamedTensors } from '../../src-shared/tensor/tensor';
import { caseSpec, largestDifference } from '../engine';
import { expectOfficialStep } from '../official-step';
import { group, readReferenceTensors, referenceCases, type ReferenceCase } from '../reference';
import { launchChromium } from './chromium';
import type { TensorList } from './engine-page';

/** Threads share memory only in a secure context; nothing leaves the machine, every request is answered here. */
const ORIGIN = 'https://engine.test';
/** Isolation lets the page share memory between threads, as the window does. */
const headers = { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' };
const files = new Map<string, Uint8Array | string>([['/', '<!doctype html><script type="module" src="/page.js"></script>']]);
let browser: Browser;
let page: Page;

async function bundle(entry: string): Promise<string> {
  const source = fileURLToPath(new URL(entry, import.meta.url));
  const options = { ...bundleOptions(), sourcemap: false, platform: 'browser', format: 'esm' } as const;
  const { outputFiles } = await build({ ...options, entryPoints: [source], outdir: 'unwritten', write: false });
  return outputFiles.find(({ path }) => path.endsWith('.js'))?.text ?? '';
}

async function serve(route: Route): Promise<void> {
  const path = new URL(route.request().url()).pathname;
  const body = files.get(path) ?? (await wasmFile(path));
  const contentType = path.endsWith('.wasm') ? 'application/wasm' : path === '/' ? 'text/html' : 'text/javascript';
  await route.fulfill({ body: typeof body === 'string' ? body : Buffer.from(body), contentType, headers });
}

function wasmFile(path: string): Promise<Uint8Array> {
  const packageFile = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm/package.json');
  return readFile(join(dirname(packageFile), 'wasm-out', path.replace('/wasm/', '')));
}

beforeAll(async () => {
  files.set('/page.js', await bundle('./engine-page.ts'));
  files.set('/engine-page-worker.js', await bundle('./engine-page-worker.ts'));
  browser = await launchChromium();
  page = await (await browser.newContext()).newPage();
  await page.context().route(`${ORIGIN}/**`, serve);
  await page.goto(ORIGIN);
  await page.waitForFunction(() => 'enginePage' in globalThis);
});

afterAll(() => browser?.close());

function listOf(tensors: NamedTensors): TensorList {
  const numbers = [...tensors].filter(([, { dtype }]) => dtype !== 'float64');
  return numbers.map(([name, { dtype, shape, data }]) => [name, dtype as 'float32' | 'int64', [...shape], Array.from(data, Number)]);
}

const named = (...ids: string[]): ReferenceCase[] => referenceCases.filter(({ id }) => ids.includes(id));

describe('on WebGL', () => {
  beforeAll(() => page.evaluate(() => globalThis.enginePage.open('webgl')));

  test.each(referenceCases)('$id: both forms equal the double-precision official block', async (reference) => {
    const tensors = readReferenceTensors(reference.file);
    const spec = caseSpec(reference);
    const merged = group(tensors, reference.official_conversion_equivalent ? 'deploy' : 'fixed');
    const input = listOf(new Map([...tensors].filter(([name]) => name === 'x')));
    const truth = tensors.get('y64')?.data as Float64Array;
    for (const [form, weights] of [
      [spec, group(tensors, 'train')],
      [mergedSpec(spec), merged],
    ] as const) {
      const output = await page.evaluate(([s, w, x]) => globalThis.enginePage.forward(s, w, x), [form, listOf(weights), input] as const);
      // One float32 block on a GPU is measured at up to 2.4e-6 of its largest output; the official code's own error is up to 6e-7.
      expect(largestDifference(output, truth)).toBeLessThan(3e-6 * reference.metrics.max_abs_y64);
    }
  });

  // Each family of blocks once: grouped with partitions, depthwise groups, C != O on a rectangle, share-sets, GELU and erf.
  const trained = named('v1_k13_g2_gp2x2', 'v1_cneqo_6to2_k3_g2_gp2x2_rect', 'net_k135_s2_c8_2x2parts', 'net_ffn_c8_x4');
  test.each(trained)('$id: a training step equals the official one', async (reference) => {
    const tensors = readReferenceTensors(reference.file);
    const list = listOf(new Map([...tensors].filter(([name]) => /^(train|tm)\./.test(name))));
    const found = await page.evaluate(([s, t]) => globalThis.enginePage.trainingStep(s, t), [caseSpec(reference), list] as const);
    expectOfficialStep(new Map(found), tensors, 'float32 sums');
  });
});

describe('the engine in a worker of the page', () => {
  test('prefers WASM to software WebGL, and says why', async () => {
    const backends = await page.evaluate(() => globalThis.enginePage.startEngine().backends());
    const webgl = backends.find(({ name }) => name === 'webgl');
    expect(webgl?.available).toBe(true);
    expect(webgl?.note).toContain('software');
    const events = await page.evaluate(async () => {
      const spec = {
        format: 'repmlp-network',
        version: 1,
        name: 't',
        task: 'classification',
        form: 'train',
        input: { channels: 3, height: 4, width: 4 },
        layers: [],
      } as const;
      const input = { shape: [1, 3, 4, 4], dtype: 'float32', data: new Float32Array(48) } as const;
      return (await globalThis.enginePage.startEngine().forward({ spec, weights: new Map(), input, backend: 'auto', layers: false }))
        .backend;
    });
    expect(events).toBe('wasm');
  });

  test('runs WASM on more than one thread where the machine has them', async () => {
    const backends = await page.evaluate(() => globalThis.enginePage.startEngine().backends());
    const cores = await page.evaluate(() => navigator.hardwareConcurrency);
    const threads = Number(/(\d+) thread/.exec(backends.find(({ name }) => name === 'wasm')?.device ?? '')?.[1]);
    expect(threads).toBe(Math.min(8, cores));
  });
});
