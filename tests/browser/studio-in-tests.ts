// The studio for the tests of one file: a browser, a host and a page of it, there before the first test and
// gone after the last.
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll } from 'vitest';
import { launchChromium } from './chromium';
import { openStudio, startStudioHost, type StudioHost } from './studio-host';

/** A window that has reached its service. */
export interface OpenedStudio {
  readonly host: StudioHost;
  readonly page: Page;
  /** Errors of the page, as they come. */
  readonly problems: readonly string[];
}

export interface StudioOptions {
  /** Added to the browser's command line. */
  readonly browserFlags?: readonly string[];
  /** Added to the host's command line. */
  readonly hostFlags?: readonly string[];
  /** Fills the runs folder before the window opens. */
  readonly prepare?: (host: StudioHost) => Promise<void>;
}

/** Opens the studio before the first test of the file and gives it to `opened`. */
export function withStudio(opened: (studio: OpenedStudio) => unknown, { browserFlags, hostFlags, prepare }: StudioOptions = {}): void {
  let browser: Browser | undefined;
  let host: StudioHost | undefined;
  beforeAll(async () => {
    [browser, host] = await Promise.all([launchChromium(browserFlags), startStudioHost(hostFlags)]);
    await prepare?.(host);
    const { page, problems } = await openStudio(browser, host.url);
    await page.getByTestId('status-connection').filter({ hasText: 'Connected' }).waitFor();
    await opened({ host, page, problems });
  });
  afterAll(async () => {
    await browser?.close();
    await host?.stop();
  });
}
