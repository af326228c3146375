// Patterns of the merged kernels of a file of an unknown network, one at a time, computed in a worker of their own.
import { messageOf } from '@shared/base/message-of';
import type { ListedKernel, WeightsReference } from '@shared/link/studio';
import type { KernelPattern } from '@shared/pattern/kernel-pattern';
import { chosenMap, kernelMapSize, kernelsKey } from '../../../studio/families/kernels';
import { weights } from '../../../studio/network/weights';
import { createStore } from '../../../studio/state';
import { studio } from '../../../studio/studio';
import { Analyst } from '../../../workers/analysis/analysis';

export interface KernelPatterns {
  /** Weights, reading and map that the patterns belong to. */
  readonly key: string | null;
  /** By the name of the weight. */
  readonly byName: ReadonlyMap<string, KernelPattern>;
  readonly busy: { readonly name: string; readonly done: number; readonly total: number } | null;
  readonly problem: string | null;
}

export const kernelPatterns = createStore<KernelPatterns>(() => ({ key: null, byName: new Map(), busy: null, problem: null }));

const analyst = new Analyst();

let running: AbortController | null = null;

/** What the patterns of the weights in focus are kept under. */
export function patternsKey(reference: WeightsReference, reading: number, map: string): string {
  return `${kernelsKey(reference, reading)}|${map}`;
}

/** Analyses the kernels that are not known yet, one after the other; a new call ends the old one. */
export async function analyseKernels(listed: readonly ListedKernel[]): Promise<void> {
  stopKernels();
  const own = (running = new AbortController());
  const { reference, reading } = weights.getState();
  const { text } = kernelMapSize.getState();
  const key = patternsKey(reference, reading, text);
  if (kernelPatterns.getState().key !== key) kernelPatterns.setState({ key, byName: new Map() });
  const missing = listed.filter(({ name }) => !kernelPatterns.getState().byName.has(name));
  kernelPatterns.setState({ problem: null });
  try {
    for (const [done, kernel] of missing.entries()) {
      kernelPatterns.setState({ busy: { name: kernel.name, done, total: missing.length } });
      const pattern = await patternOf(reference, kernel, text);
      if (own.signal.aborted) return;
      kernelPatterns.setState(({ byName }) => ({ byName: new Map([...byName, [kernel.name, pattern]]) }));
    }
  } catch (error) {
    if (!own.signal.aborted) kernelPatterns.setState({ problem: messageOf(error) });
  } finally {
    if (running === own) kernelPatterns.setState({ busy: null });
  }
}

async function patternOf(reference: WeightsReference, { path, recipe, name, stands }: ListedKernel, map: string): Promise<KernelPattern> {
  // Without a map the kernel comes as it is; the worker makes the matrix of it.
  const { url, shape } = await studio().checkpoint.matrix({ weights: reference, tensor: name, merged: !stands });
  return analyst.calls.kernelPattern({ path, recipe, shape, url, map: chosenMap(map) });
}

/** Ends the analysis under way; what is finished stays. */
export function stopKernels(): void {
  if (running && kernelPatterns.getState().busy) analyst.end();
  running?.abort();
  running = null;
  kernelPatterns.setState({ busy: null });
}
