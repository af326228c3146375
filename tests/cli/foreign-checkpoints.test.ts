// Other people's checkpoints through the command line: wrapped, averaged, in several sets, with things beside the
// weights, and under the endings PyTorch's files go by.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { writeCheckpointFile } from '../../electron/files';
import { toFloat32 } from '../../src-shared/tensor/convert';
import { floatTensor, type NamedTensors, type Tensor } from '../../src-shared/tensor/tensor';
import { referencePath } from '../reference';
import { repmlp, saved, temporaryFolder, tensorsOf } from './repmlp';

const foreign = (name: string): string => referencePath(`foreign/${name}`);

let folder: string;
let network: NamedTensors;
beforeAll(async () => {
  folder = await temporaryFolder();
  network = await tensorsOf(referencePath('pth/net_tiny_train.pth'));
});

const renamed = (tensors: NamedTensors, prefix: string): Map<string, Tensor> =>
  new Map([...tensors].map(([name, tensor]) => [prefix + name, tensor]));
/** The same network with other weights: every one of a convolution or FC doubled. */
const doubled = (): NamedTensors =>
  new Map(
    [...network].map(([name, tensor]) => {
      if (tensor.shape.length < 2) return [name, tensor];
      return [
        name,
        floatTensor(
          tensor.shape,
          toFloat32(tensor).data.map((value) => 2 * value),
        ),
      ];
    }),
  );
const counter: Tensor = { shape: [], dtype: 'int64', data: BigInt64Array.of(5n) };

interface Inspected {
  readonly model: string | null;
  readonly strippedPrefix: string;
  readonly setAside: readonly string[];
  readonly weightSets: readonly { name: string; tensors: number; chosen: boolean }[];
  readonly tensors: readonly { name: string }[];
  readonly format: string;
  readonly metadata: Readonly<Record<string, string>>;
}

async function inspect(path: string): Promise<Inspected> {
  return JSON.parse((await repmlp(['inspect', path, '--json'])).stdout) as Inspected;
}

describe('wrapped networks', () => {
  test.each([
    ['averaged.pth', 'module.', [['n_averaged', counter]]],
    ['lightning.ckpt', 'model.', []],
    ['compiled.bin', 'model._orig_mod.', []],
    ['counted.pth.tar', '', [['total_ops', floatTensor([1], Float32Array.of(9))]]],
  ] as const)('%s is recognised, computes what the network computes and is merged under its own names', async (name, prefix, beside) => {
    const path = await saved(folder, name, new Map([...renamed(network, prefix), ...beside]));
    const inspected = await inspect(path);
    expect([inspected.strippedPrefix, inspected.setAside.length, inspected.tensors.length]).toEqual([prefix, beside.length, network.size]);
    expect(inspected.model).toBe('repmlpnet-small');
    const merged = join(folder, `merged-${name}`);
    expect((await repmlp(['merge', path, merged])).code).toBe(0);
    const plain = join(folder, `plain-${name}`);
    await repmlp(['merge', referencePath('pth/net_tiny_train.pth'), plain]);
    expect((await readFile(merged)).equals(await readFile(plain))).toBe(true);
  });
});

describe('a file of two sets of weights', () => {
  let path: string;
  beforeAll(async () => {
    path = await saved(folder, 'two-sets.safetensors', new Map([...renamed(network, 'model.'), ...renamed(doubled(), 'ema.')]));
  });

  test('lists both, reads the usual one and says so, and reads the other by name', async () => {
    const sets = [
      { name: 'model', tensors: 107, chosen: true },
      { name: 'ema', tensors: 107, chosen: false },
    ];
    expect((await inspect(path)).weightSets).toEqual(sets);
    const usual = await repmlp(['convert', path, join(folder, 'usual.npz')]);
    expect(usual.stderr).toContain('holds 2 sets of weights: model (107 tensors), ema (107 tensors); reading model');
    const other = await repmlp(['convert', path, join(folder, 'other.npz'), '--weights', 'ema']);
    expect([usual.code, other.code, other.stderr]).toEqual([0, 0, '']);
    const [first, second] = [await tensorsOf(join(folder, 'usual.npz')), await tensorsOf(join(folder, 'other.npz'))];
    expect([first, second]).toEqual([network, doubled()]);
  });

  test('refuses a name it does not hold, with those it holds', async () => {
    for (const verb of [
      ['inspect', path],
      ['merge', path, join(folder, 'none.pth')],
      ['cost', path],
      ['pattern', path],
      ['convert', path, join(folder, 'none.npz')],
    ]) {
      const { code, stderr } = await repmlp([...verb, '--weights', 'teacher']);
      expect(code).toBe(2);
      expect(stderr).toContain('no set of weights called "teacher"; it holds model (107 tensors), ema (107 tensors)');
    }
  });

  test('merges and proves the chosen set, and the merged file says which it was', async () => {
    const merged = join(folder, 'ema-merged.safetensors');
    expect((await repmlp(['merge', path, merged, '--weights', 'ema'])).code).toBe(0);
    const { metadata } = await inspect(merged);
    expect(metadata['repmlp.weights']).toBe('ema');
    expect((await repmlp(['verify', path, merged, '--weights', 'ema', '--backend', 'cpu'])).code).toBe(0);
    expect((await repmlp(['verify', path, merged, '--weights', 'model', '--backend', 'cpu'])).code).toBe(1);
  });
});

describe('values beside the weights and weights in other places', () => {
  const names = [
    ...['mmengine_message_hub', 'onecycle', 'whole_model_with_torch_relu'].map((name) => `pickle-builtins-getattr/${name}.pth`),
    ...['enum_python312', 'numpy_randomstate', 'ordereddict_subclass', 'simplenamespace', 'sparse_elsewhere'].map(
      (name) => `pickle-calls-beside-the-weights/${name}.pth`,
    ),
    ...['list_root', 'numpy_values'].map((name) => `state-dict-in-other-places/${name}.pth`),
    ...['trailing_zeros.pth', 'with_class_names.npz', 'with_u64_step.safetensors'].map((name) => `files-named-wrongly/${name}`),
  ];

  test.each(names)('%s is read: one and the same block', async (name) => {
    const tensors = await tensorsOf(foreign(name));
    expect(tensors.size).toBe(16);
    const fc3 = [...tensors].find(([tensorName]) => tensorName.endsWith('fc3.weight'))?.[1];
    expect([fc3?.dtype, fc3?.shape]).toEqual(['float32', [18, 9, 1, 1]]);
    expect(toFloat32(fc3 as Tensor).data.every((value) => Number.isFinite(value) && Math.abs(value) < 100)).toBe(true);
  });

  test.each([
    ['onnx_ir10.onnx', 'is an ONNX model'],
    ['model.safetensors.index.json', 'is the index of a checkpoint in 2 parts'],
    ['zip_of_a_checkpoint.zip', 'is a zip archive around "model.pth"'],
  ])('%s is called what it is', async (name, sentence) => {
    const { code, stderr } = await repmlp(['inspect', foreign(`files-named-wrongly/${name}`)]);
    expect([code, stderr]).toEqual([2, expect.stringContaining(sentence)]);
  });

  test('a merge says what it leaves out', async () => {
    const { code, stderr } = await repmlp(['merge', foreign('files-named-wrongly/with_u64_step.safetensors'), join(folder, 'step.pth')]);
    expect([code, stderr]).toEqual([0, expect.stringContaining('beside the weights and left out: step (U64 scalar)')]);
  });
});

test('every ending of a PyTorch file is written as one', async () => {
  for (const ending of ['pth', 'pt', 'ckpt', 'bin', 'pth.tar']) {
    const path = join(folder, `weights.${ending}`);
    await writeCheckpointFile(path, network);
    expect((await inspect(path)).format).toBe('pth');
  }
});
