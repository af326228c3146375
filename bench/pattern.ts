// The positional analysis of every block of a network: seconds per block and in all, on noise.
// npm run bench -- pattern [MODEL]          (default repmlpnet-b256)
// npm run bench -- pattern window [MODEL]   in the window, with the longest task of its main thread
import type { WeightedNetwork } from '../src-shared/merge/merge-network';
import { noiseWeights } from '../src-shared/model/noise-weights';
import { buildModel } from '../src-shared/model/zoo';
import { analyseNetwork } from '../src-shared/pattern/analyse';
import { runInWindow } from './pattern/window';

/** Analyses the named model and prints seconds per block and in all, or drives a window that does. */
export async function run(args: readonly string[]): Promise<void> {
  const inWindow = args[0] === 'window';
  const spec = buildModel(args[inWindow ? 1 : 0] ?? 'repmlpnet-b256');
  const network = { spec, weights: noiseWeights(spec) };
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
