// A job whose steps come as a stream: they go on to whoever asked, and the list hears of them. Invariant: leaving the stream and
// stopping the job from the list end the same work.
import { messageOf } from '../../base/message-of';
import { UserError } from '../../base/user-error';
import type { AskedJob, JobList, RunningJob } from './job-list';

/** Somebody stopped a job from the list. */
export class JobStopped extends UserError {}

/** What a step of a job says of the whole. */
export interface JobStep {
  readonly done?: number;
  readonly total?: number | null;
  readonly says?: string;
}

/**
 * The steps of a job as they come, which the list hears of, too. Leaving them stops the job, and so does the list: then they end
 * with JobStopped. `start` gets the signal that says so.
 */
export async function* followedSteps<Step>(
  jobs: JobList,
  asked: AskedJob,
  start: (signal: AbortSignal) => AsyncIterable<Step>,
  read: (step: Step) => JobStep | null,
  left?: AbortSignal,
): AsyncGenerator<Step, void> {
  const stop = new AbortController();
  const leave = (): void => stop.abort();
  left?.addEventListener('abort', leave, { once: true });
  let byList = false;
  const stopped = new Promise<'stopped'>((resolve) => stop.signal.addEventListener('abort', () => resolve('stopped'), { once: true }));
  const job = jobs.begin(asked, { cancel: () => ((byList = true), stop.abort()) });
  const steps = start(stop.signal)[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = await Promise.race([steps.next(), stopped]);
      if (next === 'stopped') break;
      if (next.done) return job.end('finished');
      tellStep(job, read(next.value));
      yield next.value;
    }
    job.end('stopped');
    if (byList) throw new JobStopped(`${asked.title} was stopped.`);
  } catch (error) {
    if (!(error instanceof JobStopped)) job.end(stop.signal.aborted ? 'stopped' : 'failed', messageOf(error));
    throw error;
  } finally {
    left?.removeEventListener('abort', leave);
    job.end('stopped');
    stop.abort();
    // What is under way ends by itself; nobody waits for it.
    void Promise.resolve(steps.return?.()).catch(() => undefined);
  }
}

function tellStep(job: RunningJob, step: JobStep | null): void {
  if (step?.done !== undefined) job.progress(step.done, step.total ?? null);
  if (step?.says) job.say(step.says);
}

/** Lists work that says nothing on its way, while it lasts. */
export async function heldAsJob<Result>(jobs: JobList, asked: AskedJob, work: () => Promise<Result>): Promise<Result> {
  const job = jobs.begin(asked);
  try {
    const result = await work();
    job.end('finished');
    return result;
  } catch (error) {
    job.end('failed', messageOf(error));
    throw error;
  }
}
