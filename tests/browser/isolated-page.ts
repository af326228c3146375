// A page of its own with scripts of this repository and the WASM backend's binaries: isolated from other
// origins, so that its workers share memory between threads as the window's do. No server: every request is answered here.
import { build } from 'esbuild';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { bundleOptions, root } from '../../electron/launcher/build.mjs';

/** Threads share memory only in a secure context. */
const ORIGIN = 'https://engine.test';
const headers = { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' };

/** Opens the page; `scripts`: name -> source. The one named `page` is run, others are there as /<name>.js, the binaries under /wasm/. */
export async function openIsolatedPage(
  browser: Browser,
  scripts: { readonly page: string } & Readonly<Record<string, string>>,
): Promise<Page> {
  const bundled = await Promise.all(Object.entries(scripts).map(async ([name, source]) => [`/${name}.js`, await bundle(source)] as const));
  const files = new Map([['/', '<!doctype html><script type="module" src="/page.js"></script>'], ...bundled]);
  const page = await (await browser.newContext()).newPage();
  await page.context().route(`${ORIGIN}/**`, async (route) => {
    const path = new URL(route.request().url()).pathname;
    const body = files.get(path) ?? (await wasmFile(path));
    const contentType = path.endsWith('.wasm') ? 'application/wasm' : path === '/' ? 'text/html' : 'text/javascript';
    await route.fulfill({ body, contentType, headers });
  });
  await page.goto(ORIGIN);
  return page;
}

async function bundle(source: string): Promise<string> {
  const options = { ...bundleOptions(), sourcemap: false, platform: 'browser', format: 'esm' } as const;
  const { outputFiles } = await build({ ...options, entryPoints: [join(root, source)], outdir: 'unwritten', write: false });
  return outputFiles.find(({ path }) => path.endsWith('.js'))?.text ?? '';
}

function wasmFile(path: string): Promise<Buffer> {
  const packageFile = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm/package.json');
  return readFile(join(dirname(packageFile), 'wasm-out', path.replace('/wasm/', '')));
}
