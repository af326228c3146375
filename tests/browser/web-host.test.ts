// The browser host in a real Chromium, with a page of our own in place of the window.
import { build } from 'esbuild';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { StudioClient } from '../../src-shared/link/client';
import { startWebHost } from '../../electron/web-host/start';
import type { WebHost } from '../../electron/web-host/web-host';
import { bundleOptions } from '../../electron/launcher/build.mjs';
import { launchChromium } from './chromium';

declare global {
  var studio: Promise<StudioClient>;
}

let folder: string;
let browser: Browser;
let host: WebHost;
let page: Page;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'repmlp-page-'));
  await writeFile(join(folder, 'index.html'), '<!doctype html><title>test page</title><script type="module" src="./page.js"></script>');
  const contents = "import { connectStudio } from '@shared/link/connect'; globalThis.studio = connectStudio(window);";
  await build({
    ...bundleOptions(),
    platform: 'browser',
    format: 'esm',
    stdin: { contents, resolveDir: folder },
    outfile: join(folder, 'page.js'),
  });
  browser = await launchChromium();
  host = await startWebHost({ port: 0, runsFolder: join(folder, 'runs'), renderer: folder });
  page = await browser.newPage();
  await page.goto(host.url);
});

afterAll(async () => {
  await browser?.close();
  await host?.close();
  await rm(folder, { recursive: true, force: true });
});

describe('the browser host', () => {
  it('answers typed calls of a page it served', async () => {
    const info = await page.evaluate(async () => (await studio).app.info());
    expect(info).toMatchObject({ host: 'browser', platform: process.platform, runsFolder: join(folder, 'runs') });
  });

  it('takes the token out of the address and keeps the session over a reload', async () => {
    expect(new URL(page.url()).hash).toBe('');
    await page.reload();
    expect(await page.evaluate(async () => (await (await studio).app.info()).host)).toBe('browser');
  });

  it('isolates the page, so that shared memory is available', async () => {
    expect(await page.evaluate(() => [crossOriginIsolated, isSecureContext, typeof SharedArrayBuffer])).toEqual([true, true, 'function']);
  });

  it('lets the page run no inline script', async () => {
    const ran = await page.evaluate(() => {
      const script = document.createElement('script');
      script.textContent = 'globalThis.injected = true';
      document.head.append(script);
      return 'injected' in globalThis;
    });
    expect(ran).toBe(false);
  });

  it('moves arrays by URL in both directions, also a range of them', async () => {
    const received = await page.evaluate(async () => {
      const id = crypto.randomUUID();
      const url = await (await fetch(`/bulk/${id}`, { method: 'PUT', body: Float32Array.of(1, 2, 3, 4) })).text();
      const part = await fetch(url, { headers: { range: 'bytes=4-11' } });
      return { status: part.status, values: [...new Float32Array(await part.arrayBuffer())] };
    });
    expect(received).toEqual({ status: 206, values: [2, 3] });
  });

  it('refuses a second browser with the same token, and says what to do', async () => {
    const other = await browser.newContext();
    const second = await other.newPage();
    await second.goto(host.url);
    await expect(second.evaluate(() => studio)).rejects.toThrow('was used before');
    await other.close();
  });
});
