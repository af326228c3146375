// Checkpoints as trainers write them (wrapped, averaged, compiled, mmpretrain's names, odd objects beside the weights) through the
// command line: each set of weights has PyTorch's values, and mmpretrain's RepMLPNet merges to its official conversion.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { bytesOfTensor } from '../../src-shared/checkpoint/tensor-bytes';
import { isFloating, toFloat32 } from '../../src-shared/tensor/convert';
import type { Tensor } from '../../src-shared/tensor/tensor';
import { referencePath, tensorsOf as referenceTensors } from '../reference';
import { commandLine } from './in-process';
import { largestDifference, repmlp, saved, temporaryFolder, tensorsOf } from './repmlp';

interface StateDict {
  readonly at: string;
  readonly tensors: readonly { readonly name: string; readonly sha256_of_little_endian_values: string }[];
}

interface IndexFile {
  readonly file: string;
  readonly what: string;
  readonly state_dicts: readonly StateDict[];
  readonly metrics?: Readonly<Record<string, number>>;
}

const { files } = JSON.parse(readFileSync(referencePath('families/pth/index.json'), 'utf8')) as { files: readonly IndexFile[] };
const path = (file: string): string => referencePath(`families/pth/${file}`);
const sets = files.flatMap(({ file, what, state_dicts }) =>
  state_dicts.map((set) => [file, set.at, what, set, state_dicts.length] as const),
);

let folder: string;
beforeAll(async () => {
  folder = await temporaryFolder();
});

function hashOf(tensor: Tensor | undefined): string | undefined {
  const float = tensor && (isFloating(tensor.dtype) ? toFloat32(tensor) : tensor);
  return float && createHash('sha256').update(bytesOfTensor(float)).digest('hex');
}

test('there are ten files of thirteen sets of weights', () => {
  expect([files.length, sets.length]).toEqual([10, 13]);
});

test.each(sets)('%s %s: %s', async (file, at, _, { tensors }, count) => {
  const out = join(folder, `${file}-${at}.safetensors`);
  const { code, stderr } = await commandLine('convert', path(file), out, ...(count > 1 ? ['--weights', at] : []));
  expect(code, stderr).toBe(0);
  const values = await tensorsOf(out);
  // A counter and a loss's own weight lie beside the network; they are told apart, not converted.
  const weights = tensors.filter(({ name }) => name !== 'n_averaged' && !name.startsWith('loss_fn.'));
  const wanted = weights.map((tensor) => [tensor.name, tensor.sha256_of_little_endian_values]);
  expect(wanted.map(([name]) => [name, hashOf(values.get(name))])).toEqual(wanted);
});

test("a RepMLPNet under mmpretrain's names merges to the official conversion, and computes the truth", async () => {
  const [train, deploy] = ['train', 'deploy'].map((form) => path(`mmpretrain_repmlpnet_${form}.pth`));
  const [ours, x, y] = ['merged', 'x', 'y'].map((part) => join(folder, `mm-${part}.safetensors`));
  expect((await commandLine('merge', train, ours)).code).toBe(0);
  const merged = await tensorsOf(ours);
  const official = await tensorsOf(deploy);
  expect([...merged.keys()]).toEqual([...official.keys()]);
  for (const [name, { data, dtype }] of official)
    if (dtype === 'float32')
      expect(largestDifference(merged.get(name)?.data as Float32Array, data as Float32Array), name).toBeLessThanOrEqual(2e-6);
  const expected = referenceTensors('families/pth/expected.safetensors');
  await saved(folder, 'mm-x.safetensors', new Map([['x', expected.get('mm.x') as Tensor]]));
  expect((await repmlp(['forward', ours, '--input', x, '--output', y])).code).toBe(0);
  const error = largestDifference((await tensorsOf(y)).get('y')?.data as Float32Array, expected.get('mm.y64')?.data as Float64Array);
  const { metrics = {} } = files.find(({ file }) => file === 'mmpretrain_repmlpnet_train.pth') as IndexFile;
  expect(error).toBeLessThanOrEqual(5 * Math.max(metrics.max_abs_train_minus_y64, metrics.max_abs_deploy_minus_y64));
  expect((await repmlp(['verify', train, deploy])).code).toBe(0);
});
