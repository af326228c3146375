// Looking through a split: how often each class occurs, the mean picture, and the files that cannot be
// read. In slices, so that the window stays responsive and the look can be ended at any time.
import type { Sample, SampleSource } from '@shared/dataset/dataset';
import { type Size, resize } from '@shared/dataset/pixels/geometry';
import { isBroken, readEach, type BrokenSample } from '@shared/dataset/read-each';
import { samplePixels } from '@shared/dataset/sample-pixels';

/** What has been found among the samples looked at so far. */
export interface Survey {
  /** Samples looked at, broken ones among them. */
  readonly done: number;
  /** Samples of each class; for scenes pixels. */
  readonly counts: readonly number[];
  readonly broken: readonly BrokenSample[];
  /** Mean of the samples, each resized to `size`: RGBA; null before the first. */
  readonly mean: { readonly rgba: Uint8ClampedArray<ArrayBuffer>; readonly size: Size } | null;
}

const SLICE = 40;
/** Longer side of the mean picture, in pixels. */
const MEAN_SIDE = 96;

/** Looks at the first `total` samples; `report` returns false to stop. */
export async function survey(source: SampleSource, total: number, report: (survey: Survey) => boolean): Promise<void> {
  const found = new Tally(source);
  for (let first = 0; first < total; first += SLICE) {
    const indices = Array.from({ length: Math.min(SLICE, total - first) }, (_, i) => first + i);
    (await readEach(source, indices)).forEach((sample) => found.add(sample));
    if (!report(found.survey())) return;
    await new Promise((resolve) => setTimeout(resolve));
  }
}

/** Sums over the samples seen. */
class Tally {
  private done = 0;
  private readonly counts: number[];
  private readonly broken: BrokenSample[] = [];
  private readonly size: Size;
  /** (height, width, 3) */
  private readonly sum: Float64Array;

  constructor({ classes, image }: SampleSource) {
    this.counts = classes.map(() => 0);
    const scale = MEAN_SIDE / Math.max(image.height, image.width);
    this.size = { height: Math.max(1, Math.round(image.height * scale)), width: Math.max(1, Math.round(image.width * scale)) };
    this.sum = new Float64Array(this.size.height * this.size.width * 3);
  }

  add(sample: Sample | BrokenSample): void {
    this.done++;
    if (isBroken(sample)) {
      this.broken.push(sample);
      return;
    }
    const { label } = sample;
    if (typeof label === 'number') this.counts[label]++;
    else for (const index of label) if (index < this.counts.length) this.counts[index]++;
    const { pixels, channels } = resize({ ...sample, label: 0 }, this.size);
    for (let i = 0; i < this.sum.length; i++) this.sum[i] += pixels[Math.floor(i / 3) * channels + Math.min(i % 3, channels - 1)];
  }

  survey(): Survey {
    const read = this.done - this.broken.length;
    const pixels = Uint8Array.from(this.sum, (sum) => Math.round(sum / read));
    const rgba = samplePixels({ ...this.size, channels: 3, label: 0, pixels });
    return { done: this.done, counts: [...this.counts], broken: [...this.broken], mean: read === 0 ? null : { rgba, size: this.size } };
  }
}
