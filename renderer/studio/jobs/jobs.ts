// The one list of long jobs as the window shows it: those of the service, followed, and those that the window does itself. Where
// the service is gone its jobs are gone from the list, for nothing is known of them.
import { JobList, type AskedJob, type JobControls, type RunningJob } from '@shared/link/jobs/job-list';
import { announcement, isUnderWay, shareDone, type Job, type JobAction } from '@shared/link/jobs/job';
import { createStore } from '../state';
import { studio } from '../studio';
import { attempt } from '../notices';

export interface ShownJobs {
  readonly ofService: readonly Job[];
  readonly own: readonly Job[];
  readonly panelOpen: boolean;
}

export const jobs = createStore<ShownJobs>(() => ({ ofService: [], own: [], panelOpen: false }));

const own = new JobList(
  () => jobs.setState({ own: own.list() }),
  (job) => void attempt(() => announce(job)),
  'own',
);

/** Lists a job that this window does by itself; it ends with the window. */
export function beginOwnJob(asked: Omit<AskedJob, 'withoutWindow'>, controls: JobControls = {}): RunningJob {
  return own.begin({ ...asked, withoutWindow: 'ends' }, controls);
}

/** Follows the jobs of the service until it is gone, which is said above all stages; never rejects. */
export async function followJobs(): Promise<void> {
  try {
    for await (const list of await studio().app.jobs.watch()) takeJobs(list);
  } catch {
    // The way to the service is cut.
  }
  jobs.setState({ ofService: [] });
}

/** Takes a list of the service; of those that ended since the last one the user is told where the service could not. */
function takeJobs(list: readonly Job[]): void {
  const before = new Map(jobs.getState().ofService.map((job) => [job.id, job]));
  jobs.setState({ ofService: list });
  for (const job of list) {
    const known = before.get(job.id);
    if (known && isUnderWay(known) && !isUnderWay(job)) announceHere(job);
  }
}

/** All jobs, those under way first, the newest first among each. */
export function allJobs({ ofService, own: ours }: ShownJobs): readonly Job[] {
  const all = [...ofService, ...ours].sort((a, b) => b.startedAt - a.startedAt);
  return [...all.filter(isUnderWay), ...all.filter((job) => !isUnderWay(job))];
}

const isOwn = ({ id }: Job): boolean => jobs.getState().own.some((job) => job.id === id);

export async function controlJob(job: Job, action: JobAction): Promise<void> {
  if (isOwn(job)) await own.control(job.id, action);
  else await studio().app.jobs.control({ id: job.id, action });
}

/** Puts a job that has ended away; all of them for null. */
export async function forgetJob(job: Job | null): Promise<void> {
  if (job === null || isOwn(job)) own.forget(job?.id);
  if (job === null || !isOwn(job)) await studio().app.jobs.forget({ id: job?.id ?? null });
}

/** What is under way, in a few words: how many jobs, and how far they are where that is known of all. */
export function summaryText(state: ShownJobs): string {
  const underWay = allJobs(state).filter(isUnderWay);
  if (underWay.length === 0) return 'No jobs';
  const shares = underWay.map(shareDone);
  const known = shares.filter((share) => share !== null);
  const share = known.length === shares.length ? ` ${Math.floor((known.reduce((sum, one) => sum + one, 0) / known.length) * 100)} %` : '';
  return `${underWay.length === 1 ? '1 job' : `${underWay.length} jobs`}${share}`;
}

/** Jobs that end, or wait, when this window is closed, in a sentence; null where none does. */
export function lostWithWindow(state: ShownJobs): string | null {
  const underWay = allJobs(state).filter(isUnderWay);
  const ending = underWay.filter(({ withoutWindow }) => withoutWindow === 'ends').length;
  const waiting = underWay.filter(({ withoutWindow }) => withoutWindow === 'waits').length;
  if (ending === 0 && waiting === 0) return null;
  const count = (jobsOf: number): string => (jobsOf === 1 ? '1 job' : `${jobsOf} jobs`);
  const ends = ending === 0 ? '' : `${count(ending)} ${ending === 1 ? 'ends' : 'end'} with this window.`;
  const waits = waiting === 0 ? '' : `${count(waiting)} ${waiting === 1 ? 'waits' : 'wait'} for another window.`;
  return [ends, waits].filter((part) => part !== '').join(' ');
}

/** Tells the user of an own job that has ended, by the host where it can, else by the browser. */
async function announce(job: Job): Promise<void> {
  const news = announcement(job);
  if (!news) return;
  const told = await studio()
    .app.announce(news)
    .then(
      (answer) => answer.told,
      () => false,
    );
  if (!told) announceHere(job);
}

/** By the browser, where the user allowed it and looks elsewhere. On the desktop the host does it, and no page may. */
function announceHere(job: Job): void {
  const news = announcement(job);
  if (!news || typeof Notification === 'undefined' || Notification.permission !== 'granted' || document.hasFocus()) return;
  const shown = new Notification(news.title, { body: news.text, tag: job.id });
  shown.addEventListener('click', () => window.focus());
}

/** Asks before a window is closed whose jobs would end or wait. */
export function setUpClosing(): void {
  window.addEventListener('beforeunload', (event) => {
    if (lostWithWindow(jobs.getState()) !== null) event.preventDefault();
  });
}

export function showJobs(panelOpen: boolean): void {
  jobs.setState({ panelOpen });
}
