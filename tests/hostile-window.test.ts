// Hostile files and calls as a window (or whoever holds its session) can hand them to the service: each gets one sentence, nothing
// is written, and the service answers the next call. The command line's table of the same files is tests/cli/hostile-inputs.test.ts.
import { spawnSync } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { lastOf, openServiceDoor, type ServiceDoor } from './service-door';

const REFERENCE = join(import.meta.dirname, 'reference/hostile');
let folder: string;
let door: ServiceDoor;
const at = (name: string): string => join(folder, name);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'repmlp-hostile-window-'));
  door = await openServiceDoor();
  await cp(REFERENCE, folder, { recursive: true });
  for (const name of ['bomb4g.npz', 'png30k.png']) await writeFile(at(name), gunzipSync(await readFile(at(`${name}.gz`))));
  await symlink('/dev/zero', at('endless'));
  await mkdir(at('run'));
  await cp(at('run-mixup-is-text.json'), at('run/run.json'));
  await mkdir(at('piped'));
  for (const pipe of ['pipe', 'piped/run.json']) spawnSync('/usr/bin/mkfifo', [at(pipe)]);
  await writeFile(at('deep.json'), `${'['.repeat(100_000)}${']'.repeat(100_000)}`);
});
afterAll(async () => {
  await door?.close();
  await rm(folder, { recursive: true, force: true });
});

const bundled = { kind: 'bundled', name: 'pure-mlp-small' } as const;
const shapes = { kind: 'embedded', name: 'shapes', seed: 1 } as const;
const overlay = async (change: Readonly<Record<string, unknown>>): Promise<unknown> => {
  const json = JSON.parse(await readFile(at('overlay-partitions-1e9.json'), 'utf8')) as object;
  const recipe: unknown = { ...json, partitions: 2, source: { path: 'bundled:pure-mlp-small' }, ...change };
  return door.client.figure.render({ recipe: recipe as never, format: 'svg' });
};
const open = (path: string) => door.client.checkpoint.open({ path });

/** What is asked, and what the sentence is about. */
const TABLE: readonly (readonly [string, () => Promise<unknown>, RegExp])[] = [
  ['a checkpoint that unfolds a thousandfold', () => open(at('bomb4g.npz')), /would unfold/],
  ['a tensor name that steers a terminal', () => open(at('s_ctrlname.safetensors')), /names a tensor "\\u001b/],
  ['such a name in npz', () => open(at('z_ctrl.npz')), /names a tensor "\\u001b/],
  ['a device as checkpoint', () => open(at('endless')), /is a device/],
  ['a pipe as checkpoint', () => open(at('pipe')), /is a pipe/],
  ['a path with NUL', () => open('a\0b.pth'), /NUL|null bytes/],
  ['a folder that is no run', () => open(folder), /not a run folder|is a folder/],
  ['a picture of 30000 x 30000', () => door.client.dataset.pictureFile({ path: at('png30k.png') }), /30000x30000/],
  ['a pipe as picture', () => door.client.dataset.pictureFile({ path: at('pipe') }), /is a pipe/],
  ['a device as picture', () => door.client.dataset.pictureFile({ path: at('endless') }), /is a device/],
  ['a map repeated a thousand million times', () => overlay({ partitions: 1e9 }), /partitions/],
  ['a figure of a path with NUL', () => overlay({ source: { path: 'a\0b' } }), /NUL/],
  ['a picture of a figure that is a pipe', () => overlay({ picture: { file: at('pipe') } }), /is a pipe/],
  ['a figure file that is a device', () => door.client.figure.open({ path: at('endless') }), /is a device/],
  ['a figure file nested a hundred thousand deep', () => door.client.figure.open({ path: at('deep.json') }), /deep\.json/],
  ['a run record with a text for a number', () => door.client.run.open({ path: at('run') }), /config\.recipe\.mixup/],
  ['a run record that is a pipe', () => door.client.run.open({ path: at('piped') }), /no regular file|is a pipe/],
  ['a run name that leads out of the folder', () => door.client.run.metrics({ run: '../../etc' }), /named by its folder's name/],
  ['a run renamed out of the folder', () => door.client.run.rename({ run: '..', name: 'x' }), /named by its folder's name/],
  ['the runs folder deleted as a run', () => door.client.run.remove({ run: '.' }), /named by its folder's name/],
  [
    'a checkpoint of a run that is none',
    () => door.client.checkpoint.tensors({ weights: { kind: 'run', run: '..', checkpoint: 'x' } }),
    /./,
  ],
  ['bundled weights out of the assets', () => open('bundled:../../package'), /no checkpoint called|takes|expected/],
  [
    'a batch of a thousand million',
    () => door.client.training.predict({ weights: bundled, dataset: shapes as never, view: 'whole', first: 1e15, count: 1e9 }),
    /./,
  ],
  ['a block that is a property of every object', () => door.client.merge.matrices({ weights: bundled, block: '__proto__' }), /__proto__/],
  [
    'a cell that is nowhere',
    () => door.client.merge.provenance({ weights: bundled, block: 'stage1.mix1', row: -1, column: 1e12 }),
    /cells, got/,
  ],
  ['a save over a folder', () => door.client.checkpoint.save({ weights: bundled, path: folder, overwrite: true }), /./],
  [
    'a save into a folder that is not there',
    () => door.client.checkpoint.save({ weights: bundled, path: at('none/a.pth'), overwrite: true }),
    /does not exist/,
  ],
  ['an unknown data set fetched', () => lastOf(door.client.dataset.fetch({ name: '../x', folder: at('fetched') })), /./],
];

test.skipIf(process.platform === 'win32').each(TABLE)(
  '%s gets one sentence, and the service answers the next call',
  async (_, ask, sentence) => {
    const before = await readdir(folder);
    const error = await ask().then(
      () => null,
      (thrown: unknown) => thrown,
    );
    expect(error).toMatchObject({ code: expect.stringMatching(/^(USER_ERROR|BAD_REQUEST)$/) as string });
    const { message } = error as Error;
    expect(message).toMatch(sentence);
    expect(message.split('\n')).toHaveLength(1);
    expect(message).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
    expect(await readdir(folder)).toEqual(before);
    expect((await door.client.app.info()).host).toBe('browser');
  },
);
