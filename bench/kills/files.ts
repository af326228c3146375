// Verbs that write a file (merge, convert, figure, export) killed at any moment. Invariant: what is there is what was there
// before, or the whole new file; inputs and files of the user's stay as they are; the next start takes away what was left.
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from '../../electron/launcher/build.mjs';
import type { Random } from '../../src-shared/tensor/random';
import { filesIn, sumOf, unfinished } from './folder';
import type { Ledger } from './ledger';
import { anyMoment, oneOf, runCommand, SIGNALS } from './process';
import type { Scene } from './scene';

const NETWORK = 'net_tiny_train.pth';
const RECIPE = 'overlay.json';

/** Verb -> what it writes from what. */
const WRITERS = [
  { verb: 'merge', args: [NETWORK, 'merged.pth'], out: 'merged.pth' },
  { verb: 'convert', args: [NETWORK, 'converted.safetensors'], out: 'converted.safetensors' },
  { verb: 'figure', args: [RECIPE, 'figure.pdf'], out: 'figure.pdf' },
  { verb: 'export', args: [NETWORK, 'exported.onnx'], out: 'exported.onnx' },
] as const;

/** What the user has under the name that is written. */
const MINE = 'this was mine';

export async function openFileScene(ledger: Ledger, random: Random, base: string): Promise<Scene> {
  const verbs = await Promise.all(WRITERS.map((writer) => openWriter(writer, base)));
  let next = 0;
  return {
    kill: () => verbs[next++ % verbs.length].kill(ledger, random),
    close: async () => {
      for (const verb of verbs) await verb.close(ledger);
    },
  };
}

async function openWriter({ verb, args, out }: (typeof WRITERS)[number], base: string) {
  const folder = await mkdtemp(join(base, `${verb}-`));
  await copyFile(join(root, 'tests/reference/pth', NETWORK), join(folder, NETWORK));
  await writeFile(join(folder, RECIPE), await overlayRecipe());
  await writeFile(join(folder, 'notes.txt'), 'notes');
  const before = await filesIn(folder);
  const command = [verb, ...args.map((name) => join(folder, name))];
  const whole = await runCommand(command);
  const made = await sumOf(join(folder, out));
  if (whole.code !== 0 || made === null) throw new Error(`${verb} does not work where nothing kills it: ${whole.said}`);

  const check = async (ledger: Ledger, mine: boolean): Promise<void> => {
    const now = await filesIn(folder);
    for (const [name, sum] of before) if (now.get(name) !== sum) ledger.wrong(verb, `${name} of the user's is not what it was`);
    const there = now.get(out) ?? null;
    const isMine = there !== null && there !== made && (await readFile(join(folder, out), 'utf8')) === MINE;
    if (there !== made && !(mine ? isMine : there === null)) ledger.wrong(verb, `${out} is neither what was there nor whole`);
  };
  /** Runs to the end, and what lies there then is the result and what the user had. */
  const close = async (ledger: Ledger): Promise<void> => {
    const { code, said } = await runCommand([...command, '--force']);
    const now = await filesIn(folder);
    if (code !== 0) ledger.wrong(verb, `does not work after kills: ${said}`);
    if (now.get(out) !== made) ledger.wrong(verb, `${out} has other bytes than without kills`);
    const left = unfinished(now.keys());
    if (left.length > 0) ledger.wrong(verb, `left after the next start: ${left.join(', ')}`);
    else ledger.proved(`${verb}: the same bytes on the next start, and nothing left over`);
  };
  let count = 0;
  const kill = async (ledger: Ledger, random: Random): Promise<void> => {
    const mine = random.uniform() < 0.5;
    await (mine ? writeFile(join(folder, out), MINE) : rm(join(folder, out), { force: true }));
    const moment = anyMoment(random, whole.milliseconds, folder);
    const { wasLate } = await runCommand([...command, ...(mine ? ['--force'] : [])], { moment, signal: oneOf(SIGNALS, random) });
    ledger.killed(verb, wasLate);
    await check(ledger, mine);
    if (++count % 10 === 0) await close(ledger);
  };
  return { kill, close };
}

async function overlayRecipe(): Promise<string> {
  const json = JSON.parse(await readFile(join(root, 'tests/reference/hostile/overlay-partitions-1e9.json'), 'utf8')) as object;
  return JSON.stringify({ ...json, partitions: 2, source: { path: 'bundled:pure-mlp-small' } });
}

/** An empty folder for a scene. */
export async function emptyFolder(base: string, name: string): Promise<string> {
  await mkdir(base, { recursive: true });
  return mkdtemp(join(base, `${name}-`));
}
