// Training through the command line: a run folder that can be killed, resumed, evaluated and merged.
import type { ChildProcess } from 'node:child_process';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { beforeAll, expect, test } from 'vitest';
import { readMetrics } from '../../electron/runs';
import { repmlp, temporaryFolder } from './repmlp';

// Small enough for seconds on any machine: one repeat, 4 channels, 20 steps an epoch.
const NETWORK = [
  '--model',
  'pure-mlp-small',
  '--set',
  'width=4',
  '--data',
  'shapes:train=160,validation=32',
  '--recipe-set',
  'batchSize=8',
  '--backend',
  'wasm',
  '--epochs',
  '3',
];

let folder: string;
beforeAll(async () => {
  folder = await temporaryFolder();
});

const weightsAt = (run: string): string => join(run, 'checkpoints', 'epoch-0003.safetensors');
const stateAt = (run: string): string => join(run, 'checkpoints', 'epoch-0003.state.safetensors');

/** Signals the run when it has reported a step of its second epoch: after one checkpoint, amid an epoch. */
async function signalAmidEpoch(run: string, child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  const amid = async (): Promise<boolean> => (await readFile(join(run, 'metrics.csv'), 'utf8').catch(() => '')).includes('\nstep,2,');
  while (!(await amid()) && child.exitCode === null) await wait(2);
  child.kill(signal);
}

test('a run killed amid an epoch and resumed writes the very bytes of an uninterrupted one', async () => {
  const [whole, killed] = [join(folder, 'whole'), join(folder, 'killed')];
  const { code, stdout, stderr } = await repmlp(['train', ...NETWORK, '--out', whole, '--json']);
  expect({ code, ...(JSON.parse(stdout) as object) }).toMatchObject({ code: 0, state: 'finished', seeds: { init: 1, shuffle: 1 } });
  expect(stderr).toContain('seeds: init 1, shuffle 1, augmentation 1');

  const { code: killedCode } = await repmlp(
    ['train', ...NETWORK, '--out', killed],
    (child) => void signalAmidEpoch(killed, child, 'SIGKILL'),
  );
  expect(killedCode).toBeNull();
  const resumed = await repmlp(['train', ...NETWORK, '--out', killed, '--resume']);
  expect(resumed).toMatchObject({ code: 0, stderr: expect.stringMatching(/goes on from the checkpoint after [12] of 3 epochs/) as string });
  for (const file of [weightsAt, stateAt]) expect(await readFile(file(killed))).toEqual(await readFile(file(whole)));
});

test('Ctrl-C stops after the current step, says so, and leaves a run that ends with the same bytes', async () => {
  const run = join(folder, 'interrupted');
  const { code, stdout, stderr } = await repmlp(['train', ...NETWORK, '--out', run], (child) => void signalAmidEpoch(run, child, 'SIGINT'));
  expect({ code, stdout }).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/: stopped, \d checkpoints?; go on with --resume/) as string,
  });
  expect(stderr).toContain('stops after the current step');
  expect((await repmlp(['train', '--out', run, '--resume'])).code).toBe(0);
  for (const file of [weightsAt, stateAt]) expect(await readFile(file(run))).toEqual(await readFile(file(join(folder, 'whole'))));
});

test('--resume --epochs makes a run longer, to the weights of one that was longer from the start; --lr slows it down', async () => {
  const constant = [...NETWORK, '--recipe-set', 'schedule=constant', '--data', 'shapes:train=64,validation=32'];
  const [whole, extended] = [join(folder, 'whole-constant'), join(folder, 'extended')];
  expect((await repmlp(['train', ...constant, '--out', whole])).code).toBe(0);
  expect((await repmlp(['train', ...constant, '--epochs', '2', '--out', extended])).code).toBe(0);
  expect((await repmlp(['train', '--out', extended, '--resume', '--epochs', '3'])).code).toBe(0);
  expect(await readFile(weightsAt(extended))).toEqual(await readFile(weightsAt(whole)));

  await repmlp(['train', '--out', extended, '--resume', '--epochs', '4', '--lr', '0.01']);
  const rates = (await readMetrics(extended)).flatMap((event) => (event.type === 'epoch' ? [event.learningRate] : []));
  expect(rates).toEqual([0.1, 0.1, 0.1, 0.01]);
});

test('a run evaluates the same in train and merged form, sample by sample', async () => {
  const run = join(folder, 'whole');
  const merged = join(folder, 'merged.safetensors');
  expect((await repmlp(['merge', run, merged])).code).toBe(0);
  const [train, after] = await Promise.all(
    [run, merged].map(
      async (path) =>
        JSON.parse((await repmlp(['evaluate', path, '--data', 'shapes:train=160,validation=32', '--json'])).stdout) as {
          form: string;
          predictions: number[];
        },
    ),
  );
  expect([train.form, after.form]).toEqual(['train', 'merged']);
  expect(after.predictions).toEqual(train.predictions);
});

test('a folder that holds a run is not trained over', async () => {
  const { code, stderr } = await repmlp(['train', ...NETWORK, '--out', join(folder, 'whole')]);
  expect(code).toBe(2);
  expect(stderr).toMatch(/holds a run already: use --resume/);
});

test.each([
  [['--backend', 'webgl'], 'the webgl backend cannot be used'],
  [['--recipe', 'streets-short'], 'is not for classifying pictures'],
])('a run that cannot begin (%o) ends with 2 and leaves nothing', async (options, sentence) => {
  const run = join(folder, 'unbegun');
  const { code, stderr } = await repmlp(['train', ...NETWORK, ...options, '--out', run]);
  expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringContaining(sentence) as string });
  await expect(stat(run)).rejects.toThrow('ENOENT');
});
