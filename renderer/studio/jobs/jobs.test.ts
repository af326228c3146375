// The list of long jobs in the window.
import { afterEach, beforeEach, expect, test } from 'vitest';
import { JobList } from '@shared/link/jobs/job-list';
import type { Job } from '@shared/link/jobs/job';
import { allJobs, beginOwnJob, controlJob, jobs, lostWithWindow, summaryText, type ShownJobs } from './jobs';

const list = new JobList(() => undefined, undefined, 'service');
const of = (withoutWindow: Job['withoutWindow'], done: number | null, total: number | null): Job => {
  const job = list.begin({ kind: 'training', title: withoutWindow, unit: 'steps', withoutWindow, atOnce: true });
  if (done !== null) job.progress(done, total);
  const found = list.list().find(({ id }) => id === job.id);
  if (!found) throw new Error('not listed');
  return found;
};
const shown = (...ofService: Job[]): ShownJobs => ({ ofService, own: [], panelOpen: false });

const before = jobs.getState();
beforeEach(() => jobs.setState(before, true));
afterEach(() => jobs.setState(before, true));

test('the summary counts what is under way and gives its share where that is known of all', () => {
  expect(summaryText(shown())).toBe('No jobs');
  expect(summaryText(shown(of('goesOn', 1, 4)))).toBe('1 job 25 %');
  expect(summaryText(shown(of('goesOn', 1, 4), of('goesOn', 3, 4)))).toBe('2 jobs 50 %');
  expect(summaryText(shown(of('goesOn', 1, 4), of('goesOn', null, null)))).toBe('2 jobs');
});

test('a window is closed without a question where all goes on; else it is said what ends and what waits', () => {
  expect(lostWithWindow(shown(of('goesOn', 1, 4)))).toBeNull();
  expect(lostWithWindow(shown(of('ends', 1, 4), of('ends', 1, 4), of('waits', 1, 4)))).toBe(
    '2 jobs end with this window. 1 job waits for another window.',
  );
});

test("a window's own job is listed among those of the service, is stopped by its own control, and has its place when it is over", async () => {
  jobs.setState({ ofService: [of('goesOn', 1, 4)] });
  let stopped = false;
  const job = beginOwnJob({ kind: 'film', title: 'film.webm', unit: 'pictures', atOnce: true }, { cancel: () => (stopped = true) });
  job.progress(3, 12);
  const listed = allJobs(jobs.getState());
  expect(listed.map(({ title }) => title)).toContain('film.webm');
  await controlJob(listed.find(({ id }) => id === job.id)!, 'cancel');
  expect(stopped).toBe(true);
  job.end('stopped');
  expect(allJobs(jobs.getState()).map(({ kind }) => kind)).toEqual(['training', 'film']);
});
