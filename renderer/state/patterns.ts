// Positional patterns of the weights in focus, block by block, computed in the worker.
import { createStore } from 'zustand/vanilla';
import type { BlockPattern } from '@shared/pattern/analyse';
import { analyse } from '../workers/analysis';
import { messageOf } from './notices';
import { fetchBytes, studio } from './studio';
import { keyOf, weights } from './weights';

export interface Patterns {
  /** The weights the patterns belong to. */
  readonly key: string | null;
  readonly byBlock: ReadonlyMap<string, BlockPattern>;
  /** What is being analysed; null when nothing is. */
  readonly busy: { readonly done: number; readonly total: number; readonly block: string } | null;
  readonly problem: string | null;
}

export const patterns = createStore<Patterns>()(() => ({ key: null, byBlock: new Map(), busy: null, problem: null }));

let running: AbortController | null = null;

/** Analyses the blocks that are not known yet, one after the other; a new call ends the old one. */
export async function analyseBlocks(blocks: readonly string[]): Promise<void> {
  stopAnalysis();
  const own = (running = new AbortController());
  const key = keyOf(weights.getState().reference);
  if (patterns.getState().key !== key) patterns.setState({ key, byBlock: new Map() });
  const missing = blocks.filter((block) => !patterns.getState().byBlock.has(block));
  patterns.setState({ problem: null });
  try {
    for (const [done, block] of missing.entries()) {
      patterns.setState({ busy: { done, total: missing.length, block } });
      const pattern = await analyseOne(block);
      if (own.signal.aborted) return;
      patterns.setState(({ byBlock }) => ({ byBlock: new Map([...byBlock, [block, pattern]]) }));
    }
  } catch (error) {
    if (!own.signal.aborted) patterns.setState({ problem: messageOf(error) });
  } finally {
    if (running === own) patterns.setState({ busy: null });
  }
}

/** Ends the analysis under way; what is finished stays. */
export function stopAnalysis(): void {
  running?.abort();
  running = null;
  patterns.setState({ busy: null });
}

async function analyseOne(block: string): Promise<BlockPattern> {
  const { reference } = weights.getState();
  const { path, layer, rows, columns, ...urls } = await studio().merge.matrices({ weights: reference, block });
  const [before, added, after] = await Promise.all([urls.before, urls.added, urls.after].map(fetchFloats));
  const matrices = { path, rows, columns, before, added, after };
  return analyse({ kind: 'pattern', matrices, layer }, [before.buffer, added.buffer, after.buffer]);
}

async function fetchFloats(url: string): Promise<Float32Array<ArrayBuffer>> {
  return new Float32Array(await fetchBytes(url));
}
