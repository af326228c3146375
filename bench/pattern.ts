// The positional analysis of every block of a network: seconds per block and in all, on random weights.
// npm run bench -- pattern [MODEL]          (default repmlpnet-b256)
// npm run bench -- pattern window [MODEL]   in the window, with the longest task of its main thread
import type { WeightedNetwork } from '../src-shared/merge/merge-network';
import { parametersOf, type Parameter } from '../src-shared/model/parameters';
import { buildModel } from '../src-shared/model/zoo/index';
import { analyseNetwork } from '../src-shared/pattern/analyse';
import { normalArray, randomFrom, seed } from '../src-shared/tensor/random';
import { elementCount, type Tensor } from '../src-shared/tensor/tensor';
import { runInWindow } from './pattern/window';

const noise = normalArray(randomFrom(seed(1)), 1 << 20, 0.02);

/** Weights repeat a million normal values: their size decides the time, not their values. */
function weightOf({ shape, role }: Parameter): Tensor {
  if (role === 'counter') return { shape, dtype: 'int64', data: new BigInt64Array(1) };
  const data = Float32Array.from({ length: elementCount(shape) }, (_, i) => noise[i & (noise.length - 1)]);
  return { shape, dtype: 'float32', data: role === 'gamma' || role === 'runningVariance' ? data.map((value) => 1 + value) : data };
}

/** Analyses the named model and prints seconds per block and in all, or drives a window that does. */
export async function run(args: readonly string[]): Promise<void> {
  const inWindow = args[0] === 'window';
  const spec = buildModel(args[inWindow ? 1 : 0] ?? 'repmlpnet-b256');
  const network = { spec, weights: new Map(parametersOf(spec).map((parameter) => [parameter.name, weightOf(parameter)])) };
  return inWindow ? runInWindow(network) : runHere(network);
}

async function runHere({ spec, weights }: WeightedNetwork): Promise<void> {
  const [start, cpu] = [performance.now(), process.cpuUsage()];
  let last = start;
  const patterns = await analyseNetwork(spec, weights, {
    onProgress: ({ done, total }) => {
      const now = performance.now();
      if (done > 0) console.log(`block ${done} of ${total}: ${((now - last) / 1000).toFixed(2)} s`);
      last = now;
    },
  });
  const { user, system } = process.cpuUsage(cpu);
  const seconds = ((performance.now() - start) / 1000).toFixed(2);
  console.log(
    `${spec.name}: ${patterns.length} blocks, ${seconds} s by the clock, ${((user + system) / 1e6).toFixed(2)} s of processor time`,
  );
}
