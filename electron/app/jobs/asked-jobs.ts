// What windows ask the service for and wait for, as jobs: their titles, and what their steps say of the whole. They end with the
// window that asked, as their streams do.
import type { EvaluationStep, MeasuredForm, TensorStatistics, VerifyStep, WeightsReference } from '@shared/link/studio';
import type { FetchProgress } from '@shared/dataset/published';
import type { MergeProgress } from '@shared/merge/report';
import type { JobKind } from '@shared/link/jobs/job';
import { followedSteps, type JobStep } from '@shared/link/jobs/followed-steps';
import type { Studio } from '../studio';

/** How a job of a kind is counted, and which stage of the window shows what comes of it. */
const ASKED = {
  evaluation: { unit: 'pictures', stage: 'training' },
  merge: { unit: 'layers', stage: 'merge' },
  proof: { unit: 'inputs', stage: 'merge' },
  measurement: { unit: 'forms', stage: 'cost' },
  statistics: { unit: 'tensors', stage: 'checkpoint' },
  download: { unit: 'files', stage: 'dataset' },
} as const satisfies Partial<Record<JobKind, { readonly unit: string; readonly stage: string }>>;

/** The steps of a job of a kind, listed while they last; leaving them ends it. */
export function asJob<Step>(
  { jobs }: Pick<Studio, 'jobs'>,
  kind: keyof typeof ASKED,
  title: string,
  start: (signal: AbortSignal) => AsyncIterable<Step>,
  read: (step: Step) => JobStep | null,
  left?: AbortSignal,
): AsyncGenerator<Step, void> {
  const { unit, stage } = ASKED[kind];
  return followedSteps(jobs.list, { kind, title, unit, withoutWindow: 'ends', result: { kind: 'stage', stage } }, start, read, left);
}

/** What weights are called among the jobs. */
export function titleOf({ weights }: Pick<Studio, 'weights'>, reference: WeightsReference): string {
  if (reference.kind === 'bundled') return `Bundled: ${reference.name}`;
  if (reference.kind === 'run') return `${reference.run} / ${reference.checkpoint.replace(/^checkpoints\/|\.safetensors$/g, '')}`;
  return weights.opened().find(({ id }) => id === reference.id)?.fileName ?? reference.id;
}

type Progress = { readonly type: 'progress'; readonly done: number; readonly total: number };

/** Of evaluations and proofs. */
export function partsStep(step: EvaluationStep | VerifyStep): JobStep | null {
  return step.type === 'progress' ? partsOf(step) : null;
}

function partsOf({ done, total }: Pick<Progress, 'done' | 'total'>): JobStep {
  return { done, ...(total > 0 && { total }) };
}

export function mergeStepOf(
  step: { readonly type: 'progress'; readonly progress: MergeProgress } | { readonly type: 'done' },
): JobStep | null {
  return step.type === 'progress' ? { ...partsOf(step.progress), says: step.progress.layer } : null;
}

/** Each file is as much of the whole as any other: how large those to come are is not known. */
export function fetchStep({ stage, file, number, files, received, total }: FetchProgress): JobStep {
  const share = total ? received / total : 0;
  return { done: number - 1 + (stage === 'unpack' ? (1 + share) / 2 : share / 2), total: files, says: `${file}: ${stage}` };
}

/** Counts what has come. */
export function counting(total: number | null): (step: MeasuredForm | TensorStatistics) => JobStep {
  let done = 0;
  return () => ({ done: ++done, total });
}
