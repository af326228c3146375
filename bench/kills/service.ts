// The browser host killed while it trains (and one of its threads, which it has to survive). Invariant: started again on the same
// runs folder it lists every run, goes on with it, and that ends with the bytes of a training on the command line nobody killed.
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { StudioClient } from '../../src-shared/link/client';
import type { Random } from '../../src-shared/tensor/random';
import type { TrainingConfig } from '../../src-shared/training/recipe/recipe';
import { emptyFolder } from './files';
import { unfinished } from './folder';
import { startHost, type RunningHost } from './host';
import type { Ledger } from './ledger';
import { oneOf, SIGNALS } from './process';
import type { Scene } from './scene';
import { threadHook } from './thread-hook';
import { checkCheckpoints, checkEnd, wholeRun, type WholeRun } from './training';

const KIND = 'the browser host with a training';
const THREAD = 'a thread of the browser host';

export async function openServiceScene(ledger: Ledger, random: Random, base: string): Promise<Scene> {
  const whole = await wholeRun(base);
  const scene = new ServiceScene(ledger, random, await emptyFolder(base, 'runs'), whole, {
    NODE_OPTIONS: `--import ${await threadHook(base)}`,
  });
  await scene.start();
  return scene;
}

class ServiceScene implements Scene {
  private host: RunningHost | null = null;
  private client: StudioClient | null = null;
  private run: string | null = null;

  constructor(
    private readonly ledger: Ledger,
    private readonly random: Random,
    private readonly folder: string,
    private readonly whole: WholeRun,
    private readonly variables: Readonly<Record<string, string>>,
  ) {}

  async start(): Promise<void> {
    await mkdir(this.folder, { recursive: true });
    this.host = await startHost(this.folder, [], this.variables);
    this.client = await this.host.client(true);
  }

  async kill(): Promise<void> {
    const { host, random } = this;
    await this.train();
    await sleep(random.uniform() * this.whole.trainingMilliseconds);
    if (random.uniform() < 0.3) {
      host?.child.kill('SIGUSR2');
      this.ledger.killed(THREAD);
      await this.toEnd(THREAD);
    } else {
      await host?.end(oneOf(SIGNALS, random));
      this.ledger.killed(KIND);
      if (this.run !== null) await checkCheckpoints(this.ledger, KIND, join(this.folder, this.run), this.whole);
      await this.start();
      if (random.uniform() < 0.3) await this.train().then(() => this.toEnd(KIND));
    }
  }

  async close(): Promise<void> {
    await this.train();
    await this.toEnd(KIND);
    await this.host?.end('SIGTERM');
  }

  /** Goes on with the run that is there, or starts one. */
  private async train(): Promise<void> {
    const listed = (await this.client?.run.list()) ?? [];
    const broken = (await this.client?.run.broken()) ?? [];
    if (broken.length > 0) this.ledger.wrong(KIND, `a run cannot be read: ${JSON.stringify(broken)}`);
    const [known] = listed;
    if (known?.state === 'finished') return this.finish(known.name, KIND);
    if ((await this.client?.training.active())?.length) return;
    if (known)
      await this.client?.training
        .resume({ run: known.name })
        .catch((error: Error) => this.ledger.wrong(KIND, `no resume: ${error.message}`));
    else await this.client?.training.start({ config: this.whole.config as TrainingConfig, name: 'killed' });
    this.run = known?.name ?? 'killed';
  }

  private async toEnd(kind: string): Promise<void> {
    for (let waited = 0; waited < 1200; waited++) {
      const [known] = (await this.client?.run.list()) ?? [];
      if (known === undefined) return;
      const isActive = (await this.client?.training.active())?.includes(known.name);
      if (known.state === 'finished' && !isActive) return this.finish(known.name, kind);
      if (known.state === 'failed' && !isActive) return this.ledger.wrong(kind, `the run has failed`);
      if (known.state === 'stopped' && !isActive) return this.train();
      await sleep(100);
    }
    this.ledger.wrong(kind, 'the run did not end within two minutes');
  }

  private async finish(name: string, kind: string): Promise<void> {
    const folder = join(this.folder, name);
    await checkEnd(this.ledger, kind, folder, this.whole);
    await rm(folder, { recursive: true, force: true });
    const left = unfinished(await readdir(this.folder)).filter((file) => file !== '.web-host.json' && file !== '.uploads');
    if (left.length > 0) this.ledger.wrong(kind, `left in the runs folder: ${left.join(', ')}`);
    this.run = null;
  }
}
