// A browser whose page computes for the host: the page is closed, its process is killed, or the GPU's process is, amid a training
// on WebGL. Invariant: the run goes on from its last checkpoint once a page is there, and ends with the bytes of one that nobody
// disturbed, or says that it went on on another backend.
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser, Page } from 'playwright-core';
import type { Random } from '../../src-shared/tensor/random';
import type { StudioClient } from '../../src-shared/link/client';
import type { TrainingConfig } from '../../src-shared/training/recipe/recipe';
import { launchChromium } from '../../tests/browser/chromium';
import { emptyFolder } from './files';
import { sumOf } from './folder';
import { startHost, type RunningHost } from './host';
import type { Ledger } from './ledger';
import type { Scene } from './scene';
import { wholeRun } from './training';

const WAYS = ['page', 'page process', 'GPU process'] as const;
const EPOCHS = 3;
const LAST = `checkpoints/epoch-${String(EPOCHS).padStart(4, '0')}.safetensors`;

export async function openWindowScene(ledger: Ledger, random: Random, base: string): Promise<Scene> {
  const runs = await emptyFolder(base, 'window-runs');
  const { config } = (await wholeRun(base)) as { config: TrainingConfig };
  const host = await startHost(runs, ['--engine', 'window']);
  const scene = new WindowScene(ledger, random, runs, host, { ...config, backend: 'webgl', recipe: { ...config.recipe, epochs: EPOCHS } });
  await scene.open();
  return scene;
}

class WindowScene implements Scene {
  private browser: Browser | null = null;
  private page: Page | null = null;
  private client: StudioClient | null = null;
  private undisturbed: { readonly sum: string | null; readonly milliseconds: number } = { sum: null, milliseconds: 0 };
  private count = 0;

  constructor(
    private readonly ledger: Ledger,
    private readonly random: Random,
    private readonly runs: string,
    private readonly host: RunningHost,
    private readonly config: TrainingConfig,
  ) {}

  async open(): Promise<void> {
    this.client = await this.host.client(false);
    await this.openPage();
    const started = performance.now();
    await this.start('whole');
    await this.ended('whole');
    this.undisturbed = { sum: await sumOf(join(this.runs, 'whole', LAST)), milliseconds: performance.now() - started };
  }

  async kill(): Promise<void> {
    const way = WAYS[this.random.integer(WAYS.length)];
    const name = `killed-${++this.count}`;
    await this.start(name);
    await sleep(this.random.uniform() * this.undisturbed.milliseconds);
    await this.end(way);
    this.ledger.killed(`the ${way} that computes`);
    await this.ended(name);
    await this.check(name, way);
    await rm(join(this.runs, name), { recursive: true, force: true });
  }

  async close(): Promise<void> {
    await this.browser?.close();
    await this.host.end('SIGTERM');
  }

  private async start(name: string): Promise<void> {
    await this.client?.training.start({ config: this.config, name });
  }

  private async ended(name: string): Promise<void> {
    while ((await this.client?.training.active())?.includes(name)) await sleep(50);
  }

  private async end(way: (typeof WAYS)[number]): Promise<void> {
    if (way === 'GPU process') return killGpu();
    // The answer never comes from a process that is gone.
    if (way === 'page process') void this.page?.goto('chrome://crash').catch(() => undefined);
    else await this.page?.close();
    await sleep(100);
    await this.openPage();
  }

  /** In a new browser: a page whose graphics were lost twice is not given any more of them. */
  private async openPage(): Promise<void> {
    await this.browser?.close();
    this.browser = await launchChromium(['--disable-gpu-process-crash-limit', '--disable-domain-blocking-for-3d-apis']);
    const context = await this.browser.newContext();
    const { origin } = new URL(this.host.url);
    const [name, value] = this.host.cookie().split('=');
    await context.addCookies([{ name, value, url: origin }]);
    this.page = await context.newPage();
    await this.page.goto(origin);
    await this.page.waitForSelector('#root > *');
  }

  private async check(name: string, way: string): Promise<void> {
    const kind = `the ${way} that computes`;
    const record = JSON.parse(await readFile(join(this.runs, name, 'run.json'), 'utf8')) as {
      state: string;
      backend: string;
      backendChanges?: unknown[];
    };
    if (record.state !== 'finished') return this.ledger.wrong(kind, `the run is ${record.state}`);
    const left = (await readdir(join(this.runs, name), { recursive: true })).filter((file) => file.endsWith('.tmp'));
    if (left.length > 0) this.ledger.wrong(kind, `left: ${left.join(', ')}`);
    const changed = record.backend !== 'webgl';
    if (changed && !record.backendChanges?.length) return this.ledger.wrong(kind, 'the run went on on another backend and does not say so');
    if (!changed && (await sumOf(join(this.runs, name, LAST))) !== this.undisturbed.sum)
      return this.ledger.wrong(kind, 'other bytes than undisturbed');
    this.ledger.proved(
      changed ? `${kind}: a finished run that says that it went on on ${record.backend}` : `${kind}: a finished run with the same bytes`,
    );
  }
}

/** Ends the GPU's process of the browsers that this process started. */
async function killGpu(): Promise<void> {
  for (const pid of await descendants(process.pid)) {
    const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    if (command.includes('--type=gpu-process')) process.kill(pid, 'SIGKILL');
  }
}

async function descendants(root: number): Promise<number[]> {
  const parents = new Map<number, number>();
  for (const name of await readdir('/proc')) {
    const stat = /^\d+$/.test(name) ? await readFile(`/proc/${name}/stat`, 'utf8').catch(() => '') : '';
    if (stat !== '') parents.set(Number(name), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]));
  }
  const isBelow = (pid: number): boolean => {
    for (let at = parents.get(pid); at !== undefined && at > 1; at = parents.get(at)) if (at === root) return true;
    return false;
  };
  return [...parents.keys()].filter(isBelow);
}
