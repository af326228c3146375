// A training on the command line, killed, resumed and killed again until it is done. Invariant: every checkpoint that run.json
// names is whole; the run ends with the bytes of one that nobody killed; nothing else of the user's in its folder changes.
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Random } from '../../src-shared/tensor/random';
import { filesIn, sumOf, unfinished } from './folder';
import type { Ledger } from './ledger';
import { anyMoment, oneOf, runCommand, SIGNALS, type Signal } from './process';
import type { Scene } from './scene';
import { threadHook } from './thread-hook';

const EPOCHS = 5;
const NETWORK = ['--model', 'pure-mlp-small', '--set', 'width=4', '--data', 'shapes:train=320,validation=32', '--backend', 'wasm'];
const ARGS = [...NETWORK, '--recipe-set', 'batchSize=16', '--epochs', String(EPOCHS)];
const NOTES = 'notes of mine';

/** What a run that nobody killed is, to hold the others against. */
export interface WholeRun {
  readonly files: ReadonlyMap<string, string>;
  readonly epochs: readonly string[];
  readonly milliseconds: number;
  /** Of that, what is training and not the start of the program. */
  readonly trainingMilliseconds: number;
  readonly config: unknown;
}

export async function openTrainingScene(ledger: Ledger, random: Random, base: string, kills: 'program' | 'threads'): Promise<Scene> {
  const whole = await wholeRun(base);
  const variables: Record<string, string> = kills === 'threads' ? { NODE_OPTIONS: `--import ${await threadHook(base)}` } : {};
  let folder = await freshFolder(base);
  const kind = kills === 'threads' ? 'a thread of train' : 'train and train --resume';
  const step = async (kill?: { moment: ReturnType<typeof anyMoment>; signal: Signal }): Promise<void> => {
    const isResumed = existsSync(join(folder, 'run.json'));
    const { code, said, wasLate } = await runCommand(['train', '--out', folder, ...(isResumed ? ['--resume'] : ARGS)], kill, variables);
    if (kill) ledger.killed(kind, wasLate);
    const refused = code === 2 || (code !== null && code !== 0 && kill === undefined);
    if (refused && kill?.signal !== 'SIGUSR2') ledger.wrong(kind, `ended with ${code}: ${said.trim().split('\n').at(-1)}`);
    await checkCheckpoints(ledger, kind, folder, whole);
    if (await isFinished(folder)) {
      await checkEnd(ledger, kind, folder, whole);
      await rm(folder, { recursive: true, force: true });
      folder = await freshFolder(base);
    }
  };
  return {
    kill: () => {
      const signal = kills === 'threads' ? 'SIGUSR2' : oneOf(SIGNALS, random);
      return step({ moment: anyMoment(random, whole.milliseconds, folder), signal });
    },
    close: () => step(),
  };
}

async function freshFolder(base: string): Promise<string> {
  const folder = await mkdtemp(join(base, 'run-'));
  await writeFile(join(folder, 'notes.txt'), NOTES);
  return folder;
}

let known: Promise<WholeRun> | null = null;

/** Trained once for all scenes. */
export function wholeRun(base: string): Promise<WholeRun> {
  return (known ??= (async () => {
    const folder = join(base, 'whole-run');
    await mkdir(folder, { recursive: true });
    const { code, said, milliseconds } = await runCommand(['train', ...ARGS, '--out', folder]);
    if (code !== 0) throw new Error(`train does not work where nothing kills it: ${said}`);
    const { config, createdAt } = JSON.parse(await readFile(join(folder, 'run.json'), 'utf8')) as { config: unknown; createdAt: string };
    const trainingMilliseconds = (await stat(join(folder, 'run.json'))).mtimeMs - Date.parse(createdAt);
    return { files: await filesIn(folder), epochs: await epochRows(folder), milliseconds, trainingMilliseconds, config };
  })());
}

/** What was told of each epoch but for the time it took: the last two columns of the row are kept out by name. */
async function epochRows(folder: string): Promise<string[]> {
  const [header, ...lines] = (await readFile(join(folder, 'metrics.csv'), 'utf8')).trim().split('\n');
  const columns = header.split(',');
  const timed = columns.map((name) => /second|images|tensor|byte|time/i.test(name));
  const rows = lines.filter((line) => line.startsWith('epoch,'));
  return rows.map((line) =>
    line
      .split(',')
      .filter((_, column) => !timed[column])
      .join(),
  );
}

interface RecordOnDisk {
  readonly state: string;
  readonly checkpoints: readonly { readonly file: string; readonly stateFile: string | null; readonly epoch: number }[];
}

async function recordOf(folder: string): Promise<RecordOnDisk | null> {
  const text = await readFile(join(folder, 'run.json'), 'utf8').catch(() => null);
  return text === null ? null : (JSON.parse(text) as RecordOnDisk);
}

async function isFinished(folder: string): Promise<boolean> {
  return (await recordOf(folder))?.state === 'finished';
}

/** Every checkpoint that is named is there, and those of whole epochs have the bytes of the run that nobody killed. */
export async function checkCheckpoints(ledger: Ledger, kind: string, folder: string, whole: WholeRun): Promise<void> {
  for (const { file, stateFile } of (await recordOf(folder))?.checkpoints ?? []) {
    const sum = await sumOf(join(folder, file));
    if (sum === null || (stateFile !== null && !existsSync(join(folder, stateFile)))) ledger.wrong(kind, `${file} is named and not there`);
    else if (whole.files.has(file) && whole.files.get(file) !== sum) ledger.wrong(kind, `${file} has other bytes than without kills`);
  }
  const notes = join(folder, 'notes.txt');
  if (existsSync(folder) && existsSync(notes) && (await readFile(notes, 'utf8')) !== NOTES) ledger.wrong(kind, 'notes.txt has changed');
}

/** Weights of the end, what was told of the epochs, and nothing left over. */
export async function checkEnd(ledger: Ledger, kind: string, folder: string, whole: WholeRun): Promise<void> {
  const last = `checkpoints/epoch-${String(EPOCHS).padStart(4, '0')}.safetensors`;
  const same = (await sumOf(join(folder, last))) === whole.files.get(last);
  if (!same) ledger.wrong(kind, `${folder}: ${last} has other bytes than without kills`);
  const epochs = await epochRows(folder);
  const told = JSON.stringify(epochs) === JSON.stringify(whole.epochs);
  if (!told) ledger.wrong(kind, `metrics.csv tells other epochs: ${epochs.join(' | ')}; expected ${whole.epochs.join(' | ')}`);
  const left = unfinished(await readdir(folder, { recursive: true }));
  if (left.length > 0) ledger.wrong(kind, `left in a finished run: ${left.join(', ')}`);
  if (same && told && left.length === 0) ledger.proved(`${kind}: a finished run with the bytes of one that nobody killed`);
}
