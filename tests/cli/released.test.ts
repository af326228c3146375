// Run folders and settings as earlier programs wrote them are opened and gone on with; those of a later one are refused in a
// sentence. Nothing that was there is written over.
import { createHash } from 'node:crypto';
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { readMetrics } from '../../electron/runs';
import { repmlp, temporaryFolder } from './repmlp';

const RELEASED = join(import.meta.dirname, '../reference/released');
const FIRST = 'checkpoints/epoch-0001.safetensors';
/** What the program that wrote 0.1.0-seeds ended with where nobody killed it (README beside the folders). */
const UNINTERRUPTED = '988b66a8713b53cd78400e1b33f67ee25026142ed276a90437bc3e16bd452243';

let folder: string;
beforeAll(async () => {
  folder = await temporaryFolder();
});

async function copyOf(name: string, as = name): Promise<string> {
  const run = join(folder, as);
  await cp(join(RELEASED, name), run, { recursive: true });
  return run;
}
const sumOf = async (path: string): Promise<string> =>
  createHash('sha256')
    .update(await readFile(path))
    .digest('hex');

describe('a run folder of an earlier format', () => {
  test.each(['0.1.0-first', '0.1.0-seeds'])(
    '%s is opened, listed and gone on with to its end, its own checkpoint untouched',
    async (name) => {
      const run = await copyOf(name);
      await writeFile(join(run, 'notes.txt'), 'mine');
      const inspected = JSON.parse((await repmlp(['inspect', run, '--json'])).stdout) as { model: string; tensors: unknown[] };
      expect([inspected.model, inspected.tensors.length > 20]).toEqual(['pure-mlp-small', true]);
      const told = (await readMetrics(run)).filter(({ type }) => type === 'epoch');
      const { code, stderr } = await repmlp(['train', '--out', run, '--resume']);
      expect([code, stderr]).toEqual([0, expect.stringContaining('goes on from the checkpoint after 1 of 4 epochs')]);
      if (name === '0.1.0-first') expect(stderr).toMatch(/data .* have changed since the run was started/);
      expect(await sumOf(join(run, FIRST))).toBe(await sumOf(join(RELEASED, name, FIRST)));
      expect(await readFile(join(run, 'notes.txt'), 'utf8')).toBe('mine');
      const epochs = (await readMetrics(run)).filter(({ type }) => type === 'epoch');
      expect(epochs).toHaveLength(4);
      expect(epochs[0]).toEqual(told[0]);
      if (name === '0.1.0-seeds') expect(await sumOf(join(run, 'checkpoints/epoch-0004.safetensors'))).toBe(UNINTERRUPTED);
    },
  );
});

describe('of a later release', () => {
  test.each([
    ['run.json', (run: string) => ['train', '--out', run, '--resume']],
    ['run.json', (run: string) => ['inspect', run]],
    ['remarks.json', (run: string) => ['runs', 'describe', basename(run), '--runs', dirname(run), '--note', 'other']],
  ])('%s is refused with a sentence, and stays as it is', async (name, command) => {
    const run = await copyOf('0.1.0-seeds', `later-${name}-${command('')[0]}`);
    const path = join(run, name);
    const known = JSON.parse(await readFile(path, 'utf8').catch(() => '{"format": "repmlp-run-remarks"}')) as object;
    await writeFile(path, JSON.stringify({ ...known, version: 2, more: ['than', 'this'] }));
    const before = await readFile(path, 'utf8');
    const { code, stderr } = await repmlp(command(run));
    expect([code, stderr]).toEqual([
      2,
      expect.stringMatching(/written by a newer program \(version 2, this reads up to 1\): take a newer version/),
    ]);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(await readFile(path, 'utf8')).toBe(before);
  });

  test('a run among others is told as one that cannot be read, and the others are listed', async () => {
    const runs = join(folder, 'runs');
    await mkdir(runs);
    for (const name of ['known', 'later']) await cp(join(RELEASED, '0.1.0-seeds'), join(runs, name), { recursive: true });
    const path = join(runs, 'later', 'run.json');
    await writeFile(path, (await readFile(path, 'utf8')).replace('"version": 1', '"version": 2'));
    const { stdout, stderr, code } = await repmlp(['runs', 'list', '--runs', runs]);
    expect(code).toBe(0);
    expect(stdout).toContain('known');
    expect(stdout + stderr).toMatch(/later.*newer program/s);
  });
});
