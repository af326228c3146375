// Trainings and ablations in the list of long jobs.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { UserError } from '@shared/base/user-error';
import { JobList } from '@shared/link/jobs/job-list';
import type { AblationStatus } from '@shared/training/ablation';
import { ScriptedEngine, testConfig, trainingsOn } from '../../../testing/training/scripted-engine';
import { RunFolders } from '../../runs/run-folders';
import { Broadcast } from '../broadcast';
import { followAblation, followTraining } from './training-jobs';

let folder: string;
let jobs: JobList;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'repmlp-jobs-'));
  jobs = new JobList(() => undefined);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const STEP = {
  type: 'step',
  stepsPerEpoch: 100,
  loss: 1,
  metric: 0.5,
  learningRate: 0.1,
  imagesPerSecond: 10,
  secondsPerStep: 0.1,
  secondsLeft: 1,
  tensors: 1,
  bytes: 1,
} as const;

test('a training is counted over all its epochs, says where it computes and what epochs brought, and is paused and stopped from the list', async () => {
  const engine = new ScriptedEngine();
  const trainings = trainingsOn(
    new RunFolders(folder),
    () => engine,
    undefined,
    (training) => void followTraining(jobs, training),
  );
  const run = await trainings.start(testConfig, 'listed');
  engine.events.send({ type: 'backend', backend: 'cpu', reason: 'asked for' });
  engine.events.send({ type: 'state', state: 'running', message: '' });
  engine.events.send({ ...STEP, epoch: 2, step: 30 });
  await expect.poll(() => jobs.list()[0]?.done).toBe(130);
  const [job] = jobs.list();
  expect(job).toMatchObject({
    kind: 'training',
    title: 'listed',
    total: 100 * testConfig.recipe.epochs,
    actions: ['pause', 'cancel'],
    withoutWindow: 'waits',
    message: 'asked for (computed in a test)',
    result: { kind: 'run', run },
  });
  await jobs.control(job.id, 'pause');
  expect(engine.controls).toEqual([{ action: 'pause' }]);
  engine.events.send({ type: 'state', state: 'paused', message: '' });
  await expect.poll(() => jobs.list()[0].actions).toEqual(['resume', 'cancel']);
  await jobs.control(job.id, 'cancel');
  await expect.poll(() => jobs.list()[0].state).toBe('stopped');
});

test('a training that fails says why in the list', async () => {
  const engine = new ScriptedEngine();
  engine.failure = new UserError('a kernel failed on another thread');
  const trainings = trainingsOn(
    new RunFolders(folder),
    () => engine,
    undefined,
    (training) => void followTraining(jobs, training),
  );
  await trainings.start(testConfig, 'broken');
  engine.events.end();
  await expect.poll(() => jobs.list()[0].state).toBe('failed');
  expect(jobs.list()[0].message).toContain('a kernel failed on another thread');
});

test('an ablation counts its variants, names the one under way, and ends with the reason', async () => {
  const news = new Broadcast<AblationStatus>();
  const variant = (state: 'finished' | 'training' | 'waiting' | 'stopped') => ({ model: 'pure-mlp-small', run: null, state });
  const status = (underWay: boolean, ended: string, ...states: Parameters<typeof variant>[0][]): AblationStatus => ({
    variants: states.map(variant),
    underWay,
    ended,
  });
  const followed = followAblation(jobs, { watch: () => news.subscribe(), stop: () => Promise.resolve() });
  news.send(status(true, '', 'finished', 'training', 'waiting'));
  await expect.poll(() => jobs.list()[0]).toMatchObject({ done: 1, total: 3, message: 'Variant 2 of 3: pure-mlp-small' });
  news.send(status(false, 'Stopped before pure-mlp-small.', 'finished', 'stopped', 'waiting'));
  await followed;
  expect(jobs.list()[0]).toMatchObject({ state: 'stopped', message: 'Stopped before pure-mlp-small.' });
});
