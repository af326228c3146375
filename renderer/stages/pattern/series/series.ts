// Patterns beyond the weights in focus: the same block over the epochs of a run, and of other weights.
import { createStore } from '../../../studio/state';
import type { WeightsReference } from '@shared/link/studio';
import type { CheckpointRecord } from '@shared/run/run';
import { messageOf } from '@shared/base/message-of';
import { beginOwnJob } from '../../../studio/jobs/jobs';
import { Analyst } from '../../../workers/analysis/analysis';
import { analyseBlockOf, matricesKey, type AnalysedBlock } from '../pattern';

export interface EpochPattern {
  readonly epoch: number;
  readonly pattern: AnalysedBlock;
}

export interface PatternSeries {
  /** Run and block of `epochs`. */
  readonly key: string | null;
  readonly epochs: readonly EpochPattern[];
  readonly total: number;
  readonly busy: boolean;
}

export const series = createStore<PatternSeries>(() => ({ key: null, epochs: [], total: 0, busy: false }));

const epochAnalyst = new Analyst();
let running: AbortController | null = null;

/** What the epochs of a run's block are called. */
export function seriesKey(run: string, block: string): string {
  return `${run} ${block}`;
}

/** Analyses a block at every whole epoch of a run; points show as they come. */
export async function analyseEpochs(run: string, checkpoints: readonly CheckpointRecord[], block: string): Promise<void> {
  stopEpochs();
  const own = (running = new AbortController());
  const whole = wholeEpochs(checkpoints);
  series.setState({ key: seriesKey(run, block), epochs: [], total: whole.length, busy: true });
  const job = beginOwnJob(
    { kind: 'analysis', title: `${run}, every epoch`, unit: 'epochs', result: { kind: 'stage', stage: 'pattern' } },
    { cancel: stopEpochs },
  );
  try {
    for (const { epoch, file } of whole) {
      const reference = { kind: 'run', run, checkpoint: file } as const;
      const pattern = await analyseBlockOf(reference, block, { analyst: epochAnalyst, signal: own.signal });
      if (own.signal.aborted) return;
      series.setState(({ epochs }) => ({ epochs: [...epochs, { epoch, pattern }] }));
      job.progress(series.getState().epochs.length, whole.length);
    }
    job.end('finished');
  } catch (error) {
    job.end(own.signal.aborted ? 'stopped' : 'failed', messageOf(error));
    throw error;
  } finally {
    job.end('stopped');
    if (running === own) series.setState({ busy: false });
  }
}

/** Train-form checkpoints at an epoch's end, in order. */
export function wholeEpochs(checkpoints: readonly CheckpointRecord[]): CheckpointRecord[] {
  return checkpoints.filter(({ form, step }) => form === 'train' && step === 0);
}

/** Ends the analysis of epochs; what is finished stays. */
export function stopEpochs(): void {
  if (running) epochAnalyst.end();
  running?.abort();
  running = null;
  series.setState({ busy: false });
}

export interface OtherPattern {
  readonly reference: WeightsReference | null;
  /** Blocks of those weights, and the one compared with. */
  readonly blocks: readonly string[];
  readonly pattern: AnalysedBlock | null;
  readonly busy: boolean;
}

export const other = createStore<OtherPattern>(() => ({ reference: null, blocks: [], pattern: null, busy: false }));

const otherAnalyst = new Analyst();
let wanted = '';

/** Analyses a block of other weights, to be shown beside the one in focus; null ends the comparison. */
export async function compareWith(reference: WeightsReference | null, blocks: readonly string[], block: string | null): Promise<void> {
  wanted = reference && block !== null ? matricesKey(reference, block) : '';
  const own = wanted;
  other.setState({ reference, blocks, pattern: null, busy: own !== '' });
  if (!reference || block === null) return;
  try {
    const pattern = await analyseBlockOf(reference, block, { analyst: otherAnalyst });
    if (wanted === own) other.setState({ pattern });
  } finally {
    if (wanted === own) other.setState({ busy: false });
  }
}
