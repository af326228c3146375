// Cost and patterns through the command line: what is printed, written and refused.
import { readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { carriedBySvg } from '../../src-shared/figure/encode/svg';
import { group, readReferenceTensors, referenceCases, referencePath } from '../reference';
import { repmlp, saved, savedJson, temporaryFolder } from './repmlp';

const TINY = referencePath('pth/net_tiny_train.pth');
let folder: string;
beforeAll(async () => {
  folder = await temporaryFolder();
});

async function jsonFrom<T>(args: readonly string[]): Promise<T> {
  const { code, stdout, stderr } = await repmlp([...args, '--json']);
  expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' });
  return JSON.parse(stdout) as T;
}

interface Counted {
  readonly convention: string;
  readonly merged: { readonly macs: number; readonly operations: number };
}

describe('cost', () => {
  test('counts batch norm, biases and activations only when told to, and prints what it counted', async () => {
    const plain = await jsonFrom<Counted>(['cost', 'pure-mlp-small']);
    expect(plain.merged.operations).toBe(plain.merged.macs);
    const more = await jsonFrom<Counted>(['cost', 'pure-mlp-small', '--bn', '--bias', '--activation']);
    expect(more.merged.macs).toBe(plain.merged.macs);
    expect(more.merged.operations).toBeGreaterThan(plain.merged.operations);
    expect(more.convention).toMatch(/counted: .*batch norm.*biases.*activations.*; not counted: pooling/);
  });

  test('puts the published figure of the converted pure MLP beside the computed one', async () => {
    const { published } = await jsonFrom<{
      published: { title: string; figures: { published: string; computed: number; agreement: string }[] }[];
    }>(['cost', 'pure-mlp-cifar', '--published']);
    expect(published).toMatchObject([
      { title: 'pure MLP, converted', figures: [{ published: '52.8 M', computed: 52_843_520, agreement: 'rounded' }] },
    ]);
  });

  test('measures every layer that runs, at the batch sizes asked for', async () => {
    interface Timed {
      readonly form: string;
      readonly batch: number;
      readonly backend: string;
      readonly layers: readonly { layer: string; macs: number; medianMs: number; gflops: number | null }[];
    }
    const { measured, merged } = await jsonFrom<Counted & { measured: { method: string; forms: Timed[] } }>([
      ...['cost', 'pure-mlp-small', '--set', 'width=4', '--measure', '--batch', '2,3', '--repetitions', '2', '--backend', 'wasm'],
    ]);
    expect(measured.method).toMatch(/warms up.*finished/);
    expect(measured.forms.map(({ form, batch, backend }) => ({ form, batch, backend }))).toEqual([
      { form: 'train', batch: 2, backend: 'wasm' },
      { form: 'train', batch: 3, backend: 'wasm' },
      { form: 'merged', batch: 2, backend: 'wasm' },
      { form: 'merged', batch: 3, backend: 'wasm' },
    ]);
    const { layers } = measured.forms[2];
    expect(layers.reduce((sum, layer) => sum + layer.macs, 0)).toBe(2 * merged.macs);
    for (const { macs, medianMs, gflops } of layers) expect(gflops !== null).toBe(macs > 0 && medianMs > 0);
  });

  test.each(['bars', 'icicle'])('draws %s into a figure that names the convention', async (chart) => {
    const out = join(folder, `${chart}.svg`);
    expect((await repmlp(['cost', 'pure-mlp-small', '--out', out, '--chart', chart])).code).toBe(0);
    expect(await readFile(out, 'utf8')).toContain('multiply-accumulate');
  });

  test('draws the cost of a file in the chosen convention, and the figure is drawn again from its own recipe', async () => {
    const [out, recipe, again] = ['cost-file.svg', 'cost-file.json', 'cost-again.svg'].map((name) => join(folder, name));
    const rules = ['--convention', 'flops', '--bn', '--by', 'layer', '--form', 'merged'];
    expect((await repmlp(['cost', TINY, ...rules, '--out', out])).code).toBe(0);
    const svg = await readFile(out, 'utf8');
    expect(svg).toContain('FLOPs');
    expect(svg).not.toContain('train form');
    await writeFile(recipe, carriedBySvg(svg) ?? '');
    expect((await repmlp(['figure', recipe, again])).code).toBe(0);
    expect(await readFile(again, 'utf8')).toBe(svg);
    // The figure itself will do as well.
    expect((await repmlp(['figure', out, again, '--force'])).code).toBe(0);
    expect(await readFile(again, 'utf8')).toBe(svg);
  });

  test('sums over blocks and says what merging changes', async () => {
    const { stdout } = await repmlp(['cost', TINY, '--by', 'block']);
    expect(stdout).toMatch(/layer .*params +MACs +bytes +FLOPs\/byte/);
    expect(stdout).toMatch(/what merging changes.*\nlayer +params, train +merged +difference/);
    expect(stdout).toMatch(/^stages\.0\.0 /m);
  });

  test.each<[string[], RegExp]>([
    [['cost', 'pure-mlp-small', '--by', 'floor'], /--by.*stage, block, layer/],
    [['cost', 'pure-mlp-small', '--csv', '--json'], /either --json or --csv/],
    [['cost', 'pure-mlp-small', '--batch', '4'], /--batch and --repetitions go with --measure/],
    [['cost', 'pure-mlp-small', '--runs', TINY], /--runs stands alone/],
    [['cost', '--runs', TINY], /is not a run folder/],
    [['cost', 'pure-mlp-small', '--chart', 'icicle'], /give --out FIGURE too/],
    [['cost', 'pure-mlp-small', '--measure', '--batch', '0'], /--batch takes a whole number of at least 1/],
    [['cost', 'pure-mlp-small', '--out', 'x.gif'], /\.svg, \.pdf, \.png or \.pgf/],
    [['pattern', TINY, '--epochs'], /--epochs goes with a run folder/],
    [['pattern', TINY, '--epochs', '--against', TINY], /either --against or --epochs/],
    [['pattern', TINY, '--figure', 'overlay'], /--figure says what --out draws/],
    [['pattern', TINY, '--out', 'x.svg', '--figure', 'row-kinds', '--input-channel', '0'], /--input-channel goes with .*projection/],
    [['pattern', TINY, '--out', 'x.svg', '--figure', 'rest-vectors', '--group', '-1'], /--group takes a whole number/],
    [['pattern', TINY, '--out', join(tmpdir(), 'no-such.svg'), '--figure', 'projection', '--output-channel', '99'], /no output channel 99/],
    [['pattern', TINY, '--closer'], /--closer adds to --json/],
  ])('repmlp %j is refused in a sentence', async (args, sentence) => {
    const { code, stdout, stderr } = await repmlp(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(sentence);
  });
});

describe('pattern', () => {
  test('as CSV has three lines per block', async () => {
    const { stdout } = await repmlp(['pattern', TINY, '--csv']);
    const [head, ...lines] = stdout.trimEnd().split('\n');
    expect(head).toMatch(/^epoch,block,matrix,energy,invariant_share/);
    expect(lines.map((line) => line.split(',')[2])).toEqual(['before', 'added', 'after', 'before', 'added', 'after']);
  });

  test('of a network against itself has no change', async () => {
    const { after, second } = await jsonFrom<{
      after: { path: string; change: Record<string, number> }[];
      second: { blocks: { path: string }[] };
    }>(['pattern', TINY, '--against', TINY]);
    expect(after).toHaveLength(2);
    expect(second.blocks).toHaveLength(2);
    for (const { change } of after) expect(Object.values(change)).toEqual([0, 0, 0, 0, 0]);
  });

  test('of a block that only --block and --config describe becomes a figure that carries the description', async () => {
    const entry = referenceCases.find(({ family }) => family === 'repmlp_v1');
    if (!entry) throw new Error('no v1 case');
    const weights = await saved(folder, 'block.safetensors', group(readReferenceTensors(entry.file), 'train'));
    const config = await savedJson(folder, 'block.json', entry.config);
    const out = join(folder, 'block.svg');
    const described = ['--block', entry.family, '--config', config];
    const { code, stdout } = await repmlp(['pattern', weights, ...described, '--closer', '--json', '--figure', 'row-kinds', '--out', out]);
    expect(code).toBe(0);
    const [block] = (JSON.parse(stdout) as { blocks: { closer: { after: { kinds: { size: number }[]; restShare: number } } }[] }).blocks;
    const svg = await readFile(out, 'utf8');
    block.closer.after.kinds.forEach((_, kind) => expect(svg).toContain(`kind ${kind + 1}`));
    const recipe = join(folder, 'block.figure.json');
    await writeFile(recipe, carriedBySvg(svg) ?? '');
    expect((await repmlp(['figure', recipe, join(folder, 'block-again.svg')])).code).toBe(0);
  });

  test('compares blocks of different names, as numbers and as a figure', async () => {
    const out = join(folder, 'against.svg');
    const [first, second] = ['stages.0.0.repmlp_block', 'stages.1.0.repmlp_block'];
    const args = ['pattern', TINY, '--layer', first, '--against', TINY, '--against-layer', second, '--out', out];
    const { after } = await jsonFrom<{ after: { change: unknown }[] }>(args);
    expect(after.map(({ change }) => change !== null)).toEqual([true]);
    expect(await readFile(out, 'utf8')).toContain(second);
  });

  test('over a run has one entry per epoch; runs are points of accuracy against cost', async () => {
    const run = join(folder, 'run');
    const data = ['--data', 'shapes:train=32,validation=16', '--recipe-set', 'batchSize=16', '--backend', 'wasm'];
    expect((await repmlp(['train', '--model', 'pure-mlp-small', '--set', 'width=4', ...data, '--epochs', '2', '--out', run])).code).toBe(0);
    const out = join(folder, 'epochs.svg');
    const { code, stdout } = await repmlp(['pattern', run, '--epochs', '--json', '--figure', 'projection', '--out', out]);
    expect(code).toBe(0);
    const { epochs } = JSON.parse(stdout) as { epochs: { epoch: number; blocks: { path: string }[] }[] };
    expect(epochs.map(({ epoch }) => epoch)).toEqual([1, 2]);
    expect(epochs[0].blocks.map(({ path }) => path)).toEqual(epochs[1].blocks.map(({ path }) => path));
    expect(await readFile(out, 'utf8')).toMatch(/epoch 1, after.*epoch 2, after/s);
    const points = join(folder, 'points.svg');
    const { runs } = await jsonFrom<{ runs: { run: string; metric: number; operations: number }[] }>([
      'cost',
      '--runs',
      run,
      run,
      '--convention',
      'flops',
      '--out',
      points,
    ]);
    const { merged } = await jsonFrom<Counted>(['cost', 'pure-mlp-small', '--set', 'width=4']);
    expect(runs.map(({ operations }) => operations)).toEqual([2 * merged.macs, 2 * merged.macs]);
    expect(await readFile(points, 'utf8')).toContain('= 2 FLOPs');
  });
});
