// The ablation: trains a list of variants one after the other, each on the engine there is when its turn comes. The
// list is the service's and lies on disk, so that neither a closed window nor a restart loses the variants to come.
// Invariant: a variant that is not finished ends the ablation, which can go on with it later.
import { mkdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { parseNetworkSpec } from '@shared/model/schema';
import { VARIANT_STATES, variantStateAfter, type AblationStatus, type AskedVariant, type VariantState } from '@shared/training/ablation';
import type { TrainingConfig } from '@shared/training/recipe';
import { UserError } from '@shared/user-error';
import { Broadcast } from './broadcast';
import { writeFileAtomically } from './files';
import type { Trainings } from './trainings';

interface Variant extends AskedVariant {
  readonly run: string | null;
  readonly state: VariantState;
}

const file = z.object({
  ended: z.string(),
  variants: z.array(
    z.object({
      config: z.custom<TrainingConfig>(isConfig),
      name: z.string(),
      run: z.string().nullable(),
      state: z.enum(VARIANT_STATES),
    }),
  ),
});

/** What the file says of an ablation under way, for the service that reads it after this one is gone. */
const CLOSED = 'The studio was closed before all variants were trained.';

/** One ablation at a time. */
export class Ablation {
  private readonly news = new Broadcast<AblationStatus | null>();
  private variants: readonly Variant[] = [];
  private underWay = false;
  private stopping = false;
  private ended = '';
  private loading: Promise<void> | null = null;

  constructor(
    /** The file of the list. */
    private readonly path: string,
    private readonly trainings: Pick<Trainings, 'start' | 'resume' | 'control' | 'names' | 'outcome'>,
  ) {}

  isUnderWay(): boolean {
    return this.underWay;
  }

  /** Begins with the first of these variants; they take the place of an earlier list. Throws UserError while one is under way. */
  async start(asked: readonly AskedVariant[]): Promise<void> {
    await this.load();
    this.begin(asked.map(({ config, name }) => ({ config, name, run: null, state: 'waiting' })));
  }

  /** Goes on with the first variant that is not finished, from its last checkpoint. Throws UserError if there is none. */
  async resume(): Promise<void> {
    await this.load();
    if (this.variants.every(({ state }) => state === 'finished')) throw new UserError('there is no ablation to go on with');
    this.begin(this.variants);
  }

  /** Stops the variant under way, which can be resumed, and trains no more. */
  async stop(): Promise<void> {
    this.stopping = true;
    const current = this.variants.find(({ state }) => state === 'training');
    if (current?.run) await this.stopRun(current.run);
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

  private begin(variants: readonly Variant[]): void {
    if (this.underWay) throw new UserError('an ablation is under way already: stop it first');
    Object.assign(this, { variants, underWay: true, stopping: false, ended: '' });
    void this.trainAll();
  }

  /** Trains what is not finished; never rejects. */
  private async trainAll(): Promise<void> {
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
    await this.publish().catch(console.error);
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
    const ended = this.underWay ? CLOSED : this.ended;
    await mkdir(dirname(this.path), { recursive: true });
    await writeFileAtomically(this.path, `${JSON.stringify({ ended, variants: this.variants }, null, 2)}\n`, { force: true });
    this.news.send(this.status());
  }

  private status(): AblationStatus | null {
    if (this.variants.length === 0) return null;
    const variants = this.variants.map(({ config, run, state }) => ({ model: config.spec.name, run, state }));
    return { variants, underWay: this.underWay, ended: this.ended };
  }

  private load(): Promise<void> {
    return (this.loading ??= this.read());
  }

  /** Takes up a list that an earlier service left unfinished; one that cannot be read is no list. */
  private async read(): Promise<void> {
    const { success, data } = file.safeParse(
      await readFile(this.path, 'utf8')
        .then(JSON.parse)
        .catch(() => null),
    );
    if (!success || data.variants.every(({ state }) => state === 'finished')) return;
    this.ended = data.ended;
    this.variants = data.variants.map((variant) => ({ ...variant, state: variant.state === 'training' ? 'stopped' : variant.state }));
  }
}

/** Whether a configuration in the file has a network that can be built; the rest was checked when the list was made. */
function isConfig(value: unknown): boolean {
  try {
    const { spec, recipe, dataset } = value as TrainingConfig;
    return parseNetworkSpec(spec).name !== '' && typeof recipe === 'object' && typeof dataset === 'object';
  } catch {
    return false;
  }
}
