// The jobs that one program does. It keeps what they say of themselves, passes on what is asked of them, and holds those that
// have ended until they are put away. Invariant: what is over before a moment has passed is no long job, and is never listed.
import { UserError } from '../../base/user-error';
import { endText, isUnderWay, type Job, type JobAction, type JobKind, type JobResult } from './job';
import { Rate } from './rate';

/** What a job is, from its beginning on. */
export interface AskedJob {
  readonly kind: JobKind;
  readonly title: string;
  readonly unit: string;
  readonly withoutWindow: Job['withoutWindow'];
  readonly result?: JobResult;
  /** Listed from its first moment on, however short it may be. */
  readonly atOnce?: boolean;
}

/** How a job is acted upon; what is not there cannot be done to it. */
export type JobControls = Partial<Readonly<Record<JobAction, () => unknown>>>;

/** What whoever does a job says of it. After its end nothing is heard. */
export interface RunningJob {
  readonly id: string;
  progress(done: number, total: number | null): void;
  /** For the log, and as what there is to say now; the same text twice in a row is said once. */
  say(text: string): void;
  pause(): void;
  goOn(): void;
  change(change: Partial<Pick<Job, 'withoutWindow' | 'result' | 'title'>>): void;
  end(state: 'finished' | 'stopped' | 'failed', message?: string): void;
}

export interface Clock {
  /** Milliseconds since 1970; somebody may set it. */
  readonly now: () => number;
  /** Milliseconds of a clock that only goes on. */
  readonly elapsed: () => number;
  readonly after: (milliseconds: number, task: () => void) => unknown;
}

const SYSTEM_CLOCK: Clock = {
  now: () => Date.now(),
  elapsed: () => performance.now(),
  after: (milliseconds, task) => setTimeout(task, milliseconds),
};

/** From then on a job is long. Milliseconds. */
export const LISTED_AFTER = 800;
const MOST_LOG_LINES = 60;
/** Jobs that have ended and are kept. */
const MOST_ENDED = 40;

interface Kept {
  job: Job;
  readonly controls: JobControls;
  readonly rate: Rate;
  readonly began: number;
  readonly atOnce: boolean;
}

export class JobList {
  private readonly kept = new Map<string, Kept>();
  private next = 1;

  constructor(
    /** Called after every change of what is listed. */
    private readonly changed: () => void,
    /** Called with every listed job that has ended. */
    private readonly ended: (job: Job) => void = () => undefined,
    /** Before the ids of this program's jobs. */
    private readonly prefix = 'job',
    private readonly clock = SYSTEM_CLOCK,
  ) {}

  /** The jobs to be shown, those under way first, the newest first among each. */
  list(): readonly Job[] {
    const listed = [...this.kept.values()].filter((one) => this.isListed(one)).map(({ job }) => job);
    const byAge = listed.sort((a, b) => b.startedAt - a.startedAt);
    return [...byAge.filter(isUnderWay), ...byAge.filter((job) => !isUnderWay(job))];
  }

  /** Takes up a job that begins now. */
  begin(asked: AskedJob, controls: JobControls = {}): RunningJob {
    const id = `${this.prefix}-${this.next++}`;
    const kept: Kept = {
      job: this.newJob(id, asked, controls),
      controls,
      rate: new Rate(),
      began: this.clock.elapsed(),
      atOnce: asked.atOnce ?? false,
    };
    this.kept.set(id, kept);
    if (kept.atOnce) this.changed();
    else this.clock.after(LISTED_AFTER, () => this.kept.has(id) && this.changed());
    return this.runningJob(kept);
  }

  /** Acts upon a job. Throws UserError where it is over or cannot be acted upon so; rejects with what the act says. */
  async control(id: string, action: JobAction): Promise<void> {
    const kept = this.kept.get(id);
    if (!kept) throw new UserError('that job is no longer listed');
    const act = kept.controls[action];
    if (!isUnderWay(kept.job)) throw new UserError(`${kept.job.title}: ${endText(kept.job).toLowerCase()} already`);
    if (!act || !kept.job.actions.includes(action)) throw new UserError(`${kept.job.title} takes no '${action}' now`);
    await act();
  }

  /** Puts a job that has ended away; all of them without an id. */
  forget(id?: string): void {
    for (const [key, { job }] of this.kept) if (!isUnderWay(job) && (id === undefined || id === key)) this.kept.delete(key);
    this.changed();
  }

  private isListed({ job, began, atOnce }: Kept): boolean {
    return atOnce || !isUnderWay(job) || this.clock.elapsed() - began >= LISTED_AFTER;
  }

  private newJob(id: string, { kind, title, unit, withoutWindow, result }: AskedJob, controls: JobControls): Job {
    return {
      id,
      kind,
      title,
      unit,
      withoutWindow,
      state: 'running',
      done: null,
      total: null,
      rate: null,
      secondsLeft: null,
      startedAt: this.clock.now(),
      endedAt: null,
      message: '',
      log: [],
      dropped: 0,
      actions: actionsOf('running', controls),
      result: result ?? null,
    };
  }

  private runningJob(kept: Kept): RunningJob {
    const to = (state: 'running' | 'paused'): void => {
      kept.rate.interrupt();
      this.change(kept, { state, rate: null, secondsLeft: null, actions: actionsOf(state, kept.controls) });
    };
    return {
      id: kept.job.id,
      progress: (done, total) => {
        kept.rate.add(done, this.clock.elapsed());
        const rate = kept.rate.perSecond();
        const secondsLeft = total === null || rate === null || rate === 0 ? null : Math.max(0, total - done) / rate;
        this.change(kept, { done, total, rate, secondsLeft });
      },
      say: (text) => {
        if (text !== kept.job.message) this.change(kept, { message: text, ...this.logged(kept.job, text) });
      },
      pause: () => to('paused'),
      goOn: () => to('running'),
      change: (change) => this.change(kept, change),
      end: (state, message = '') => this.end(kept, state, message),
    };
  }

  private change(kept: Kept, change: Partial<Job>): void {
    if (!isUnderWay(kept.job)) return;
    kept.job = { ...kept.job, ...change };
    if (this.isListed(kept)) this.changed();
  }

  private end(kept: Kept, state: 'finished' | 'stopped' | 'failed', message: string): void {
    if (!isUnderWay(kept.job)) return;
    const wasListed = this.isListed(kept);
    const said = message === '' ? {} : this.logged(kept.job, message);
    const done = state === 'finished' && kept.job.total !== null ? { done: kept.job.total } : {};
    kept.job = { ...kept.job, ...said, ...done, state, message, endedAt: this.clock.now(), rate: null, secondsLeft: null, actions: [] };
    if (!wasListed) return void this.kept.delete(kept.job.id);
    this.dropOldest();
    this.changed();
    this.ended(kept.job);
  }

  private dropOldest(): void {
    const over = [...this.kept.values()].filter(({ job }) => !isUnderWay(job)).slice(0, -MOST_ENDED);
    for (const { job } of over) this.kept.delete(job.id);
  }

  private logged({ log, dropped }: Job, text: string): Pick<Job, 'log' | 'dropped'> {
    const lines = [...log, { at: this.clock.now(), text }];
    const left = Math.max(0, lines.length - MOST_LOG_LINES);
    return { log: lines.slice(left), dropped: dropped + left };
  }
}

/** What a state leaves to be done. */
function actionsOf(state: 'running' | 'paused', controls: JobControls): JobAction[] {
  const possible: readonly JobAction[] = state === 'running' ? ['pause', 'cancel'] : ['resume', 'cancel'];
  return possible.filter((action) => controls[action] !== undefined);
}
