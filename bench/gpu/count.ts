// Counting in a Chromium page; WebGPU there on whatever adapter there is, the software one too.
import { launchChromium, SOFTWARE_WEBGPU } from '../../tests/browser/chromium';
import { askOnNewPage } from '../window/ask';
import type { CountAnswer, CountRequest } from './worker';

/** Counts each request in turn, in one browser. `software`: no GPU is asked for. */
export async function countInWindow(
  requests: readonly CountRequest[],
  told: (request: CountRequest, answer: CountAnswer) => void,
  { software }: { readonly software: boolean },
): Promise<void> {
  const browser = await launchChromium(software ? SOFTWARE_WEBGPU : ['--enable-unsafe-webgpu']);
  try {
    for (const request of requests) told(request, await askOnNewPage<CountAnswer>(browser, 'bench/gpu/worker.ts', request));
  } finally {
    await browser.close();
  }
}
