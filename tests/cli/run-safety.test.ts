// A run folder that somebody has edited, linked elsewhere or is writing: real processes, real folders.
import { spawnSync, type ChildProcess } from 'node:child_process';
import { cp, mkdir, readdir, readFile, rename, symlink, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { beforeAll, expect, test } from 'vitest';
import { readMetrics } from '../../electron/runs';
import { repmlp, temporaryFolder, type Finished } from './repmlp';

const NETWORK = ['--model', 'pure-mlp-small', '--set', 'width=4', '--data', 'shapes:train=160,validation=32', '--backend', 'wasm'];
const SMALL = [...NETWORK, '--recipe-set', 'batchSize=8', '--epochs', '3'];

let folder: string;
/** A run stopped after its first checkpoint, to be copied. */
let stopped: string;
beforeAll(async () => {
  folder = await temporaryFolder();
  stopped = join(folder, 'stopped');
  await repmlp(['train', ...SMALL, '--out', stopped], (child) => void signalAmid(stopped, child, 'SIGINT'));
});

async function signalAmid(run: string, child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  const amid = async (): Promise<boolean> => (await readFile(join(run, 'metrics.csv'), 'utf8').catch(() => '')).includes('\nstep,2,');
  while (!(await amid()) && child.exitCode === null) await wait(2);
  child.kill(signal);
}

test.skipIf(process.platform === 'win32').each(['SIGTERM', 'SIGHUP'] as const)(
  '%s ends a training like Ctrl-C: a checkpoint of its last step, the run stopped, and it goes on',
  async (signal) => {
    const run = join(folder, `ended-${signal}`);
    const { code, stdout } = await repmlp(['train', ...SMALL, '--out', run], (child) => void signalAmid(run, child, signal));
    expect([code, stdout]).toEqual([0, expect.stringMatching(/: stopped, \d+ checkpoints?; go on with --resume/)]);
    const record = JSON.parse(await readFile(join(run, 'run.json'), 'utf8')) as { state: string; checkpoints: { step: number }[] };
    expect(record.state).toBe('stopped');
    expect(record.checkpoints.at(-1)?.step).toBeGreaterThan(0);
    expect(existsSync(join(run, 'run.lock'))).toBe(false);
    expect((await resume(run)).code).toBe(0);
  },
);

test.skipIf(process.platform === 'win32')('SIGHUP to a program whose terminal is gone, as when SSH drops, keeps the run', async () => {
  const run = join(folder, 'hung-up');
  await repmlp(['train', ...SMALL, '--out', run], (child) => {
    child.stdout?.destroy();
    child.stderr?.destroy();
    void signalAmid(run, child, 'SIGHUP');
  });
  const record = JSON.parse(await readFile(join(run, 'run.json'), 'utf8')) as { state: string; checkpoints: unknown[] };
  expect([record.state, record.checkpoints.length > 0]).toEqual(['stopped', true]);
});

test.skipIf(process.platform === 'win32')(
  "a training that is suspended goes on, and is nobody else's meanwhile",
  async () => {
    const run = join(folder, 'suspended');
    let meanwhile: Promise<Finished> | null = null;
    const suspend = async (child: ChildProcess): Promise<void> => {
      await signalAmid(run, child, 'SIGSTOP');
      meanwhile = resume(run);
      await meanwhile;
      child.kill('SIGCONT');
    };
    const { code } = await repmlp(['train', ...SMALL, '--out', run], (child) => void suspend(child));
    expect(code).toBe(0);
    expect(await meanwhile).toMatchObject({ code: 2, stderr: expect.stringContaining('is being trained by another program') as string });
    const whole = join(folder, 'not-suspended');
    await repmlp(['train', ...SMALL, '--out', whole]);
    const last = join('checkpoints', 'epoch-0003.safetensors');
    expect((await readFile(join(run, last))).equals(await readFile(join(whole, last)))).toBe(true);
  },
  600_000,
);

async function copyOf(name: string): Promise<string> {
  const run = join(folder, name);
  await cp(stopped, run, { recursive: true });
  return run;
}

/** A record as a hand may change it. */
interface Editable {
  version: number;
  config: { recipe: Record<string, unknown>; spec: Record<string, unknown>; seeds: Record<string, unknown> };
  checkpoints: { epoch: number; step: number; file: string; stateFile: string; interim?: boolean }[];
}

async function edit(run: string, change: (record: Editable) => unknown): Promise<void> {
  const record = JSON.parse(await readFile(join(run, 'run.json'), 'utf8')) as Editable;
  change(record);
  await writeFile(join(run, 'run.json'), JSON.stringify(record));
}

const resume = (run: string): Promise<Finished> => repmlp(['train', '--out', run, '--resume']);

test('an interim checkpoint named outside the run deletes nothing there: the record is refused', async () => {
  const victim = join(folder, 'victim.txt');
  await writeFile(victim, 'precious');
  for (const name of ['../victim.txt', 'checkpoints/../../victim.txt', victim, '..\\victim.txt', 'C:\\victim.txt', 'victim\0']) {
    const run = await copyOf(`named-${Buffer.from(name).toString('hex').slice(0, 40)}`);
    await edit(run, ({ checkpoints }) => checkpoints.unshift({ ...checkpoints[0], epoch: 0, step: 1, interim: true, file: name }));
    const { code, stderr } = await resume(run);
    expect({ name, code, stderr }).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/run\.json .*checkpoints\.0\.file: names no file/) as string,
    });
    expect(await readFile(victim, 'utf8')).toBe('precious');
  }
});

test('only checkpoints that bear a name of ours are deleted', async () => {
  const run = await copyOf('others');
  await writeFile(join(run, 'checkpoints', 'notes.txt'), 'mine');
  await edit(run, ({ checkpoints }) => {
    const entry = { ...checkpoints[0], epoch: 0, step: 1, interim: true };
    checkpoints.unshift({ ...entry, file: 'checkpoints/notes.txt', stateFile: 'run.json' });
  });
  expect((await resume(run)).code).toBe(0);
  expect(await readFile(join(run, 'checkpoints', 'notes.txt'), 'utf8')).toBe('mine');
});

test.each(['checkpoints', 'metrics.csv', 'norms.csv', 'run.json', 'checkpoints/epoch-0003.safetensors'])(
  '%s as a symbolic link out of the run is neither read nor written',
  async (name) => {
    const run = await copyOf(`linked-${name.replace('/', '-')}`);
    const outside = join(folder, `outside-${name.replace('/', '-')}`);
    if (existsSync(join(run, name))) await rename(join(run, name), outside);
    else await writeFile(outside, 'precious');
    await symlink(outside, join(run, name));
    const list = async (): Promise<unknown> => (name === 'checkpoints' ? readdir(outside) : readFile(outside));
    const before = await list();
    expect(await resume(run)).toMatchObject({ code: 2, stderr: expect.stringMatching(/symbolic link that leads out of/) as string });
    expect(await list()).toEqual(before);
  },
);

test('a second program is refused with who trains the run and since when, and the first ends as if alone', async () => {
  const run = join(folder, 'two-writers');
  let second: Promise<Finished> | null = null;
  const begin = async (child: ChildProcess): Promise<void> => {
    while (!existsSync(join(run, 'run.json')) && child.exitCode === null) await wait(2);
    second = resume(run);
  };
  const first = await repmlp(
    ['train', ...NETWORK, '--recipe-set', 'batchSize=4', '--epochs', '4', '--out', run],
    (child) => void begin(child),
  );
  expect(first.code).toBe(0);
  expect(await second).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(
      /is being trained by another program \(repmlp train, process \d+, since 20.*\): wait until it ends, or stop it there/,
    ) as string,
  });
  const epochs = (await readMetrics(run)).flatMap((event) => (event.type === 'epoch' ? [event.epoch] : []));
  expect(epochs).toEqual([1, 2, 3, 4]);
  expect(await readdir(run)).not.toContain('run.lock');
});

test('kill -9 leaves a lock, and the next resume takes it over', async () => {
  const run = join(folder, 'killed');
  await repmlp(['train', ...SMALL, '--out', run], (child) => void signalAmid(run, child, 'SIGKILL'));
  expect(await readdir(run)).toContain('run.lock');
  expect((await resume(run)).code).toBe(0);
  expect(await readdir(run)).not.toContain('run.lock');
});

test.each([
  [(record: Editable) => (record.config.recipe.mixup = 'much'), 'config.recipe.mixup: takes a number, got string'],
  [(record: Editable) => (record.config.recipe.epochs = -1), 'config.recipe.epochs'],
  [(record: Editable) => (record.config.recipe.epoch = 3), 'config.recipe.epoch: is no field here; did you mean "epochs"?'],
  [(record: Editable) => (record.version = 3), 'written by a newer program (version 3, this reads up to 1)'],
  [(record: Editable) => (record.config.spec.version = 2), 'config.spec: network description: written by a newer program (version 2'],
  [(record: Editable) => (record.config.seeds.shuffle = -4), 'config.seeds.shuffle'],
])('a record changed by hand is refused with file and field: %#', async (change, sentence) => {
  const run = await copyOf(`changed-${sentence.replace(/\W/g, '').slice(0, 30)}`);
  await edit(run, change);
  const { code, stderr } = await resume(run);
  expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringContaining(join(run, 'run.json')) as string });
  expect(stderr).toContain(sentence);
  expect(stderr.trim().split('\n')).toHaveLength(1);
});

test('a checkpoint of another place in the run is not gone on with', async () => {
  const run = await copyOf('misplaced');
  await edit(run, ({ checkpoints }) => (checkpoints[checkpoints.length - 1].step += 1));
  expect(await resume(run)).toMatchObject({ code: 2, stderr: expect.stringContaining('run.json has it after epoch') as string });
});

test('a damaged metrics.csv is refused with its line, and stays as it is', async () => {
  const run = await copyOf('damaged-metrics');
  const path = join(run, 'metrics.csv');
  const damaged = (await readFile(path, 'utf8')).replace('\nstep,1,', '\nstep,one,');
  await writeFile(path, damaged);
  expect(await resume(run)).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('metrics.csv, line 2: "epoch" takes a whole number') as string,
  });
  expect(await readFile(path, 'utf8')).toBe(damaged);
});

test.skipIf(process.platform === 'win32')('a pipe in the place of a run file is refused, not waited for', async () => {
  const run = await copyOf('pipe');
  await mkdir(join(folder, 'aside'), { recursive: true });
  await rename(join(run, 'norms.csv'), join(folder, 'aside', 'norms.csv'));
  spawnSync('/usr/bin/mkfifo', [join(run, 'norms.csv')]);
  expect(await resume(run)).toMatchObject({ code: 2, stderr: expect.stringContaining('is no regular file') as string });
});
