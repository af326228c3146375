// Asking a worker of a Chromium page, and what answers there.
import type { Browser } from 'playwright-core';
import { openIsolatedPage } from '../../tests/browser/isolated-page';

/** What a worker answers where it has nothing else. */
export interface Problem {
  readonly problem?: string;
}

/**
 * Asks the worker of that source on a page of its own, closed with it: one that is given up after `longestMs` does not keep the next
 * from its turn, and no programs or tensors are left from the one before.
 */
export async function askOnNewPage<Answer extends Problem>(
  browser: Browser,
  worker: string,
  request: object,
  longestMs?: number,
): Promise<Answer | Problem> {
  const page = await openIsolatedPage(browser, { page: 'bench/window/page.ts', worker });
  try {
    await page.waitForFunction(() => 'askWorker' in globalThis);
    const answer = page.evaluate((asked) => globalThis.askWorker(asked), request) as Promise<Answer>;
    const ways = [answer.catch((error: unknown): Problem => ({ problem: String(error) }))];
    return await Promise.race(longestMs === undefined ? ways : [...ways, givenUp(longestMs)]);
  } finally {
    await page.close();
  }
}

function givenUp(afterMs: number): Promise<Problem> {
  return new Promise((resolve) => {
    setTimeout(() => resolve({ problem: `given up after ${afterMs / 1000} s` }), afterMs).unref();
  });
}
