// Counting in a Chromium page; WebGPU there on whatever adapter there is, the software one too.
import type { Browser } from 'playwright-core';
import { launchChromium, SOFTWARE_WEBGPU } from '../../tests/browser/chromium';
import { openIsolatedPage } from '../../tests/browser/isolated-page';
import type { CountAnswer, CountRequest } from './worker';

/** Counts each request in turn, in one browser. `software`: no GPU is asked for. */
export async function countInWindow(
  requests: readonly CountRequest[],
  told: (request: CountRequest, answer: CountAnswer) => void,
  { software }: { readonly software: boolean },
): Promise<void> {
  const browser = await launchChromium(software ? SOFTWARE_WEBGPU : ['--enable-unsafe-webgpu']);
  try {
    for (const request of requests) told(request, await countOnNewPage(browser, request));
  } finally {
    await browser.close();
  }
}

async function countOnNewPage(browser: Browser, request: CountRequest): Promise<CountAnswer> {
  const page = await openIsolatedPage(browser, { page: 'bench/gpu/page.ts', worker: 'bench/gpu/worker.ts' });
  try {
    await page.waitForFunction(() => 'countSteps' in globalThis);
    return await page.evaluate((asked) => globalThis.countSteps(asked), request);
  } finally {
    await page.close();
  }
}
