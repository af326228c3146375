// How fast blocks merge one after another, against a plain memory copy of the merged matrix in the same run and, where a
// Python with torch is installed, against the identity-through-a-convolution method. Whole calls of mergeBlock: BN folding, kernels,
// bias and every copy counted.
//
// What makes the copy a fair one: it moves the same bytes in the same state. A merge must read FC3 once and write it once; the
// copy does that and nothing else. Both read from main memory (the matrices rotate through more than the caches hold), as after
// another layer's merge; both write to pages touched before, for a first touch costs several times the work and would hide the
// difference (it is timed apart: 'new'); both run warm code, in turns. Best times are undisturbed ones, medians tell of the load.
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { mergeBlock } from '../src-shared/merge/merge-layer';
import { fcShapeOf } from '../src-shared/matrix/geometry';
import { columnsOf, rowsOf } from '../src-shared/matrix/geometry';
import { MergeArena, hasWasmPass } from '../src-shared/merge/passes/wasm-pass';
import { leafParameters } from '../src-shared/model/parameters';
import type { RepBlock } from '../src-shared/model/spec';
import { randomFrom, seed } from '../src-shared/tensor/random';
import { elementCount, floatTensor, type FloatTensor, type NamedTensors, type Tensor } from '../src-shared/tensor/tensor';

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

/** Runs the benchmark; `--repetitions N` (default 25), `--no-torch`. */
export async function run(args: string[]): Promise<void> {
  const at = args.indexOf('--repetitions');
  const repetitions = at < 0 ? 25 : Number(args[at + 1]);
  console.log(
    [
      `merge of one block, whole calls, best of ${repetitions} (median beside it); ratio = copy / merge, of the best times and of the medians`,
      '  copy and merges take turns, read matrices that have left the caches and write arrays touched before; code is warm',
      '  on a busy machine the best times say more than the medians',
      "  weights in WASM's memory: `repmlp merge` reads files into it and writes them from it, so no copy is left out",
      '  new: results in new arrays, as in a first merge, against a copy into a new one, garbage collected before each call;',
      '  small new arrays may be memory that was freed and touched before',
    ].join('\n'),
  );
  const official = args.includes('--no-torch') ? null : officialTimes();
  for (const [index, benchCase] of cases.entries()) report(benchCase, measure(benchCase, repetitions), official?.[index] ?? null);
  if (official === null && !args.includes('--no-torch'))
    console.log('no Python with torch found: the identity-through-a-convolution method was not timed');
  await Promise.resolve();
}

/** Best and median ms. */
interface Time {
  readonly best: number;
  readonly median: number;
}
type Times = Readonly<Record<string, Time>>;

/** Calls by name; each is given the number of the set of matrices whose turn it is. */
type Calls = Readonly<Record<string, (set: number) => unknown>>;

/** Bytes of all sets together: several times the largest caches, so that a set has left them when its turn comes again. */
const ALL_SETS = 2 ** 28;

function measure({ block }: BenchCase, repetitions: number): Times {
  const shape = fcShapeOf(block);
  const length = rowsOf(shape) * columnsOf(shape);
  const sets = Math.max(3, Math.ceil(ALL_SETS / (8 * length)));
  const weights = inSets(block, sets, (size) => new Float32Array(size));
  const sources = weights.map((set) => (set.get('fc3.weight') as FloatTensor).data);
  const targets = sources.map((source) => source.slice());
  const given = (set: number) => ({ allocate: () => targets[set] });
  const inPlace: Calls = {
    copy: (set) => targets[set].set(sources[set]),
    'plain JS': (set) => mergeBlock(block, weights[set], '', { ...given(set), pass: 'plain' }),
    ...(hasWasmPass() && {
      'WASM, weights in its memory': inItsMemory(block, length, sets),
      'WASM, ordinary arrays': (set) => mergeBlock(block, weights[set], '', given(set)),
    }),
  };
  const anew: Calls = {
    'copy, new': (set) => sources[set].slice(),
    'plain JS, new': (set) => mergeBlock(block, weights[set], '', { pass: 'plain' }),
    ...(hasWasmPass() && { 'WASM, ordinary arrays, new': (set) => mergeBlock(block, weights[set], '') }),
  };
  // Apart from each other: what new arrays leave behind is freed during the calls that follow, and slows them.
  return { ...timed(inPlace, sets, repetitions, () => {}), ...timed(anew, sets, repetitions, garbageCollector()) };
}

/** The same random weights in every set, each FC3 in an array of its own. */
function inSets(block: RepBlock, sets: number, allocate: (length: number) => Float32Array): NamedTensors[] {
  const weights = randomWeights(block);
  const { shape, data } = weights.get('fc3.weight') as FloatTensor;
  return Array.from({ length: sets }, () => {
    const fc3 = allocate(data.length);
    fc3.set(data);
    return new Map(weights).set('fc3.weight', floatTensor(shape, fc3));
  });
}

/** The merge of blocks whose FC3, and its result, lie in WebAssembly memory. */
function inItsMemory(block: RepBlock, length: number, sets: number): (set: number) => unknown {
  const arena = new MergeArena(sets * 2 * (length * 4 + 64));
  const weights = inSets(block, sets, (size) => arena.allocate(size));
  const targets = weights.map(() => arena.allocate(length).fill(0));
  return (set) => mergeBlock(block, weights[set], '', { allocate: () => targets[set], arena });
}

/** The calls take turns, each with the next set of matrices and after `before`, untimed; the first three rounds warm up. */
function timed(calls: Calls, sets: number, repetitions: number, before: () => void): Times {
  const times = Object.fromEntries(Object.keys(calls).map((name) => [name, [] as number[]]));
  let turn = 0;
  for (let round = -3; round < repetitions; round++) {
    for (const [name, call] of Object.entries(calls)) {
      before();
      const set = turn++ % sets;
      const start = performance.now();
      call(set);
      if (round >= 0) times[name].push(performance.now() - start);
    }
  }
  const summary = (all: number[]): Time => ({ best: Math.min(...all), median: all.sort((a, b) => a - b)[all.length >> 1] });
  return Object.fromEntries(Object.entries(times).map(([name, all]) => [name, summary(all)]));
}

function garbageCollector(): () => void {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc') as () => void;
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
