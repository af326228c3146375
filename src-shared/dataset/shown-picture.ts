// A picture of a data set to look at: one sample, or the mean of a class's first samples.
import { z } from 'zod';
import { count, type Stored } from '../base/sent';
import { UserError } from '../base/user-error';
import type { Sample, SampleSource } from './dataset';

const index = z.number().int('an index is a whole number, counted from 0').nonnegative('an index is a whole number, counted from 0');

/** Which picture of a split: a sample by its index, or the mean of a class (of all scenes, where every picture holds every class). */
export const pictureChoiceSchema = z.union([z.strictObject({ sample: index }), z.strictObject({ classMean: index })]);
export type PictureChoice = Readonly<z.infer<typeof pictureChoiceSchema>>;

/** A picture without its pixels: size, and what it shows. */
export const pictureFrameSchema = z.object({ width: count, height: count, title: z.string() });

export const shownPictureSchema = pictureFrameSchema.extend({
  pixels: z.custom<Uint8ClampedArray<ArrayBuffer>>((value) => value instanceof Uint8ClampedArray),
});
/** RGBA pixels, row-major, and what they show. */
export type ShownPicture = Stored<z.infer<typeof shownPictureSchema>>;

/** How many samples are searched for those of the class. */
const SEARCHED = 400;

/** The picture chosen from a split. Rejects with UserError for a sample or class it does not have, or a class with no sample among the first. */
export async function pictureOf(source: SampleSource, choice: PictureChoice): Promise<ShownPicture> {
  if ('sample' in choice) {
    expectIndex(source, 'sample', choice.sample, source.count);
    const [sample] = await source.read([choice.sample]);
    const name = typeof sample.label === 'number' ? source.classes[sample.label] : 'scene';
    return { ...meanOf([sample]), title: `sample ${choice.sample} of ${source.name}: ${name}` };
  }
  expectIndex(source, 'class', choice.classMean, source.classes.length);
  const found = await samplesOf(source, choice.classMean);
  const what = source.task === 'segmentation' ? 'all scenes' : source.classes[choice.classMean];
  return { ...meanOf(found), title: `mean of ${found.length} samples of ${source.name}: ${what}` };
}

/** The picture of one sample without a name: an image file. */
export function pictureOfPixels(sample: Omit<Sample, 'label'>, title: string): ShownPicture {
  return { ...meanOf([sample]), title };
}

function expectIndex({ name }: SampleSource, what: string, index: number, count: number): void {
  if (!Number.isInteger(index) || index < 0 || index >= count)
    throw new UserError(`${name} has no ${what} ${index}; they are numbered 0 to ${count - 1}`);
}

/** Samples of one class; scenes, which hold every class, are all taken. */
async function samplesOf(source: SampleSource, label: number): Promise<Sample[]> {
  const count = Math.min(SEARCHED, source.count);
  const samples = await source.read(Array.from({ length: count }, (_, index) => index));
  const found = samples.filter((sample) => sample.label === label || typeof sample.label !== 'number');
  if (found.length === 0) throw new UserError(`none of the first ${count} samples is of class ${source.classes[label]}`);
  const [{ width, height }] = found;
  // Pictures of folders differ in size; those of the first one's size are averaged, and the title says how many.
  return found.filter((sample) => sample.width === width && sample.height === height);
}

/** Mean of samples of one size as RGBA. */
function meanOf(samples: readonly Omit<Sample, 'label'>[]): Omit<ShownPicture, 'title'> {
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
