// The training benchmark in a window: WebGL, WebGPU where there is one, and WASM in a worker of a Chromium page.
import type { Browser } from 'playwright-core';
import type { BackendName } from '../../src-shared/training/recipe/recipe';
import { launchChromium } from '../../tests/browser/chromium';
import { openIsolatedPage } from '../../tests/browser/isolated-page';
import type { Workload } from './networks';
import type { Measurement } from './step';
import type { WorkerAnswer, WorkerRequest } from './worker';

/** A backend that computes on the CPU through a graphics library takes this long for a step, and is given up then. */
const LONGEST_MS = 30_000;

/** How much of a workload is measured on a slow backend. */
export const SLOW = { batch: 2, steps: 1 } as const;

export interface WindowReport {
  device(backend: BackendName, text: string): void;
  measured(workload: Workload, backend: BackendName, measurement: Measurement): void;
  failed(workload: Workload, backend: BackendName, why: string): void;
}

/** Measures the workloads on each backend. */
export async function measureInWindow(
  backends: readonly BackendName[],
  chosen: readonly Workload[],
  steps: number,
  report: WindowReport,
): Promise<void> {
  const browser = await launchChromium();
  try {
    for (const backend of backends) {
      const { device, software = false, problem } = await askOnNewPage(browser, { backend });
      report.device(backend, device ?? problem ?? 'no answer');
      for (const workload of device ? chosen : []) {
        const size = software ? SLOW : { batch: workload.batch, steps };
        const { measurement, problem } = await askOnNewPage(browser, { backend, workload: { name: workload.name, ...size } });
        if (measurement) report.measured(workload, backend, measurement);
        else report.failed(workload, backend, problem ?? 'no answer');
      }
    }
  } finally {
    await browser.close();
  }
}

/** A page for each question, closed with its worker, so that one that is given up does not keep the next from its turn. */
async function askOnNewPage(browser: Browser, request: WorkerRequest): Promise<WorkerAnswer> {
  const page = await openIsolatedPage(browser, { page: 'bench/train/page.ts', worker: 'bench/train/worker.ts' });
  try {
    await page.waitForFunction(() => 'askWorker' in globalThis);
    const answer = page.evaluate((asked) => globalThis.askWorker(asked), request);
    return await Promise.race([answer.catch((error: unknown) => ({ problem: String(error) })), givenUp()]);
  } finally {
    await page.close();
  }
}

function givenUp(): Promise<WorkerAnswer> {
  return new Promise((resolve) => {
    setTimeout(() => resolve({ problem: `given up after ${LONGEST_MS / 1000} s` }), LONGEST_MS).unref();
  });
}
