// One use-case, two doors: what a verb of the command line answers and what the service answers a window are the same,
// down to the last byte, and what one refuses the other refuses.
import { createHash } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { tensorOfBytes } from '../src-shared/checkpoint/tensor-bytes';
import { jsonText } from '../src-shared/base/named-numbers';
import type { FigureSource } from '../src-shared/figure/recipe';
import type { FigureRecipe } from '../src-shared/figure/registry';
import { matricesOf } from '../src-shared/merge/mathematics/matrices';
import { initialWeights } from '../src-shared/model/initialise';
import type { NetworkSpec } from '../src-shared/model/spec';
import { buildModel } from '../src-shared/model/zoo';
import { analyseBlock } from '../src-shared/pattern/analyse';
import { kernelPattern, looksAround } from '../src-shared/pattern/kernel-pattern';
import { shippedRecipe } from '../src-shared/merge/recipes/shipped';
import { costJson } from '../src-shared/cost/export';
import { familyLedgers } from '../src-shared/cost/family-ledgers';
import { PAPER_CONVENTION } from '../src-shared/cost/ledger';
import { seed } from '../src-shared/tensor/random';
import type { RunRecord } from '../src-shared/run/run';
import { familyCase, trainWeights } from '../testing/families/cases';
import { jsonOf, repmlp, saved, savedJson, temporaryFolder, tensorsOf } from './cli/repmlp';
import { lastOf, openServiceDoor, type ServiceDoor } from './service-door';

const BUNDLED = 'bundled:pure-mlp-small';
const head = { format: 'repmlp-figure', version: 1, layout: { widthMm: 120, fontPt: 8, title: null } } as const;
const shapes = { kind: 'embedded', name: 'shapes', seed: seed(1), trainCount: 64, validationCount: 40 } as const;
const SHAPES = 'shapes:train=64,validation=40';

let folder: string;
let door: ServiceDoor;

beforeAll(async () => {
  folder = await temporaryFolder();
  door = await openServiceDoor();
});
afterAll(async () => {
  await door?.close();
  await rm(folder, { recursive: true, force: true });
});

/** The verb's JSON. */
async function answerOf(...args: readonly string[]): Promise<Record<string, unknown>> {
  const { stdout, stderr } = await repmlp([...args, '--json']);
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout) as Record<string, unknown>;
}

/** A window's answer as the verbs print it. */
function plain(value: unknown): unknown {
  return JSON.parse(jsonText(value));
}

/** What the verb says when it refuses. */
async function refusalOf(...args: readonly string[]): Promise<string> {
  const { code, stderr } = await repmlp(args);
  expect(code, stderr).toBe(2);
  return stderr.replace(/^repmlp: /, '').trim();
}

const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const fileHash = async (path: string): Promise<string> => hashOf(await readFile(path));

describe('a figure', () => {
  let count = 0;

  async function bothDoors(recipe: FigureRecipe, format: 'svg' | 'pdf' | 'png' = 'svg'): Promise<[verb: Uint8Array, window: Uint8Array]> {
    const own = ++count;
    const [file, out] = [await savedJson(folder, `recipe-${own}.json`, recipe), join(folder, `figure-${own}.${format}`)];
    const { code, stderr } = await repmlp(['figure', file, out]);
    expect(code, stderr).toBe(0);
    const { url } = await door.client.figure.render({ recipe, format });
    return [await readFile(out), await door.fetchBytes(url)];
  }

  async function expectSame(recipe: FigureRecipe, format?: 'svg' | 'pdf' | 'png'): Promise<string> {
    const [verb, window] = await bothDoors(recipe, format);
    expect(window.length).toBeGreaterThan(1000);
    expect(hashOf(window)).toBe(hashOf(verb));
    return new TextDecoder().decode(window);
  }

  test.each(['svg', 'pdf', 'png'] as const)('about weights the window names `bundled:` is the same %s', async (format) => {
    await expectSame({ ...head, kind: 'matrices', source: { path: BUNDLED }, colours: 'blue-orange', transform: 'symlog' }, format);
  });

  const about: Readonly<Record<string, FigureRecipe>> = {
    'the costs of a zoo network at another input size': {
      ...head,
      kind: 'cost-bars',
      model: 'repmlpnet-small',
      inputSize: '64',
      metric: 'macs',
    },
    'the locality of two networks': { ...head, kind: 'locality', source: { path: BUNDLED }, against: { path: BUNDLED } },
    'an overlay on a class of a data set': {
      ...head,
      kind: 'overlay',
      source: { path: BUNDLED },
      group: null,
      map: 'input',
      picture: { dataset: shapes, of: { classMean: 2 } },
    },
  };
  test.each(Object.entries(about))('of %s is the same', async (_, recipe) => {
    await expectSame(recipe);
  });

  const renamed: NetworkSpec = { ...buildModel('pure-mlp-small'), name: 'as described in the recipe' };
  const localityOf = (source: FigureSource): FigureRecipe => ({ ...head, kind: 'position-maps', source, group: null });

  test('shows the network that its recipe describes', async () => {
    expect(await expectSame(localityOf({ path: BUNDLED, network: renamed }))).toContain('as described in the recipe,');
  });

  test('of a network that the weights do not fit is refused', async () => {
    const recipe = localityOf({ path: BUNDLED, network: buildModel('repmlpnet-small') });
    const file = await savedJson(folder, 'misfit.json', recipe);
    const said = await refusalOf('figure', file, join(folder, 'misfit.svg'));
    expect(said).toMatch(/the weights in pure-mlp-small\.safetensors do not fit repmlpnet-small/);
    await expect(door.client.figure.render({ recipe, format: 'svg' })).rejects.toThrow(said);
  });

  test('of one of several sets of weights, for inputs of another size, is found again by its recipe', async () => {
    const spec = buildModel('repmlpnet-small');
    const sets = [1, 2].map((n) =>
      [...initialWeights(spec, seed(n))].map(([name, tensor]) => [`${n === 1 ? 'model' : 'ema'}.${name}`, tensor] as const),
    );
    const path = await saved(folder, 'two-sets.safetensors', new Map(sets.flat()));
    const opened = await door.client.checkpoint.open({ path });
    const other = await door.client.checkpoint.openSet({ id: opened.id, set: 'ema' });
    expect(other.path).toBe(path);
    const [usual, ema, large] = await Promise.all(
      [{ path }, { path: other.path, weights: 'ema' }, { path, weights: 'ema', inputSize: '64' }].map((source) =>
        expectSame({ ...about['an overlay on a class of a data set'], source } as FigureRecipe),
      ),
    );
    expect(ema).not.toBe(usual);
    expect(ema).toContain('two-sets.safetensors (ema)');
    expect(large).not.toContain('The map covers the whole picture.');
  });
});

test('weights that a window handed over are found by the verbs where the service says they are', async () => {
  const { path: bundled } = await door.client.checkpoint.open({ path: BUNDLED });
  expect(bundled).toBe(BUNDLED);
  const file = join(folder, 'brought.safetensors');
  expect((await repmlp(['convert', BUNDLED, file])).code).toBe(0);
  const url = await door.upload('brought.safetensors', new Uint8Array(await readFile(file)));
  const { path, tensors } = await door.client.checkpoint.open({ path: url });
  expect(path).not.toBe(url);
  expect((await answerOf('inspect', path)).tensors).toEqual(tensors);
});

describe('weights', () => {
  test('are inspected alike', async () => {
    const verb = await answerOf('inspect', BUNDLED);
    const window = await door.client.checkpoint.open({ path: BUNDLED });
    expect(window.tensors).toEqual(verb.tensors);
    expect([window.fileName, window.format, window.bytes, window.recognised?.model, window.recognised?.form, window.notes]).toEqual([
      verb.file,
      verb.format,
      verb.bytes,
      verb.model,
      verb.form,
      verb.said,
    ]);
  });

  test('merge to the same file, and the same seed draws the same inputs for its proof', async () => {
    const [verb, window] = [join(folder, 'merged-by-verb.safetensors'), join(folder, 'merged-by-window.safetensors')];
    await answerOf('merge', BUNDLED, verb);
    const train = { kind: 'bundled', name: 'pure-mlp-small' } as const;
    const done = await lastOf(door.client.merge.run({ weights: train, fuseAllConvBn: false }));
    if (done.type !== 'done') throw new Error('the merge has no end');
    await door.client.checkpoint.save({ weights: done.merged, path: window, overwrite: false });
    expect(await fileHash(window)).toBe(await fileHash(verb));

    const { said, ...judged } = await answerOf('verify', BUNDLED, verb, '--seed', '7', '--batch', '3');
    const fromFile = { kind: 'file', id: (await door.client.checkpoint.open({ path: verb })).id } as const;
    for (const merged of [done.merged, fromFile]) {
      const step = await lastOf(door.client.merge.verify({ train, merged, seed: 7, batch: 3 }));
      if (step.type !== 'done') throw new Error('the proof has no end');
      const { backend, ...report } = step.report;
      expect(step.said).toEqual(said);
      expect(plain({ ...report, backend: backend.split(',')[0] })).toEqual(judged);
    }
  });

  test('of other families are found, asked about, merged, left and judged alike', async () => {
    const file = await saved(folder, 'yolo.safetensors', trainWeights(familyCase('yolov9_repconvn')));
    const asked = (await answerOf('inspect', file)) as { groups: unknown[]; left: { at: string; recipe: string; reason: string }[] };
    const opened = await door.client.checkpoint.open({ path: file });
    expect(opened.families.groups).toEqual(asked.groups);
    expect(opened.families.left.map(({ at, recipe, reason }) => ({ at, recipe, reason }))).toEqual(asked.left);
    const vit = await saved(folder, 'vit.safetensors', trainWeights(familyCase('repvit_model')));
    const { families } = await door.client.checkpoint.open({ path: vit });
    expect(families.groups.map(({ at, recipe, family, form }) => ({ at, recipe, family, form }))).toEqual(
      (await answerOf('inspect', vit)).groups,
    );
    const weights = { kind: 'file', id: opened.id } as const;
    const refused = await refusalOf('merge', file, join(folder, 'none.safetensors'));
    await expect(lastOf(door.client.merge.run({ weights, fuseAllConvBn: false }))).rejects.toThrow(refused);
    const unknown = await refusalOf('merge', file, join(folder, 'none.safetensors'), '--recipe', 'yolo');
    await expect(door.client.checkpoint.family({ id: opened.id, recipe: ['yolo'], setting: [] })).rejects.toThrow(unknown);

    const said = ['--recipe', 'yolov9-repconvn', '--setting', 'eps=0.002'];
    const [verb, window] = [join(folder, 'yolo-by-verb.safetensors'), join(folder, 'yolo-by-window.safetensors')];
    const summary = await answerOf('merge', file, verb, ...said);
    const read = await door.client.checkpoint.family({ id: opened.id, recipe: ['yolov9-repconvn'], setting: ['eps=0.002'] });
    expect(read.families.settings).toEqual([expect.objectContaining({ name: 'eps', usual: 0.001, given: 0.002 })]);
    const done = await lastOf(door.client.merge.run({ weights, fuseAllConvBn: false }));
    if (done.type !== 'done') throw new Error('the merge has no end');
    const { mergedLayers, groups, left } = done.summary;
    expect({ mergedLayers, groups, left }).toEqual({ mergedLayers: summary.mergedLayers, groups: summary.groups, left: summary.left });
    await door.client.checkpoint.save({ weights: done.merged, path: window, overwrite: false });
    expect(await fileHash(window)).toBe(await fileHash(verb));

    const byVerb = { kind: 'file', id: (await door.client.checkpoint.open({ path: verb })).id } as const;
    const kernel = await door.client.checkpoint.matrix({ weights, tensor: 'conv.weight', merged: true, map: [5, 4] });
    const stored = await door.client.checkpoint.matrix({ weights: byVerb, tensor: 'conv.weight', map: [5, 4] });
    expect([kernel.rows, kernel.columns]).toEqual([stored.shape[0] * 20, stored.shape[1] * 20]);
    expect(hashOf(await door.fetchBytes(kernel.url))).toBe(hashOf(await door.fetchBytes(stored.url)));

    const { said: none, ...judged } = await answerOf('verify', file, verb, ...said, '--seed', '7');
    const step = await lastOf(door.client.merge.verify({ train: weights, merged: done.merged, seed: 7, batch: 1 }));
    expect(plain(step)).toEqual({ type: 'done', report: judged, said: none });
  });

  test('of other families have the same merged layers, costs and patterns at both doors', async () => {
    const file = await saved(folder, 'vgg.safetensors', trainWeights(familyCase('repvgg_model_1211')));
    const opened = await door.client.checkpoint.open({ path: file });
    const weights = { kind: 'file', id: opened.id } as const;
    const found = await door.client.merge.kernels({ weights });
    if (found === null) throw new Error('the window finds no merged layers');
    const map = [9, 7] as const;
    const { train, merged } = familyLedgers(found, map, PAPER_CONVENTION);
    const cost = await answerOf('cost', file, '--map-size', '9x7');
    expect(plain(costJson(train ? [train, merged] : [merged]))).toEqual(
      expect.objectContaining({ train: cost.train, merged: cost.merged }),
    );

    const { kernels } = (await answerOf('pattern', file, '--map-size', '9x7')) as {
      readonly kernels: readonly { readonly path: string }[];
    };
    const around = found.kernels.filter(({ shape }) => looksAround(shape));
    expect(around.map(({ path }) => path)).toEqual(kernels.map(({ path }) => path));
    for (const [at, { path, recipe, name, shape }] of around.entries()) {
      const { url } = await door.client.checkpoint.matrix({ weights, tensor: name, merged: true });
      const weight = tensorOfBytes('float32', shape, await door.fetchBytes(url));
      expect(plain(kernelPattern({ path, recipe, weight }, map))).toEqual(kernels[at]);
    }
    expect(await door.client.merge.kernels({ weights: { kind: 'bundled', name: 'pure-mlp-small' } })).toBe(null);
  });

  test('beside an adapter in a file of its own merge alike at both doors', async () => {
    const all = [...trainWeights(familyCase('lora_rank_pattern'))];
    const host = await saved(folder, 'host.safetensors', new Map(all.filter(([name]) => !name.includes('lora_'))));
    const adapter = await saved(folder, 'adapter_model.safetensors', new Map(all.filter(([name]) => name.includes('lora_'))));
    const config = { lora_alpha: 8, alpha_pattern: { v_proj: 6 } };
    const configFile = await savedJson(folder, 'adapter_settings.json', config);
    const [verb, window] = [join(folder, 'host-by-verb.safetensors'), join(folder, 'host-by-window.safetensors')];
    await answerOf('merge', host, verb, '--adapter', adapter, '--adapter-config', configFile);
    const { id } = await door.client.checkpoint.open({ path: host });
    const joined = await door.client.checkpoint.adapt({ id, adapter, config: { fileName: 'c.json', text: JSON.stringify(config) } });
    expect([joined.adapter?.config, joined.families.settings.find(({ name }) => name === 'alpha')?.given]).toEqual(['c.json', 8]);
    const weights = { kind: 'file', id } as const;
    const done = await lastOf(door.client.merge.run({ weights, fuseAllConvBn: false }));
    if (done.type !== 'done') throw new Error('the merge has no end');
    await door.client.checkpoint.save({ weights: done.merged, path: window, overwrite: false });
    expect(await fileHash(window)).toBe(await fileHash(verb));
    const both = await refusalOf('merge', host, join(folder, 'none.safetensors'), '--adapter', host);
    await expect(door.client.checkpoint.adapt({ id, adapter: host, config: null })).rejects.toThrow(both);
    const alone = await door.client.checkpoint.adapt({ id, adapter: null, config: null });
    expect([alone.adapter, alone.families.groups, alone.tensors.length]).toEqual([
      undefined,
      [],
      all.filter(([name]) => !name.includes('lora_')).length,
    ]);
  });

  test('by a recipe of the user’s own merge alike at both doors, and a wrong one is refused in the same words', async () => {
    const own = JSON.parse(
      JSON.stringify(shippedRecipe('acnet')).replaceAll('square_conv', 'main').replaceAll('"acnet"', '"mine"'),
    ) as object;
    const recipe = await savedJson(folder, 'mine.json', own);
    const renamed = [...trainWeights(familyCase('acnet_k3'))].map(
      ([name, tensor]) => [name.replace('square_conv', 'main'), tensor] as const,
    );
    const file = await saved(folder, 'mine.safetensors', new Map(renamed));
    const [verb, window] = [join(folder, 'mine-by-verb.safetensors'), join(folder, 'mine-by-window.safetensors')];
    await answerOf('merge', file, verb, '--recipe', recipe);
    const { id } = await door.client.checkpoint.open({ path: file });
    const read = await door.client.checkpoint.family({
      id,
      recipe: [],
      setting: [],
      own: [{ fileName: 'mine.json', text: JSON.stringify(own) }],
    });
    expect(read.families.groups.map(({ recipe: name }) => name)).toEqual(['mine']);
    const done = await lastOf(door.client.merge.run({ weights: { kind: 'file', id }, fuseAllConvBn: false }));
    if (done.type !== 'done') throw new Error('the merge has no end');
    await door.client.checkpoint.save({ weights: done.merged, path: window, overwrite: false });
    expect(await fileHash(window)).toBe(await fileHash(verb));
    const wrong = { ...own, merged: { fused_conv: 'total' } };
    const said = await refusalOf('merge', file, join(folder, 'none.safetensors'), '--recipe', await savedJson(folder, 'wrong.json', wrong));
    const text = JSON.stringify(wrong);
    const asked = door.client.checkpoint.family({ id, recipe: [], setting: [], own: [{ fileName: join(folder, 'wrong.json'), text }] });
    await expect(asked).rejects.toThrow(said);
  });

  test('are converted to the same file', async () => {
    const [verb, window] = [join(folder, 'half-by-verb.npz'), join(folder, 'half-by-window.npz')];
    expect((await repmlp(['convert', BUNDLED, verb, '--dtype', 'float16'])).code).toBe(0);
    const weights = { kind: 'bundled', name: 'pure-mlp-small' } as const;
    await door.client.checkpoint.save({ weights, path: window, overwrite: false, dtype: 'float16' });
    expect([...(await tensorsOf(window))]).toEqual([...(await tensorsOf(verb))]);
  });

  test('are evaluated alike, in one form and in both', async () => {
    const weights = { kind: 'bundled', name: 'pure-mlp-small' } as const;
    const verb = await answerOf('evaluate', BUNDLED, '--data', SHAPES, '--form', 'both');
    const step = await lastOf(door.client.training.evaluate({ weights, dataset: shapes, both: true, view: 'whole' }));
    if (step.type !== 'done') throw new Error('the evaluation has no end');
    expect(step.seen).toBe(verb.seen);
    expect(verb.train).toMatchObject(plain(step.report) as object);
    expect(verb.merged).toMatchObject(plain(step.both?.merged) as object);
    expect(plain(step.both?.agreement)).toEqual(verb.agreement);
  });

  test('that cannot be evaluated as asked are refused at both doors', async () => {
    const said = await refusalOf('evaluate', BUNDLED, '--data', SHAPES, '--sliding');
    const weights = { kind: 'bundled', name: 'pure-mlp-small' } as const;
    const asked = door.client.training.evaluate({ weights, dataset: shapes, both: false, view: 'sliding' });
    await expect(lastOf(asked)).rejects.toThrow(said.replace(/^--sliding /, ''));
  });

  test('have the same patterns', async () => {
    const { blocks } = (await answerOf('pattern', BUNDLED)) as { readonly blocks: readonly { readonly path: string }[] };
    const weights = { kind: 'bundled', name: 'pure-mlp-small' } as const;
    expect(await door.client.merge.blocks({ weights })).toEqual(blocks.map(({ path }) => path));
    for (const { path } of blocks) {
      const block = await door.client.merge.tensors({ weights, block: path });
      const tensors = block.tensors.map(
        async ({ name, dtype, shape, url }) => [name, tensorOfBytes(dtype, shape, await door.fetchBytes(url))] as const,
      );
      const pattern = analyseBlock(matricesOf(block.layer, new Map(await Promise.all(tensors)), path), block.layer);
      expect(plain({ ...pattern, path })).toEqual(blocks.find((one) => one.path === path));
    }
  });
});

test('the layers of both forms are measured alike', async () => {
  const { measured } = (await answerOf('cost', 'pure-mlp-small', '--measure', '--repetitions', '2', '--batch', '2')) as {
    readonly measured: {
      readonly forms: readonly {
        readonly form: string;
        readonly backend: string;
        readonly layers: readonly { readonly layer: string }[];
      }[];
    };
  };
  const forms: { form: string; backend: string; layers: string[] }[] = [];
  for await (const { form, report } of await door.client.cost.measure({ spec: buildModel('pure-mlp-small'), batch: 2, repetitions: 2 }))
    forms.push({ form, backend: report.backend, layers: report.layers.map(({ path }) => path || 'pure-mlp-small') });
  expect(forms).toEqual(measured.forms.map(({ form, backend, layers }) => ({ form, backend, layers: layers.map(({ layer }) => layer) })));
});

test('the data sets that can be fetched are the same', async () => {
  const { fetchable, restricted } = await door.client.dataset.published();
  expect(await answerOf('fetch')).toEqual({ datasets: fetchable, restricted });
});

describe('a training', () => {
  const run = (): string => join(folder, 'run-of-verb');
  const metricsOf = async (path: string): Promise<string[]> =>
    (await readFile(join(path, 'metrics.csv'), 'utf8')).split('\n').map((line) => line.split(',').slice(0, 5).join(','));

  test('started with the same configuration makes the same run', async () => {
    await answerOf(
      'train',
      '--model',
      'pure-mlp-small',
      '--data',
      SHAPES,
      '--epochs',
      '1',
      '--seed',
      '3',
      '--backend',
      'wasm',
      '--out',
      run(),
    );
    const record = (await jsonOf(join(run(), 'run.json'))) as RunRecord;
    const { run: name } = await door.client.training.start({ config: record.config, name: 'run of window' });
    const end = await lastOf(door.client.training.watch({ run: name }));
    expect(end).toMatchObject({ type: 'state', state: 'finished' });
    const other = join(door.runsFolder, name);
    const own = (await jsonOf(join(other, 'run.json'))) as RunRecord;
    const facts = ({ config, dataHash, state, checkpoints, backend }: RunRecord): unknown => ({
      config,
      dataHash,
      state,
      checkpoints,
      backend,
    });
    expect(facts(own)).toEqual(facts(record));
    expect(await metricsOf(other)).toEqual(await metricsOf(run()));
    for (const { file } of record.checkpoints) expect(await fileHash(join(other, file)), file).toBe(await fileHash(join(run(), file)));
  });

  test('draws the same curves at both doors', async () => {
    const recipe: FigureRecipe = { ...head, kind: 'curves', source: { path: run() } };
    const file = await savedJson(folder, 'curves.json', recipe);
    expect((await repmlp(['figure', file, join(folder, 'curves.svg')])).code).toBe(0);
    const { url } = await door.client.figure.render({ recipe, format: 'svg' });
    expect(hashOf(await door.fetchBytes(url))).toBe(await fileHash(join(folder, 'curves.svg')));
  });

  test('that does not fit its data is refused in the same words, and nothing is written', async () => {
    const said = await refusalOf(
      'train',
      '--model',
      'pure-mlp-small',
      '--set',
      'classes=7',
      '--data',
      SHAPES,
      '--out',
      join(folder, 'none'),
    );
    const { config } = (await jsonOf(join(run(), 'run.json'))) as RunRecord;
    const unfit = { ...config, spec: buildModel('pure-mlp-small', { classes: '7' }) };
    await expect(door.client.training.start({ config: unfit, name: 'none' })).rejects.toThrow(said);
    expect((await door.client.run.list()).map(({ name }) => name)).not.toContain('none');
    await expect(readFile(join(folder, 'none', 'run.json'))).rejects.toThrow('ENOENT');
  });
});
