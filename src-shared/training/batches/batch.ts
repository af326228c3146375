// From samples to the batch a network is fed: uint8 HWC pixels become normalised float32 NCHW, labels
// become soft targets (N, classes) or class maps (N, H, W). Invariant: which pixels come out depends on
// (seed, epoch, index) alone, so that a run can go on anywhere without a stored generator state.
import type { Sample, SampleSource } from '../../dataset/dataset';
import type { Batch } from '../loop/session';

/** Images of one batch, normalised. */
export interface ImageBatch {
  /** NCHW. */
  readonly images: Float32Array;
  readonly shape: readonly [number, number, number, number];
}

/** Normalised NCHW images of equally sized samples. Throws RangeError for samples of different sizes. */
export function imageBatch(samples: readonly Sample[], source: Pick<SampleSource, 'mean' | 'deviation'>): ImageBatch {
  const { channels, height, width } = samples[0];
  const plane = height * width;
  const images = new Float32Array(samples.length * channels * plane);
  samples.forEach((sample, n) => {
    if (sample.height !== height || sample.width !== width || sample.channels !== channels)
      throw new RangeError(`a batch needs images of one size: ${sizeText(samples[0])} and ${sizeText(sample)} came together`);
    for (let c = 0; c < channels; c++) normalisePlane(sample, c, source, images.subarray((n * channels + c) * plane));
  });
  return { images, shape: [samples.length, channels, height, width] };
}

function sizeText({ channels, height, width }: Sample): string {
  return `${height}x${width}x${channels}`;
}

/** Channel `c` of HWC pixels, normalised, into the first height*width values of `target`. */
function normalisePlane(sample: Sample, c: number, source: Pick<SampleSource, 'mean' | 'deviation'>, target: Float32Array): void {
  const { pixels, channels } = sample;
  const scale = 1 / (255 * source.deviation[c]);
  const shift = -source.mean[c] / source.deviation[c];
  const count = sample.height * sample.width;
  for (let i = 0; i < count; i++) target[i] = pixels[i * channels + c] * scale + shift;
}

/** Targets (N, classes) of samples with class labels; smoothing spreads `labelSmoothing` evenly over all classes. */
export function classTargets(samples: readonly Sample[], classes: number, labelSmoothing: number): Float32Array {
  const targets = new Float32Array(samples.length * classes).fill(labelSmoothing / classes);
  samples.forEach((sample, n) => {
    if (typeof sample.label !== 'number') throw new TypeError('class targets need samples with one label each');
    targets[n * classes + sample.label] += 1 - labelSmoothing;
  });
  return targets;
}

/** Class maps (N, H, W) of samples labelled per pixel; 255 = ignored. */
export function pixelTargets(samples: readonly Sample[]): Int32Array {
  const plane = samples[0].height * samples[0].width;
  const targets = new Int32Array(samples.length * plane);
  samples.forEach((sample, n) => {
    if (typeof sample.label === 'number') throw new TypeError('pixel targets need samples with a label per pixel');
    targets.set(sample.label, n * plane);
  });
  return targets;
}

/** The batch of samples that already have the network's input size. */
export function assembleBatch(samples: readonly Sample[], source: SampleSource, labelSmoothing: number): Batch {
  const targets = source.task === 'segmentation' ? pixelTargets(samples) : classTargets(samples, source.classes.length, labelSmoothing);
  return { ...imageBatch(samples, source), targets };
}
