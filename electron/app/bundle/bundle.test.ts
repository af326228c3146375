import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ledger } from '@shared/cost/ledger';
import type { Engine, ParityRequest, ParityResult } from '@shared/compute/engine';
import { parseNetworkSpec } from '@shared/model/schema';
import type { NetworkSpec } from '@shared/model/spec';
import { LEAVES } from '@shared/model/leaves';
import { COMPOSITES } from '@shared/model/composites';
import { buildModel } from '@shared/model/zoo';
import { initialWeights } from '@shared/model/initialise';
import { mergedSpec } from '@shared/model/merged-spec';
import { seed } from '@shared/tensor/random';
import { floatTensor, type NamedTensors } from '@shared/tensor/tensor';
import { recipe } from '@shared/training/recipe/recipes';
import { engineOf } from '../../../testing/compute/engine-of';
import { openCheckpointFile } from '../../files';
import { PYTHON_FILES, writeBundle } from './bundle';
import { gpuHours } from './readme';

let folder: string;
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'repmlp-bundle-'))));
afterEach(() => rm(folder, { recursive: true, force: true }));

const ASSETS = fileURLToPath(new URL('../../../assets/bundle', import.meta.url));
const python = (name: string): Promise<string> => readFile(join(ASSETS, name), 'utf8');

async function tinySpec(): Promise<NetworkSpec> {
  const path = fileURLToPath(new URL('../../../tests/reference/pytorch/output/spec.json', import.meta.url));
  return parseNetworkSpec(JSON.parse(await readFile(path, 'utf8')));
}

/** Answers parity steps with the weights one further each step. */
function steppingEngine(asked: ParityRequest[] = []): Engine {
  const moved = (weights: NamedTensors, by: number): NamedTensors =>
    new Map(
      [...weights].map(([name, one]) => [
        name,
        one.dtype === 'float32'
          ? floatTensor(
              one.shape,
              Float32Array.from(one.data as Float32Array, (v) => v + by),
            )
          : one,
      ]),
    );
  const parity = (request: ParityRequest): Promise<ParityResult> => {
    asked.push(request);
    const output = floatTensor([request.batch.shape[0], 10], new Float32Array(request.batch.shape[0] * 10));
    const kept = request.keep.map((steps) => ({ steps, weights: moved(request.weights, steps), average: null }));
    return Promise.resolve({ before: output, after: output, losses: request.rates.map((_, i) => i), kept, backend: 'wasm' });
  };
  return engineOf({ parity });
}

const request = async () => ({ spec: await tinySpec(), recipe: recipe('shapes-short'), seed: seed(2), backend: 'auto' }) as const;

describe('a bundle', () => {
  it('holds the files that its README lists, the Python ones as they come with the program', async () => {
    const { files, backend, unproved } = await writeBundle(await request(), steppingEngine(), join(folder, 'out'));
    const readme = await readFile(join(folder, 'out', 'README.md'), 'utf8');
    expect([backend, unproved]).toEqual(['wasm', null]);
    for (const file of files.filter((name) => name !== 'README.md')) expect(readme, file).toContain(`\`${file}\``);
    expect(readme).not.toMatch(/\{\{|undefined|NaN/);
    for (const name of PYTHON_FILES) expect(await readFile(join(folder, 'out', name), 'utf8')).toBe(await python(name));
  });

  it("has the app's own first weights and network, and the engine's steps under their names", async () => {
    const asked: ParityRequest[] = [];
    const own = await request();
    await writeBundle(own, steppingEngine(asked), join(folder, 'out'));
    const read = async (name: string): Promise<NamedTensors> => {
      const file = await openCheckpointFile(join(folder, 'out', name));
      return file.readAll().finally(() => file.close());
    };
    const [initial, parity] = [await read('initial.safetensors'), await read('parity.safetensors')];
    const first = initialWeights(own.spec, own.seed);
    for (const [name, { data }] of first) expect(initial.get(name)?.data, name).toEqual(data);
    expect(parseNetworkSpec(JSON.parse(await readFile(join(folder, 'out', 'spec.json'), 'utf8')))).toEqual(own.spec);
    const head = Array.from(first.get('head.bias')?.data as Float32Array);
    for (const steps of [1, 10])
      expect(Array.from(parity.get(`after${steps}.head.bias`)?.data as Float32Array)).toEqual(head.map((v) => Math.fround(v + steps)));
    expect(asked[1].rates).toHaveLength(10);
    expect(asked[1].keep).toEqual([1, 10]);
  });

  it.each(['a file in it', 'a file of its name'])('is not written over %s', async (kind) => {
    const out = join(folder, 'out');
    if (kind === 'a file in it') await mkdir(out);
    await writeFile(kind === 'a file in it' ? join(out, 'mine') : out, 'mine');
    await expect(writeBundle(await request(), steppingEngine(), out)).rejects.toThrow(/not empty|is a file/);
    expect(await readdir(folder)).toEqual(['out']);
  });

  it('that fails leaves nothing behind', async () => {
    const failing = engineOf({ parity: () => Promise.reject(new Error('no memory')) });
    await expect(writeBundle(await request(), failing, join(folder, 'out'))).rejects.toThrow('no memory');
    expect(await readdir(folder)).toEqual([]);
  });

  it('of a merged network, or with a recipe for another task, is refused', async () => {
    const own = await request();
    await expect(writeBundle({ ...own, spec: mergedSpec(own.spec) }, steppingEngine(), join(folder, 'out'))).rejects.toThrow('is merged');
    await expect(writeBundle({ ...own, recipe: recipe('face-paper') }, steppingEngine(), join(folder, 'out'))).rejects.toThrow(
      'is not for classifying pictures',
    );
  });
});

describe('the Python files', () => {
  it.each(PYTHON_FILES)('%s say first what they are, and train.py stays under 400 lines', async (name) => {
    const text = await python(name);
    expect(text).toMatch(/^"""(`|[A-Z])[^"]{20,}"""\n/);
    expect(text.endsWith('\n')).toBe(true);
    expect(text).not.toMatch(/\t|[ ]+\n/);
    if (name === 'train.py') expect(text.split('\n').length).toBeLessThanOrEqual(400);
  });

  it('import nothing but torch, Pillow, each other and what Python has', async () => {
    const own = PYTHON_FILES.map((name) => name.replace('.py', ''));
    const standard = ['__future__', 'argparse', 'contextlib', 'csv', 'json', 'math', 'os', 'pathlib', 'random', 'signal', 'time', 'typing'];
    const optional = ['timm.models'];
    for (const name of PYTHON_FILES) {
      const modules = [...(await python(name)).matchAll(/^\s*(?:from ([\w.]+) import|import ([\w.]+))/gm)].map(
        (found) => found[1] ?? found[2],
      );
      const strange = modules.filter((one) => !/^(torch|PIL)(\.|$)/.test(one) && ![...own, ...standard, ...optional].includes(one));
      expect(strange, name).toEqual([]);
    }
  });

  it('know every kind of layer that a description can have', async () => {
    const net = await python('net.py');
    for (const kind of [...Object.keys(LEAVES), ...Object.keys(COMPOSITES)]) expect(net, kind).toContain(`"${kind}"`);
  });

  it('know every augmentation and schedule of the recipes', async () => {
    const [data, arithmetic] = [await python('data.py'), await python('arithmetic.py')];
    for (const kind of ['padCropFlip', 'flip', 'randomResizedCrop', 'randomScaleCrop', 'autoAugment', 'randAugment'])
      expect(data).toContain(`"${kind}":`);
    for (const kind of ['cosine', 'poly', 'steps', 'constant']) expect(arithmetic).toContain(`kind == "${kind}"`);
  });
});

it('GPU hours follow from the ledger: six operations a multiply-add, at a fourth of the peak', () => {
  const spec = buildModel('repmlpnet-b256');
  const { hours, of } = gpuHours(spec, recipe('repmlpnet-paper'));
  const operations = 6 * ledger(spec).macs * 1_281_167 * 100;
  expect(of).toBe('ImageNet');
  expect(new Map(hours).get('A100')).toBeCloseTo(operations / (312e12 / 4) / 3600, 6);
});
