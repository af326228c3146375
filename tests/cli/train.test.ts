// Training through the command line: a run folder that can be killed, resumed, evaluated and merged.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { beforeAll, expect, test } from 'vitest';
import { repmlp, temporaryFolder, tensorsOf } from './repmlp';

// Small enough for seconds on any machine: one repeat, 4 channels, 96 pictures.
const NETWORK = [
  '--model',
  'pure-mlp-small',
  '--set',
  'width=4',
  '--data',
  'shapes:train=96,validation=32',
  '--recipe-set',
  'batchSize=32',
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

test('a run killed in the middle and resumed ends with the weights of an uninterrupted one', async () => {
  const [whole, killed] = [join(folder, 'whole'), join(folder, 'killed')];
  const { code, stdout } = await repmlp(['train', ...NETWORK, '--out', whole, '--json']);
  expect({ code, state: (JSON.parse(stdout) as { state: string }).state }).toEqual({ code: 0, state: 'finished' });

  const firstCheckpoint = join(killed, 'checkpoints', 'epoch-0001.state.safetensors');
  await repmlp(['train', ...NETWORK, '--out', killed], (child) => {
    void (async () => {
      while (!existsSync(firstCheckpoint) && child.exitCode === null) await wait(5);
      child.kill('SIGKILL');
    })();
  });
  expect((await repmlp(['train', '--out', killed, '--resume'])).code).toBe(0);
  expect(await tensorsOf(weightsAt(killed))).toEqual(await tensorsOf(weightsAt(whole)));
});

test('a run evaluates the same in train and merged form, sample by sample', async () => {
  const run = join(folder, 'whole');
  const merged = join(folder, 'merged.safetensors');
  expect((await repmlp(['merge', run, merged])).code).toBe(0);
  const [train, after] = await Promise.all(
    [run, merged].map(
      async (path) =>
        JSON.parse((await repmlp(['evaluate', path, '--data', 'shapes:train=96,validation=32', '--json'])).stdout) as {
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
