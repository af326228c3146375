// A picture to lay a position map on: a sample of a drawn data set, or the mean of a class's first samples.
import { openEmbedded } from '@shared/dataset/embedded';
import type { Sample, SampleSource } from '@shared/dataset/dataset';
import type { ImageRequest, ShownImage } from './protocol';

/** How many samples are searched for those of the class. */
const SEARCHED = 400;

/** The picture asked for, from the training split. Rejects with Error where the class has no sample among the first. */
export async function shownImage({ dataset, of }: ImageRequest): Promise<ShownImage> {
  const { train } = openEmbedded(dataset);
  if ('sample' in of) {
    const [sample] = await train.read([of.sample]);
    const name = typeof sample.label === 'number' ? train.classes[sample.label] : 'scene';
    return { ...meanOf([sample]), title: `sample ${of.sample} of ${dataset.name}: ${name}` };
  }
  const found = await samplesOf(train, of.classMean);
  return { ...meanOf(found), title: `mean of ${found.length} samples of ${dataset.name}: ${train.classes[of.classMean]}` };
}

/** Samples of one class; scenes, which hold every class, are all taken. */
async function samplesOf(source: SampleSource, label: number): Promise<Sample[]> {
  const count = Math.min(SEARCHED, source.count);
  const samples = await source.read(Array.from({ length: count }, (_, index) => index));
  const found = samples.filter((sample) => sample.label === label || typeof sample.label !== 'number');
  if (found.length === 0) throw new Error(`none of the first ${count} samples is of class ${source.classes[label]}`);
  return found;
}

/** Mean of samples of one size as RGBA. */
function meanOf(samples: readonly Sample[]): Omit<ShownImage, 'title'> {
  const [{ width, height, channels }] = samples;
  const pixels = new Uint8ClampedArray(width * height * 4).fill(255);
  for (let pixel = 0; pixel < width * height; pixel++) {
    for (let c = 0; c < 3; c++) {
      const at = pixel * channels + Math.min(c, channels - 1);
      pixels[pixel * 4 + c] = samples.reduce((sum, sample) => sum + sample.pixels[at], 0) / samples.length;
    }
  }
  return { width, height, pixels };
}
