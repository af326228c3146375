// Jobs whose steps come as a stream.
import { beforeEach, expect, test } from 'vitest';
import { followedSteps, JobStopped } from './followed-steps';
import { JobList, type AskedJob } from './job-list';

const ASKED: AskedJob = { kind: 'evaluation', title: 'net.pth', unit: 'pictures', withoutWindow: 'ends', atOnce: true };
let jobs: JobList;
beforeEach(() => (jobs = new JobList(() => undefined)));

/** Counts to `last`, and never ends where that is Infinity: each step then waits until somebody stops it. */
async function* counted(last: number, signal: AbortSignal): AsyncGenerator<number, void> {
  for (let step = 1; step <= last; step++) {
    if (last === Infinity && step > 2) await new Promise((resolve) => signal.addEventListener('abort', resolve));
    yield step;
  }
}
const read = (done: number) => ({ done, total: 3, says: `step ${done}` });

test('steps go on as they come, and the list hears of the same ones', async () => {
  const seen: number[] = [];
  for await (const step of followedSteps(jobs, ASKED, (signal) => counted(3, signal), read)) seen.push(step);
  expect(seen).toEqual([1, 2, 3]);
  expect(jobs.list()).toMatchObject([
    { state: 'finished', done: 3, total: 3, log: [{ text: 'step 1' }, { text: 'step 2' }, { text: 'step 3' }] },
  ]);
});

test('a job that waits for its next step is stopped from the list at once, and whoever waits for it is told so', async () => {
  let aborted = false;
  const steps = followedSteps(
    jobs,
    ASKED,
    (signal) => (signal.addEventListener('abort', () => (aborted = true)), counted(Infinity, signal)),
    read,
  );
  await steps.next();
  await steps.next();
  const third = steps.next();
  await jobs.control(jobs.list()[0].id, 'cancel');
  await expect(third).rejects.toThrow(JobStopped);
  expect([aborted, jobs.list()[0].state]).toEqual([true, 'stopped']);
});

test('leaving the steps stops the job, by the loop or by the signal', async () => {
  for await (const step of followedSteps(jobs, ASKED, (signal) => counted(Infinity, signal), read)) if (step === 2) break;
  const left = new AbortController();
  const steps = followedSteps(jobs, ASKED, (signal) => counted(Infinity, signal), read, left.signal);
  await steps.next();
  await steps.next();
  const third = steps.next();
  left.abort();
  expect((await third).done).toBe(true);
  expect(jobs.list().map(({ state }) => state)).toEqual(['stopped', 'stopped']);
});

test('a step that fails fails the job with its reason, and reaches whoever asked', async () => {
  const steps = followedSteps(
    jobs,
    ASKED,
    () =>
      (async function* () {
        yield 1;
        throw new Error('a kernel failed');
      })(),
    read,
  );
  await steps.next();
  await expect(steps.next()).rejects.toThrow('a kernel failed');
  expect(jobs.list()).toMatchObject([{ state: 'failed', message: 'a kernel failed' }]);
});
