// The ablation: trains a list of variants one after the other, each on the engine there is when its turn comes. The
// list is the service's and lies on disk, so that neither a closed window nor a restart loses the variants to come.
// Invariant: a variant that is not finished ends the ablation, which can go on with it later.
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { variantStateAfter, type AblationStatus, type AskedVariant } from '@shared/training/ablation';
import { checkedTrainingConfig } from '@shared/training/recipe/recipe-schema';
import { UserError } from '@shared/base/user-error';
import {
  ABLATION_LOCK,
  followRun,
  readAblation,
  withRun,
  writeAblation,
  type StoredAblation,
  type StoredVariant as Variant,
} from './ablation-file';
import { Broadcast } from '../broadcast';
import { takeLock } from '../../files/lock';
import { setAside } from '../../files/set-aside';
import type { Trainings } from './trainings';

/** What the file says of an ablation under way, for the service that reads it after this one is gone. */
const CLOSED = 'The studio was closed before all variants were trained.';

/** One ablation at a time. */
export class Ablation {
  private readonly news = new Broadcast<AblationStatus | null>();
  private variants: readonly Variant[] = [];
  private underWay = false;
  private stopping = false;
  private ended = '';
  /** Whether the file holds something that is no list. */
  private unreadable = false;
  private loading: Promise<void> | null = null;

  constructor(
    /** The file of the list. */
    private readonly path: string,
    private readonly trainings: Pick<Trainings, 'start' | 'resume' | 'control' | 'names' | 'outcome'>,
  ) {}

  isUnderWay(): boolean {
    return this.underWay;
  }

  /** Begins with the first of these variants; they take the place of an earlier list. Throws UserError while one is under way, here or in another program. */
  async start(asked: readonly AskedVariant[]): Promise<void> {
    await this.load();
    const variants = asked.map(({ config, name }, index): Variant => {
      return { config: checkedTrainingConfig(config, `variant ${index + 1}`), name, run: null, state: 'waiting' };
    });
    await this.begin(async () => {
      if (this.unreadable) await setAside(this.path);
      return variants;
    });
  }

  /** Goes on with the first variant that is not finished, from its last checkpoint. Throws UserError if there is none. */
  async resume(): Promise<void> {
    await this.load();
    await this.begin(async () => {
      // Another program may have gone on with it meanwhile.
      const variants = (await readAblation(this.path))?.variants ?? [];
      if (variants.every(({ state }) => state === 'finished')) throw new UserError('there is no ablation to go on with');
      return variants.map(withoutTraining);
    });
  }

  /** Stops the variant under way, which can be resumed, and trains no more. */
  async stop(): Promise<void> {
    this.stopping = true;
    const current = this.variants.find(({ state }) => state === 'training');
    if (current?.run) await this.stopRun(current.run);
  }

  /** Follows a run that was renamed; or, `to` null, deleted. */
  async follow(from: string, to: string | null): Promise<void> {
    await this.load();
    this.variants = withRun(this.variants, from, to);
    if (this.underWay) return this.publish();
    // The list on disk may hold more: one whose variants are all finished is not taken up.
    await followRun(this.path, from, to);
    this.news.send(this.status());
  }

  /** Trains no more after the variant under way, and tells nobody more: the service ends. */
  close(): void {
    this.stopping = true;
    this.news.end();
  }

  /** Where it stands, now and after every change; null while there is none. */
  async *watch(signal?: AbortSignal): AsyncGenerator<AblationStatus | null, void> {
    await this.load();
    yield* this.news.subscribe(signal, [this.status()]);
  }

  /** Trains the variants that `list` gives once no other program trains an ablation in this folder. */
  private async begin(list: () => Promise<readonly Variant[]>): Promise<void> {
    if (this.underWay) throw new UserError('an ablation is under way already: stop it first');
    this.underWay = true;
    const folder = dirname(this.path);
    try {
      await mkdir(folder, { recursive: true });
      const lock = await takeLock(folder, ABLATION_LOCK, `an ablation in ${folder} is being trained`);
      try {
        Object.assign(this, { variants: await list(), stopping: false, ended: '', unreadable: false });
      } catch (error) {
        await lock.release();
        throw error;
      }
      void this.trainAll(() => lock.release());
    } catch (error) {
      this.underWay = false;
      throw error;
    }
  }

  /** Trains what is not finished, then lets others do so; never rejects. */
  private async trainAll(release: () => Promise<void>): Promise<void> {
    try {
      await this.publish();
      for (const [index, { state }] of this.variants.entries()) {
        if (state !== 'finished' && !(await this.train(index))) break;
      }
    } catch (error) {
      this.ended = error instanceof Error ? error.message : String(error);
      this.variants = this.variants.map((variant) => (variant.state === 'training' ? { ...variant, state: 'failed' } : variant));
    }
    this.underWay = false;
    await this.store().catch(console.error);
    await release().catch(console.error);
    this.news.send(this.status());
  }

  /** Trains a variant to its end, whatever it is; whether the next one's turn has come. */
  private async train(index: number): Promise<boolean> {
    const { config } = this.variants[index];
    if (this.stopping) {
      this.ended = `Stopped before ${config.spec.name}.`;
      return false;
    }
    const run = await this.runOf(this.variants[index]);
    // Windows follow the run of the variant under way, so it is named only now.
    await this.change(index, { run, state: 'training' });
    if (this.stopping) await this.stopRun(run);
    const state = variantStateAfter(await this.trainings.outcome(run));
    if (state !== 'finished')
      this.ended = `Ended with ${config.spec.name}: its run ${run} ${state === 'failed' ? 'failed' : 'was stopped'}.`;
    await this.change(index, { state });
    return state === 'finished';
  }

  /** The run of a variant, under way unless somebody has finished it meanwhile. */
  private async runOf({ run, config, name }: Variant): Promise<string> {
    if (run === null) return this.trainings.start(config, name);
    if (!this.trainings.names().includes(run) && (await this.trainings.outcome(run)) !== 'finished') await this.trainings.resume(run);
    return run;
  }

  /** A run that has just ended needs no stop. */
  private async stopRun(run: string): Promise<void> {
    if (this.trainings.names().includes(run)) await this.trainings.control(run, { action: 'stop' });
  }

  private async change(index: number, change: Partial<Variant>): Promise<void> {
    this.variants = this.variants.map((variant, at) => (at === index ? { ...variant, ...change } : variant));
    await this.publish();
  }

  /** To disk first, then to the windows. */
  private async publish(): Promise<void> {
    await this.store();
    this.news.send(this.status());
  }

  private store(): Promise<void> {
    return writeAblation(this.path, { ended: this.underWay ? CLOSED : this.ended, variants: this.variants });
  }

  private status(): AblationStatus | null {
    if (this.variants.length === 0 && !this.unreadable) return null;
    const variants = this.variants.map(({ config, run, state }) => ({ model: config.spec.name, run, state }));
    return { variants, underWay: this.underWay, ended: this.ended };
  }

  private load(): Promise<void> {
    return (this.loading ??= this.read());
  }

  /** Takes up a list that an earlier service left unfinished; of one that cannot be read it is told why. */
  private async read(): Promise<void> {
    const stored = await readAblation(this.path).catch((error: Error): StoredAblation => {
      this.unreadable = true;
      return { ended: `The list of an earlier ablation cannot be read: ${error.message}`, variants: [] };
    });
    if (stored === null || (!this.unreadable && stored.variants.every(({ state }) => state === 'finished'))) return;
    this.ended = stored.ended;
    this.variants = stored.variants.map(withoutTraining);
  }
}

/** What was under way when its service ended was stopped. */
function withoutTraining(variant: Variant): Variant {
  return { ...variant, state: variant.state === 'training' ? 'stopped' : variant.state };
}
