// Samples as they are looked at, in the window, in figures and handouts: pixels, labels, of scenes the class of every pixel as a colour.
import type { Sample } from './dataset';

/** Samples that are looked at together. */
export const SAMPLES_A_PAGE = 60;

/** RGBA of a sample; one channel is shown as grey. */
export function samplePixels({ pixels, height, width, channels }: Sample): Uint8ClampedArray<ArrayBuffer> {
  const rgba = new Uint8ClampedArray(height * width * 4);
  for (let i = 0; i < height * width; i++) {
    for (let c = 0; c < 3; c++) rgba[i * 4 + c] = pixels[i * channels + Math.min(c, channels - 1)];
    rgba[i * 4 + 3] = 255;
  }
  return rgba;
}

/** Colours of segmentation classes, enough for the 19 of Cityscapes; further classes start over. Ignored pixels (255) are transparent. */
const CLASS_COLOURS = [
  '#0072b2',
  '#d55e00',
  '#009e73',
  '#cc79a7',
  '#e69f00',
  '#56b4e9',
  '#8c6bb1',
  '#7f7f7f',
  '#f0e442',
  '#44546a',
  '#a6761d',
  '#b2df8a',
  '#7a0177',
  '#fb9a99',
  '#00441b',
  '#c7e9ff',
  '#800026',
  '#5e4fa2',
  '#d9d9d9',
  '#8c510a',
];

export function classColour(index: number): string {
  return CLASS_COLOURS[index % CLASS_COLOURS.length];
}

/** A label in words; null of a class for every pixel, which has none. */
export function labelName({ label }: Pick<Sample, 'label'>, classes: readonly string[]): string | null {
  return typeof label === 'number' ? (classes[label] ?? `class ${label}`) : null;
}

/** RGBA of a sample's class map; null for samples with one label. */
export function labelPixels({ label, height, width }: Sample): Uint8ClampedArray<ArrayBuffer> | null {
  if (typeof label === 'number') return null;
  const rgba = new Uint8ClampedArray(height * width * 4);
  label.forEach((index, pixel) => {
    const colour = classColour(index);
    for (let c = 0; c < 3; c++) rgba[pixel * 4 + c] = Number.parseInt(colour.slice(1 + 2 * c, 3 + 2 * c), 16);
    rgba[pixel * 4 + 3] = index === 255 ? 0 : 255;
  });
  return rgba;
}
