// How soon the window answers while a network is trained at full speed: `responsiveness [--seconds N]` starts the browser host and a page,
// trains, and meanwhile goes through the stages by keys and moves in the matrices. It says the longest task of the page's thread and
// how long after a press the next picture stood (Event Timing), each with the share that took no more than 100 ms.
import { parseArgs } from 'node:util';
import type { Page } from 'playwright-core';
import { launchChromium } from '../tests/browser/chromium';
import { openStudio, startStudioHost } from '../tests/browser/studio-host';

/** What is promised, in milliseconds. */
const PROMISED = 100;
/** Between two presses, in milliseconds. */
const BETWEEN = 150;

interface Seen {
  readonly tasks: readonly number[];
  readonly presses: readonly number[];
}

/** Exit code 1 where a press was answered later than promised. */
export async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({ args, options: { seconds: { type: 'string', default: '30' } } });
  const [browser, host] = await Promise.all([launchChromium(), startStudioHost()]);
  try {
    const { page } = await openStudio(browser, host.url);
    await page.getByTestId('status-connection').filter({ hasText: 'Connected' }).waitFor();
    const still = await measured(page, Number(values.seconds) / 3);
    await page.getByTestId('rail-training').click();
    await page.getByTestId('start-training').click();
    await page.getByTestId('status-jobs').filter({ hasText: '%' }).waitFor({ timeout: 120_000 });
    const training = await measured(page, Number(values.seconds));
    say('nothing else under way', still);
    say('training at full speed', training);
    process.exitCode = Math.max(0, ...training.presses) > PROMISED ? 1 : 0;
  } finally {
    await browser.close();
    await host.stop();
  }
}

/** Presses keys for so many seconds and gathers what the page's own clocks say. */
async function measured(page: Page, seconds: number): Promise<Seen> {
  await page.evaluate(() => {
    const seen: { tasks: number[]; presses: number[] } = { tasks: [], presses: [] };
    Object.assign(globalThis, { seen });
    new PerformanceObserver((list) => seen.tasks.push(...list.getEntries().map(({ duration }) => duration))).observe({ type: 'longtask' });
    const presses = new PerformanceObserver((list) => {
      for (const { name, duration } of list.getEntries()) if (name === 'keydown') seen.presses.push(duration);
    });
    presses.observe({ type: 'event', durationThreshold: 16 } as PerformanceObserverInit);
  });
  const end = performance.now() + seconds * 1000;
  const keys = ['Alt+2', 'Alt+3', 'Alt+7', 'Alt+5', 'ArrowRight', 'ArrowDown', 'ArrowRight', '=', '-', 'Alt+1', 'Alt+4'];
  for (let press = 0; performance.now() < end; press++) {
    await page.keyboard.press(keys[press % keys.length]);
    await page.waitForTimeout(BETWEEN);
  }
  return page.evaluate(() => (globalThis as { seen?: { tasks: number[]; presses: number[] } }).seen ?? { tasks: [], presses: [] });
}

function say(when: string, { tasks, presses }: Seen): void {
  const text = (list: readonly number[]): string => {
    if (list.length === 0) return 'none over the threshold';
    const sorted = [...list].sort((a, b) => a - b);
    const at = (share: number): number => Math.round(sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]);
    const kept = sorted.filter((one) => one <= PROMISED).length;
    return `median ${at(0.5)} ms, 95 % ${at(0.95)} ms, longest ${at(1)} ms; ${kept} of ${sorted.length} within ${PROMISED} ms`;
  };
  console.log(`${when}:\n  tasks over 50 ms: ${text(tasks)}\n  press to picture:  ${text(presses)}`);
}
