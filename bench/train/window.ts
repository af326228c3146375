// The training benchmark in a window: WebGL, WebGPU where there is one, and WASM in a worker of a Chromium page.
import type { BackendName } from '../../src-shared/training/recipe/recipe';
import { launchChromium } from '../../tests/browser/chromium';
import { askOnNewPage } from '../window/ask';
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
  const ask = (request: WorkerRequest): Promise<WorkerAnswer> =>
    askOnNewPage<WorkerAnswer>(browser, 'bench/train/worker.ts', request, LONGEST_MS);
  try {
    for (const backend of backends) {
      const { device, software = false, problem } = await ask({ backend });
      report.device(backend, device ?? problem ?? 'no answer');
      for (const workload of device ? chosen : []) {
        const size = software ? SLOW : { batch: workload.batch, steps };
        const { measurement, problem } = await ask({ backend, workload: { name: workload.name, ...size } });
        if (measurement) report.measured(workload, backend, measurement);
        else report.failed(workload, backend, problem ?? 'no answer');
      }
    }
  } finally {
    await browser.close();
  }
}
