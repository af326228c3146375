// The list of long jobs.
import { beforeEach, expect, test } from 'vitest';
import { announcement, jobSchema, shareDone, type Job } from './job';
import { JobList, LISTED_AFTER, type AskedJob } from './job-list';

const MERGE: AskedJob = { kind: 'merge', title: 'a file', unit: 'layers', withoutWindow: 'ends' };
const TRAINING: AskedJob = { kind: 'training', title: 'a run', unit: 'steps', withoutWindow: 'goesOn', atOnce: true };

let now = 0;
let wall = 0;
let later: { at: number; task: () => void }[] = [];
let changes = 0;
let ended: Job[] = [];
const clock = {
  now: () => wall + now,
  elapsed: () => now,
  after: (milliseconds: number, task: () => void) => later.push({ at: now + milliseconds, task }),
};
const passes = (milliseconds: number): void => {
  now += milliseconds;
  const due = later.filter(({ at }) => at <= now);
  later = later.filter(({ at }) => at > now);
  for (const { task } of due) task();
};
let jobs: JobList;

beforeEach(() => {
  [now, wall, later, changes, ended] = [0, 1_700_000_000_000, [], 0, []];
  jobs = new JobList(
    () => changes++,
    (job) => ended.push(job),
    'job',
    clock,
  );
});

test('what is over in a moment is never listed, what lasts is, and whoever shows the list hears when', () => {
  const quick = jobs.begin(MERGE);
  quick.progress(1, 2);
  quick.end('finished');
  passes(LISTED_AFTER);
  expect([jobs.list(), changes, ended]).toEqual([[], 0, []]);
  const long = jobs.begin(MERGE);
  expect(jobs.list()).toEqual([]);
  passes(LISTED_AFTER);
  expect([jobs.list().map(({ id }) => id), changes]).toEqual([[long.id], 1]);
  long.end('failed', 'no room');
  expect(ended.map(({ state, message }) => [state, message])).toEqual([['failed', 'no room']]);
});

test('progress, rate and time left are of the whole job; a pause enters none of them', () => {
  const job = jobs.begin(TRAINING, { pause: () => undefined, resume: () => undefined, cancel: () => undefined });
  job.progress(100, 400);
  passes(10_000);
  job.progress(150, 400);
  expect(jobs.list()[0]).toMatchObject({ done: 150, total: 400, rate: 5, secondsLeft: 50, actions: ['pause', 'cancel'] });
  expect(shareDone(jobs.list()[0])).toBe(0.375);
  job.pause();
  expect(jobs.list()[0]).toMatchObject({ state: 'paused', rate: null, secondsLeft: null, actions: ['resume', 'cancel'] });
  passes(1_000_000);
  job.goOn();
  job.progress(150, 400);
  passes(5000);
  job.progress(160, 400);
  expect(jobs.list()[0]).toMatchObject({ rate: 2, secondsLeft: 120 });
});

test('a training that is taken back to its last checkpoint has the rate of what came after', () => {
  const job = jobs.begin(TRAINING);
  job.progress(90, 100);
  passes(1000);
  job.progress(50, 100);
  passes(1000);
  job.progress(60, 100);
  expect(jobs.list()[0]).toMatchObject({ rate: 10, secondsLeft: 4 });
});

test('a clock that is set back changes neither rate nor time left', () => {
  const job = jobs.begin(TRAINING);
  job.progress(0, 100);
  wall -= 3_600_000;
  passes(2000);
  job.progress(20, 100);
  expect(jobs.list()[0]).toMatchObject({ rate: 10, secondsLeft: 8 });
});

test('what a job cannot do is refused with a sentence, as is what comes too late', async () => {
  let stopped = 0;
  const job = jobs.begin(TRAINING, { cancel: () => stopped++ });
  await expect(jobs.control(job.id, 'pause')).rejects.toThrow("a run takes no 'pause' now");
  await jobs.control(job.id, 'cancel');
  job.end('stopped');
  await expect(jobs.control(job.id, 'cancel')).rejects.toThrow('a run: training was stopped already');
  await expect(jobs.control('job-77', 'cancel')).rejects.toThrow('no longer listed');
  expect(stopped).toBe(1);
});

test('after its end nothing is heard of a job, and it stays until it is put away', () => {
  const first = jobs.begin(TRAINING);
  const second = jobs.begin(TRAINING);
  first.end('finished');
  first.say('more');
  first.end('failed', 'late');
  expect(jobs.list().map(({ id, state }) => [id, state])).toEqual([
    [second.id, 'running'],
    [first.id, 'finished'],
  ]);
  jobs.forget();
  expect(jobs.list().map(({ id }) => id)).toEqual([second.id]);
});

test('the log keeps the newest lines and says how many are left out', () => {
  const job = jobs.begin(TRAINING);
  for (let line = 1; line <= 100; line++) job.say(`epoch ${line}`);
  job.say('epoch 100');
  const [{ log, dropped, message }] = jobs.list();
  expect([log.length + dropped, log.at(-1)?.text, message]).toEqual([100, 'epoch 100', 'epoch 100']);
});

test('the system tells of long jobs that ended by themselves, and of no others', () => {
  const of = (milliseconds: number, state: 'finished' | 'failed' | 'stopped'): string | null => {
    const job = jobs.begin(TRAINING);
    passes(milliseconds);
    job.end(state, state === 'failed' ? 'no room on the drive' : '');
    const text = announcement(ended.at(-1)!);
    return text && `${text.title} | ${text.text}`;
  };
  expect(of(60_000, 'finished')).toBe('Training has finished | a run');
  expect(of(60_000, 'failed')).toBe('Training has failed | a run: no room on the drive');
  expect([of(60_000, 'stopped'), of(2000, 'finished')]).toEqual([null, null]);
});

test('what is listed can be sent to a window', () => {
  const job = jobs.begin({ ...TRAINING, result: { kind: 'run', run: 'a run' } }, { cancel: () => undefined });
  job.progress(0, 10);
  job.say('so far');
  for (const listed of jobs.list()) expect(jobSchema.parse(listed)).toEqual(listed);
});
