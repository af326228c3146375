// Small inputs that could end the program, hang it or take memory out of proportion: each gets one sentence, and nothing is written.
import { spawnSync } from 'node:child_process';
import { cp, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { beforeAll, describe, expect, test } from 'vitest';
import { repmlp, temporaryFolder } from './repmlp';

const REFERENCE = join(import.meta.dirname, '../reference/hostile');
let folder: string;

const at = (name: string): string => join(folder, name);

/** A recipe of the reference with other fields. */
async function recipe(name: string, base: string, change: Readonly<Record<string, unknown>>): Promise<void> {
  const json = JSON.parse(await readFile(join(REFERENCE, base), 'utf8')) as Record<string, unknown>;
  await writeFile(at(name), JSON.stringify({ ...json, source: { path: 'bundled:pure-mlp-small' }, ...change }));
}

beforeAll(async () => {
  folder = await temporaryFolder();
  await cp(REFERENCE, folder, { recursive: true });
  for (const name of ['bomb4g.npz', 'png30k.png']) await writeFile(at(name), gunzipSync(await readFile(at(`${name}.gz`))));
  await mkdir(at('run'));
  await cp(at('run-mixup-is-text.json'), at('run/run.json'));
  await recipe('thousand-million.json', 'overlay-partitions-1e9.json', {});
  for (const picture of ['png30k.png', 'pipe', 'endless'])
    await recipe(`picture-${picture.replace('.png', '')}.json`, 'overlay-partitions-1e9.json', {
      partitions: 2,
      picture: { file: picture },
    });
  await recipe('source-pipe.json', 'overlay-partitions-1e9.json', { partitions: 2, source: { path: 'pipe' } });
  await writeFile(at('twice.json'), '{"format": "repmlp-figure", "kind": "overlay", "kind": "matrices"}');
  await symlink('/dev/zero', at('endless'));
  await mkdir(at('pipes'));
  for (const pipe of ['pipe', 'pipe.json', 'pipes/run.json']) spawnSync('/usr/bin/mkfifo', [at(pipe)]);
});

async function refused(args: readonly string[]): Promise<{ code: number | null; stderr: string }> {
  const before = await readdir(folder);
  const { code, stdout, stderr } = await repmlp(args);
  expect(stdout).toBe('');
  expect(stderr.trim().split('\n')).toHaveLength(1);
  expect(stderr).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
  expect(await readdir(folder)).toEqual(before);
  return { code, stderr };
}

describe('gets one sentence and exit 2, and nothing is written:', () => {
  test.each<[what: string, args: string[], sentence: RegExp]>([
    ['an archive that unfolds a thousandfold', ['inspect', 'bomb4g.npz'], /bomb4g\.npz: would unfold from 4174639 bytes to 4294901888/],
    ['such an archive converted', ['convert', 'bomb4g.npz', 'out.safetensors'], /would unfold/],
    ['a picture of 30000 x 30000', ['figure', 'picture-png30k.json', 'out.svg'], /png30k\.png: is 30000x30000; at most/],
    ['a map repeated a thousand million times', ['figure', 'thousand-million.json', 'out.svg'], /"?partitions"?: at most 480/],
    [
      'a kernel of a thousand million',
      ['train', '--model', 'kernel-1e9.json', '--data', 'shapes', '--out', 'out'],
      /layers\.1\.kernels\.0: .*1000000001/,
    ],
    ['a path with NUL', ['figure', 'source-nul.json', 'out.svg'], /a\\u0000b" names no file: it has the character NUL/],
    ['a name that steers the terminal, in safetensors', ['inspect', 's_ctrlname.safetensors'], /names a tensor "\\u001b\[31mevil\\u000a"/],
    ['a name that steers the terminal, in npz', ['inspect', 'z_ctrl.npz'], /names a tensor "\\u001b\[31mw/],
    ['a run record with a text for a number', ['train', '--out', 'run', '--resume'], /run\.json .*config\.recipe\.mixup: takes a number/],
    ['a key given twice', ['figure', 'twice.json', 'out.svg'], /twice\.json .*has "kind" twice/],
    ['a device as checkpoint', ['inspect', 'endless'], /endless: is a device, not a regular file/],
    ['a device as recipe', ['figure', 'endless', 'out.svg'], /endless: is a device/],
    ['a device as picture', ['figure', 'picture-endless.json', 'out.svg'], /endless: is a device/],
    ['a pipe as checkpoint', ['inspect', 'pipe'], /pipe: is a pipe, not a regular file/],
    ['a pipe as network', ['train', '--model', 'pipe.json', '--data', 'shapes', '--out', 'out'], /pipe\.json: is a pipe/],
    ['a pipe as recipe', ['figure', 'pipe.json', 'out.svg'], /pipe\.json: is a pipe/],
    ['a pipe as picture', ['figure', 'picture-pipe.json', 'out.svg'], /pipe: is a pipe/],
    ['a pipe as source of a figure', ['figure', 'source-pipe.json', 'out.svg'], /pipe: is a pipe/],
    ['a pipe as run record', ['train', '--out', 'pipes', '--resume'], /pipes\/run\.json is no regular file/],
  ])('%s', async (_, args, sentence) => {
    const isFile = (arg: string): boolean => /^(out|[\w-]+\.(json|npz|safetensors|svg)|pipes?|endless|run)$/.test(arg);
    const { code, stderr } = await refused(args.map((arg) => (isFile(arg) ? at(arg) : arg)));
    expect(stderr).toMatch(sentence);
    expect(code).toBe(2);
  });
});

test('130,000 tensors are listed and rewritten in every format', async () => {
  const count = 130_000;
  const header = Object.fromEntries(
    Array.from({ length: count }, (_, i) => [`layer.${i}.weight`, { dtype: 'F32', shape: [1], data_offsets: [4 * i, 4 * i + 4] }]),
  );
  const text = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  await writeFile(at('many.safetensors'), Buffer.concat([length, text, Buffer.alloc(4 * count)]));
  for (const output of ['many.pth', 'many.npz']) {
    const { code, stdout } = await repmlp(['convert', at('many.safetensors'), at(output)]);
    expect([code, stdout]).toEqual([0, expect.stringContaining(`${count} tensors`)]);
  }
  const { code, stdout } = await repmlp(['inspect', at('many.pth')]);
  expect([code, stdout.trim().split('\n').length]).toEqual([0, count + 2]);
});
