// Positional patterns of the weights in focus, block by block, computed in a worker of their own.
import { createStore } from '../../studio/state';
import type { WeightsReference } from '@shared/link/studio';
import type { RepBlock } from '@shared/model/spec';
import type { BlockPattern } from '@shared/pattern/analyse';
import type { Partitions } from '@shared/pattern/overlay';
import { Analyst } from '../../workers/analysis/analysis';
import type { PatternRequest } from '../../workers/analysis/protocol';
import { messageOf } from '@shared/base/message-of';
import { beginOwnJob } from '../../studio/jobs/jobs';
import { studio } from '../../studio/studio';
import { keyOf, weights } from '../../studio/network/weights';

/** A block's pattern with its description. */
export interface AnalysedBlock extends BlockPattern {
  readonly layer: RepBlock;
  /** How often the partition fits into the block's feature map. */
  readonly partitions: Partitions;
}

export interface Patterns {
  /** The weights the patterns belong to. */
  readonly key: string | null;
  readonly byBlock: ReadonlyMap<string, AnalysedBlock>;
  /** What is being analysed; null when nothing is. */
  readonly busy: { readonly done: number; readonly total: number; readonly block: string } | null;
  readonly problem: string | null;
}

export const patterns = createStore<Patterns>(() => ({ key: null, byBlock: new Map(), busy: null, problem: null }));

/** The worker that analyses the weights in focus. */
const patternAnalyst = new Analyst();

let running: AbortController | null = null;

/** Analyses the blocks that are not known yet, one after the other; a new call ends the old one. */
export async function analyseBlocks(blocks: readonly string[]): Promise<void> {
  stopAnalysis();
  const own = (running = new AbortController());
  const { reference } = weights.getState();
  const key = keyOf(reference);
  if (patterns.getState().key !== key) patterns.setState({ key, byBlock: new Map() });
  const missing = blocks.filter((block) => !patterns.getState().byBlock.has(block));
  patterns.setState({ problem: null });
  const job = beginOwnJob(
    { kind: 'analysis', title: weights.getState().label, unit: 'blocks', result: { kind: 'stage', stage: 'pattern' } },
    { cancel: stopAnalysis },
  );
  try {
    for (const [done, block] of missing.entries()) {
      patterns.setState({ busy: { done, total: missing.length, block } });
      job.progress(done, missing.length);
      const pattern = await analyseBlockOf(reference, block, { signal: own.signal });
      if (own.signal.aborted) return;
      patterns.setState(({ byBlock }) => ({ byBlock: new Map([...byBlock, [block, pattern]]) }));
    }
  } catch (error) {
    if (own.signal.aborted) return;
    patterns.setState({ problem: messageOf(error) });
    job.end('failed', messageOf(error));
  } finally {
    job.end(own.signal.aborted ? 'stopped' : 'finished');
    if (running === own) patterns.setState({ busy: null });
  }
}

/** Ends the analysis under way; what is finished stays. */
export function stopAnalysis(): void {
  if (running && patterns.getState().busy) patternAnalyst.end();
  running?.abort();
  running = null;
  patterns.setState({ busy: null });
}

/** Who analyses, and what ends it before the worker has begun; once it has, `Analyst.end` does. */
interface How {
  readonly analyst?: Analyst;
  readonly signal?: AbortSignal;
}

/** Analyses one block of any weights. Rejects with the signal's reason when aborted. */
export async function analyseBlockOf(
  reference: WeightsReference,
  block: string,
  { analyst = patternAnalyst, signal }: How = {},
): Promise<AnalysedBlock> {
  const request = await blockRequest(reference, block);
  signal?.throwIfAborted();
  const { layer, partitions } = request.block;
  return { ...(await analyst.calls.pattern(request)), layer, partitions };
}

/** What a block's matrices are called in the worker. */
export function matricesKey(reference: WeightsReference, block: string): string {
  return `${keyOf(reference)} ${block}`;
}

/** What the worker needs to know of a block. */
export async function blockRequest(reference: WeightsReference, block: string): Promise<PatternRequest> {
  return { key: matricesKey(reference, block), block: await studio().merge.tensors({ weights: reference, block }) };
}
