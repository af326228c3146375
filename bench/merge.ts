// How fast blocks merge, against a plain memory copy of the merged matrix in the same run (interleaved,
// caches cold) and, where a Python with torch is installed, against the identity-through-a-convolution method.
// Whole calls of mergeBlock: BN folding, kernels, bias and every copy counted.
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { mergeBlock, fcShapeOf } from '../src-shared/merge/merge-layer';
import { columnsOf, rowsOf } from '../src-shared/merge/matrix-job';
import { MergeArena, hasWasmPass } from '../src-shared/merge/wasm-pass';
import { leafParameters } from '../src-shared/model/parameters';
import type { RepBlock } from '../src-shared/model/spec';
import { randomFrom, seed } from '../src-shared/tensor/random';
import { elementCount, floatTensor, type NamedTensors, type Tensor } from '../src-shared/tensor/tensor';

interface BenchCase {
  readonly label: string;
  readonly block: RepBlock;
}

const net = (label: string, C: number, size: number, shareSets: number): BenchCase => ({
  label: `RepMLPNet-B256 ${label}`,
  block: { kind: 'repmlpNetBlock', name: '', C, h: size, w: size, kernels: [1, 3], reduction: 4, shareSets, form: 'train' },
});
const v1 = (groups: number): BenchCase => ({
  label: `v1 64 channels 7x7 g=${groups}`,
  block: {
    kind: 'repmlp',
    name: '',
    C: 64,
    O: 64,
    H: 7,
    W: 7,
    h: 7,
    w: 7,
    kernels: [1, 3, 5],
    reduction: 1,
    groups,
    form: 'train',
  },
});
const cases: readonly BenchCase[] = [
  net('S=1', 96, 64, 1),
  net('S=4', 192, 32, 4),
  net('S=32', 384, 16, 32),
  net('S=128', 768, 8, 128),
  v1(8),
  v1(1),
];

/** Runs the benchmark; `--repetitions N` (default 15), `--no-torch`. */
export async function run(args: string[]): Promise<void> {
  const at = args.indexOf('--repetitions');
  const repetitions = at < 0 ? 15 : Number(args[at + 1]);
  console.log(
    `merge of one block, whole calls, best of ${repetitions} (median beside it), caches flushed before each; ratio = copy / merge, of the best times and of the medians`,
  );
  console.log('  copy and merges take turns in one run; on a busy machine the best times say more than the medians');
  console.log(`  in place: result memory touched before; new: result in a new array, as in a first merge (copy: into a new array too)`);
  const official = args.includes('--no-torch') ? null : officialTimes();
  for (const [index, benchCase] of cases.entries()) report(benchCase, measure(benchCase, repetitions), official?.[index] ?? null);
  if (!official) console.log('no Python with torch found: the identity-through-a-convolution method was not timed');
  await Promise.resolve();
}

/** Best and median ms. */
interface Time {
  readonly best: number;
  readonly median: number;
}
type Times = Readonly<Record<string, Time>>;

function measure({ block }: BenchCase, repetitions: number): Times {
  const shape = fcShapeOf(block);
  const length = rowsOf(shape) * columnsOf(shape);
  const weights = randomWeights(block);
  const source = weights.get('fc3.weight')?.data as Float32Array;
  const [target, plainTarget] = [new Float32Array(length), new Float32Array(length)];
  const given = (array: Float32Array) => ({ allocate: () => array });
  const calls: Record<string, () => unknown> = {
    copy: () => target.set(source),
    'copy, new': () => source.slice(),
    'plain JS': () => mergeBlock(block, weights, '', { ...given(plainTarget), pass: 'plain' }),
    'plain JS, new': () => mergeBlock(block, weights, '', { pass: 'plain' }),
  };
  if (hasWasmPass()) {
    const arena = new MergeArena(2 * length * 4 + 128);
    const resident = arena.allocate(length);
    resident.set(source);
    const inArena = new Map(weights).set('fc3.weight', floatTensor([rowsOf(shape), columnsOf(shape), 1, 1], resident));
    const out = arena.allocate(length);
    calls['WASM, weights in its memory'] = () => mergeBlock(block, inArena, '', { ...given(out), arena });
    calls['WASM, ordinary arrays'] = () => mergeBlock(block, weights, '', given(plainTarget));
    calls['WASM, ordinary arrays, new'] = () => mergeBlock(block, weights, '');
  }
  return timed(calls, repetitions);
}

/** The calls take turns, each with cold caches; the first two rounds warm up. */
function timed(calls: Readonly<Record<string, () => unknown>>, repetitions: number): Times {
  const flush = new Float64Array(8 * 2 ** 20);
  const times = Object.fromEntries(Object.keys(calls).map((name) => [name, [] as number[]]));
  for (let round = -2; round < repetitions; round++) {
    for (const [name, call] of Object.entries(calls)) {
      flush.fill(round);
      const start = performance.now();
      call();
      if (round >= 0) times[name].push(performance.now() - start);
    }
  }
  const summary = (all: number[]): Time => ({ best: Math.min(...all), median: all.sort((a, b) => a - b)[all.length >> 1] });
  return Object.fromEntries(Object.entries(times).map(([name, all]) => [name, summary(all)]));
}

function report({ label, block }: BenchCase, times: Times, official: number | null): void {
  const shape = fcShapeOf(block);
  const bytes = rowsOf(shape) * columnsOf(shape) * 4;
  console.log(`\n${label}: ${rowsOf(shape)} x ${columnsOf(shape)}, ${(bytes / 1e6).toFixed(1)} MB`);
  for (const [name, { best, median }] of Object.entries(times)) {
    const copy = name.endsWith('new') ? times['copy, new'] : times.copy;
    const speedup = official && !name.startsWith('copy') ? `  ${(official / median).toFixed(0)}x the identity method` : '';
    const rate = `${((2 * bytes) / best / 1e6).toFixed(1).padStart(6)} GB/s  ratio ${(copy.best / best).toFixed(2)} (${(copy.median / median).toFixed(2)})`;
    console.log(`  ${name.padEnd(28)} ${best.toFixed(3).padStart(9)} ms (${median.toFixed(3)}) ${rate}${speedup}`);
  }
  if (official) console.log(`  ${'identity method, PyTorch'.padEnd(28)} ${official.toFixed(1).padStart(9)} ms`);
}

/** Random weights for a block; variances positive. */
function randomWeights(block: RepBlock): NamedTensors {
  const random = randomFrom(seed(1));
  const tensors = new Map<string, Tensor>();
  for (const { name, shape, role } of leafParameters(block, '')) {
    if (role === 'counter') continue;
    tensors.set(
      name,
      floatTensor(
        shape,
        new Float32Array(elementCount(shape)).map(() => random.uniform() + (role === 'runningVariance' ? 0.5 : -0.5)),
      ),
    );
  }
  return tensors;
}

/** Median ms of merge_official.py per case; null where there is no Python with torch. */
function officialTimes(): number[] | null {
  const described = cases.map(({ block }) => {
    const { O, channels, h, w } = fcShapeOf(block);
    const groups = block.kind === 'repmlp' ? block.groups : O;
    return { O, channels, groups, h, w, kernels: block.kernels, perElement: block.kind === 'repmlp', repetitions: 3 };
  });
  const script = resolve('bench/merge_official.py'); // benchmarks run from the project's folder
  for (const python of [process.env.PYTHON, 'python3', '/usr/bin/python3']) {
    if (!python) continue;
    const { status, stdout } = spawnSync(python, [script], { input: JSON.stringify(described), encoding: 'utf8' });
    if (status === 0) return JSON.parse(stdout) as number[];
  }
  return null;
}
