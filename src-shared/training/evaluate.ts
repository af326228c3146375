// Evaluation: the network's output on every sample of a split, in order, against the labels. The metric
// is accuracy for classes and identities and mean IoU for scenes; the loss is plain cross-entropy.
import type { Sample, SampleSource } from '../dataset/dataset';
import type { EvaluationReport } from '../engine/engine';
import type { TrainingSession } from '../engine/session';
import { imageBatch } from './batch';
import { breathe } from './breathe';
import { type Size, fitTo } from './geometry';
import { IGNORED, accuracy, argMax, crossEntropyAt, emptyConfusion, meanIntersectionOverUnion } from './metrics';

/** Sums over what has been evaluated so far; `counted` are labels that count (samples or pixels). */
interface Tally {
  readonly confusion: number[][];
  readonly predictions: Int32Array;
  loss: number;
  counted: number;
}

export interface EvaluationOptions {
  /** The network's input size; samples are fitted to it. By default the source's. */
  readonly input?: Size;
  /** Factor on the outputs before the softmax of the loss: AM-Softmax's s. */
  readonly scale?: number;
  /** Hears the number of samples done. */
  readonly onProgress?: (done: number) => void;
}

/**
 * Runs a split through `session.predict`. `predictions` holds one class per sample; it is empty for scenes.
 * Lets other work of the thread run between batches.
 */
export async function evaluateSource(
  session: Pick<TrainingSession, 'predict'>,
  source: SampleSource,
  batchSize: number,
  { input = source.image, scale = 1, onProgress = () => undefined }: EvaluationOptions = {},
): Promise<EvaluationReport> {
  const perPixel = source.task === 'segmentation';
  const predictions = new Int32Array(perPixel ? 0 : source.count);
  const tally: Tally = { confusion: emptyConfusion(source.classes.length), predictions, loss: 0, counted: 0 };
  for (let start = 0; start < source.count; start += batchSize) {
    const indices = Int32Array.from({ length: Math.min(batchSize, source.count - start) }, (_, i) => start + i);
    const samples = (await source.read(indices)).map((sample) => fitTo(sample, input));
    const { images, shape } = imageBatch(samples, source);
    const output = scaled(await session.predict(images, shape), scale);
    samples.forEach((sample, n) => (perPixel ? countPixels(tally, sample, output, n) : countSample(tally, sample, output, n, start + n)));
    onProgress(start + samples.length);
    await breathe();
  }
  return report(tally, source);
}

function scaled(values: Float32Array, scale: number): Float32Array {
  return scale === 1 ? values : values.map((value) => value * scale);
}

function report(tally: Tally, source: SampleSource): EvaluationReport {
  const { confusion, predictions } = tally;
  const metric = source.task === 'segmentation' ? meanIntersectionOverUnion(confusion) : accuracy(confusion);
  return { samples: source.count, loss: tally.loss / Math.max(1, tally.counted), metric, classes: source.classes, confusion, predictions };
}

/** Output row n of (N, classes). */
function countSample(tally: Tally, sample: Sample, output: Float32Array, n: number, index: number): void {
  const classes = tally.confusion.length;
  const actual = sample.label as number;
  const predicted = argMax(output, n * classes, classes);
  tally.predictions[index] = predicted;
  tally.confusion[actual][predicted]++;
  tally.loss += crossEntropyAt(output, n * classes, classes, actual);
  tally.counted++;
}

/** Output image n of (N, classes, H, W). */
function countPixels(tally: Tally, sample: Sample, output: Float32Array, n: number): void {
  const classes = tally.confusion.length;
  const labels = sample.label as Uint8Array;
  const plane = labels.length;
  for (let i = 0; i < plane; i++) {
    if (labels[i] === IGNORED) continue;
    const at = n * classes * plane + i;
    tally.confusion[labels[i]][argMax(output, at, classes, plane)]++;
    tally.loss += crossEntropyAt(output, at, classes, labels[i], plane);
    tally.counted++;
  }
}
