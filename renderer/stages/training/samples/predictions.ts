// What the weights in focus say of single samples of the chosen data set, and the batch a training with the
// chosen settings is fed. Both are made by the service; the pictures are fetched with them.
import { createStore } from '../../../studio/state';
import { datasetReferenceText } from '@shared/dataset/reference';
import { assertNever } from '@shared/base/assert-never';
import type { FedBatch, Predictions } from '@shared/link/studio';
import { dataset } from '../../dataset';
import { chosenView } from '../evaluation/evaluation';
import { runs } from '../../../studio/runs/runs';
import { fetchBytes } from '../../../workers/fetch-bytes';
import { studio } from '../../../studio/studio';
import { configOfNextRun, isActive, training } from '../training';
import { weights } from '../../../studio/network/weights';

/** Predictions with the bytes their URLs stand for. */
export interface ShownPredictions {
  readonly said: Predictions;
  readonly pixels: Uint8Array;
  /** Class maps of scenes. */
  readonly truth: Uint8Array | null;
  readonly predicted: Uint8Array | null;
}

export interface ShownBatch {
  readonly fed: FedBatch;
  /** (N, C, H, W). */
  readonly images: Float32Array;
  /** The run it is fed to, in words. */
  readonly subject: string;
  /** Counted from 1, as on screen. */
  readonly epoch: number;
  readonly step: number;
}

export interface Samples {
  readonly predictions: ShownPredictions | null;
  /** What was asked, in words. */
  readonly subject: string;
  /** Place of the first sample shown. */
  readonly first: number;
  readonly batch: ShownBatch | null;
  readonly busy: boolean;
}

export const SAMPLES_SHOWN = 16;
export const samples = createStore<Samples>(() => ({ predictions: null, subject: '', first: 0, batch: null, busy: false }));

async function whileBusy(task: () => Promise<Partial<Samples>>): Promise<void> {
  samples.setState({ busy: true });
  try {
    samples.setState(await task());
  } finally {
    samples.setState({ busy: false });
  }
}

/** How many samples (or pairs) predictions are about; large scenes come in smaller pages. */
export function countOf(said: Predictions): number {
  switch (said.kind) {
    case 'classes':
      return said.samples.length;
    case 'scenes':
      return said.right.length;
    case 'pairs':
      return said.pairs.length;
    default:
      return assertNever(said);
  }
}

/** Asks for predictions on the samples from `first` on. */
export function predictFrom(first: number): Promise<void> {
  return whileBusy(async () => {
    const { reference, label } = weights.getState();
    const { reference: data } = dataset.getState();
    const said = await studio().training.predict({
      weights: reference,
      dataset: data,
      view: chosenView(),
      first,
      count: SAMPLES_SHOWN,
    });
    const bytes = async (url: string): Promise<Uint8Array> => new Uint8Array(await fetchBytes(url));
    const [pixels, truth, predicted] = await Promise.all([
      bytes(said.pictures.url),
      said.kind === 'scenes' ? bytes(said.truth) : null,
      said.kind === 'scenes' ? bytes(said.predicted) : null,
    ]);
    return { predictions: { said, pixels, truth, predicted }, subject: `${label} on ${datasetReferenceText(data)}`, first };
  });
}

/** Asks for the batch that comes next in the run under way, or the first one of the next run. */
export function showBatch(): Promise<void> {
  return whileBusy(async () => {
    const { config, subject, ...place } = underWay() ?? { config: configOfNextRun(), subject: 'the next run', epoch: 0, step: 0 };
    const fed = await studio().training.batch({ config, ...place });
    const images = new Float32Array(await fetchBytes(fed.url));
    return { batch: { fed, images, subject, epoch: place.epoch + 1, step: place.step + 1 } };
  });
}

/** Where the run under way stands, counted from 0; null where there is none. */
function underWay() {
  const { run } = training.getState();
  const config = runs.getState().list.find(({ name }) => name === run)?.config;
  if (run === null || config === undefined || !isActive()) return null;
  const last = runs.getState().curves.get(run)?.last;
  if (!last) return { config, subject: run, epoch: 0, step: 0 };
  const atEnd = last.step >= last.stepsPerEpoch;
  return { config, subject: run, epoch: atEnd ? last.epoch : last.epoch - 1, step: atEnd ? 0 : last.step };
}
