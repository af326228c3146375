// A long job as the one list of them shows it: a training, a merge, a proof, an evaluation, whatever takes longer than a moment.
// The service keeps the jobs it does, a window those it does itself. Invariant: a job that has ended has `endedAt`, and one that
// has not has not.
import { z } from 'zod';
import { count, type Stored } from '../../base/sent';

export const JOB_KINDS = [
  'training',
  'ablation',
  'evaluation',
  'merge',
  'proof',
  'measurement',
  'statistics',
  'download',
  'figure',
  'film',
  'analysis',
  'lesson',
] as const;
export type JobKind = (typeof JOB_KINDS)[number];

export const JOB_STATES = ['running', 'paused', 'finished', 'stopped', 'failed'] as const;
export type JobState = (typeof JOB_STATES)[number];

export const JOB_ACTIONS = ['pause', 'resume', 'cancel'] as const;
/** What can be done to a job. */
export type JobAction = (typeof JOB_ACTIONS)[number];

const result = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('run'), run: z.string() }),
  /** A stage of the window shows it. */
  z.object({ kind: z.literal('stage'), stage: z.string() }),
]);
/** Where what comes of a job is seen. */
export type JobResult = Stored<z.infer<typeof result>>;

export const jobSchema = z.object({
  id: z.string(),
  kind: z.enum(JOB_KINDS),
  title: z.string(),
  state: z.enum(JOB_STATES),
  /** Of the whole job, in `unit`; null while not known. */
  done: z.number().nonnegative().nullable(),
  total: z.number().positive().nullable(),
  unit: z.string(),
  /** Units per second, pauses apart; null while not known. */
  rate: z.number().nonnegative().nullable(),
  secondsLeft: z.number().nonnegative().nullable(),
  /** Milliseconds since 1970, by the clock of whoever does it. */
  startedAt: z.number(),
  endedAt: z.number().nullable(),
  /** What there is to say of it now. */
  message: z.string(),
  /** What was said of it, the oldest first; `dropped` lines before those are left out. */
  log: z.array(z.object({ at: z.number(), text: z.string() })),
  dropped: count,
  actions: z.array(z.enum(JOB_ACTIONS)),
  /** What becomes of it when the window that asked is closed: it goes on, waits for another window, or ends. */
  withoutWindow: z.enum(['goesOn', 'waits', 'ends']),
  result: result.nullable(),
});
export type Job = Stored<z.infer<typeof jobSchema>>;

/** Whether a job is under way, at work or paused. */
export function isUnderWay({ endedAt }: Job): boolean {
  return endedAt === null;
}

/** The share that is done, in [0, 1]; null where that is not known. */
export function shareDone({ done, total }: Pick<Job, 'done' | 'total'>): number | null {
  return done === null || total === null ? null : Math.min(1, done / total);
}

/** A job's kind in words. */
export const JOB_NAMES: Readonly<Record<JobKind, string>> = {
  training: 'Training',
  ablation: 'Ablation',
  evaluation: 'Evaluation',
  merge: 'Merge',
  proof: 'Proof',
  measurement: 'Measurement',
  statistics: 'Statistics',
  download: 'Download',
  figure: 'Figure',
  film: 'Film',
  analysis: 'Analysis',
  lesson: 'Lesson',
};

/** How a job has ended, as the title of a message. */
export function endText({ kind, state }: Pick<Job, 'kind' | 'state'>): string {
  const how = { finished: 'has finished', stopped: 'was stopped', failed: 'has failed', running: 'goes on', paused: 'is paused' };
  return `${JOB_NAMES[kind]} ${how[state]}`;
}

/** A job that took less is not worth a message of the system: whoever asked for it is still there. Milliseconds. */
export const ANNOUNCED_AFTER = 15_000;

/** What the system is to tell of a job that has ended; null where nobody waits for it any more, or it was short. */
export function announcement(job: Job): { readonly title: string; readonly text: string } | null {
  if (job.endedAt === null || job.state === 'stopped' || job.endedAt - job.startedAt < ANNOUNCED_AFTER) return null;
  return { title: endText(job), text: [job.title, job.message].filter((part) => part !== '').join(': ') };
}
