// The pictures a convolution is shown on: drawn ones, and larger ones shrunk. All are whole numbers from 0 (black) to WHITE, so
// that sums of products can be followed in the head. Invariant: the same name and size give the same picture.
import { DRAWN_PICTURES, WHITE, type ConvolutionScene, type ScenePicture } from '../../matrix/convolution-scene';
import type { Sample } from '../../dataset/dataset';
import { fitTo } from '../../dataset/pixels/geometry';

type DrawnName = (typeof DRAWN_PICTURES)[number];

/** How bright a place is, 0..1; y and x run from -1 to 1 over the picture. */
const DRAWINGS: Readonly<Record<DrawnName, (y: number, x: number) => number>> = {
  ring: (y, x) => 1 - Math.min(1, Math.abs(Math.hypot(y, x) - 0.62) / 0.34),
  cross: (y, x) => (Math.min(Math.abs(y), Math.abs(x)) < 0.27 ? 1 : 0),
  steps: (y, x) => Math.floor(((y + x + 2) / 4) * 5) / 5,
  corner: (y, x) => (y < 0 && x < 0 ? 1 : 0.2),
};

/** A drawn picture (C, h, w): channel c is the drawing c places after the named one. */
export function drawnPicture(name: DrawnName, { C, h, w }: Pick<ConvolutionScene, 'C' | 'h' | 'w'>): Float64Array {
  const along = (at: number, size: number): number => (2 * at + 1) / size - 1;
  const first = DRAWN_PICTURES.indexOf(name);
  return Float64Array.from({ length: C * h * w }, (_, at) => {
    const drawing = DRAWINGS[DRAWN_PICTURES[(first + Math.floor(at / (h * w))) % DRAWN_PICTURES.length]];
    return Math.round(WHITE * drawing(along(Math.floor(at / w) % h, h), along(at % w, w)));
  });
}

/** A sample cut square, shrunk and rounded: (C, h, w). One channel is its grey; else red, green, blue, and then grey. */
export function shrunkPicture(sample: Sample, { C, h, w }: Pick<ConvolutionScene, 'C' | 'h' | 'w'>): Float64Array {
  const { pixels, channels } = fitTo({ ...sample, label: 0 }, { height: h, width: w });
  const grey = (at: number): number => {
    const [red, green, blue] = [0, 1, 2].map((c) => pixels[at * channels + Math.min(c, channels - 1)]);
    return 0.299 * red + 0.587 * green + 0.114 * blue;
  };
  return Float64Array.from({ length: C * h * w }, (_, index) => {
    const [c, at] = [Math.floor(index / (h * w)), index % (h * w)];
    const byte = C === 1 || c > 2 ? grey(at) : pixels[at * channels + Math.min(c, channels - 1)];
    return Math.round((WHITE * byte) / 255);
  });
}

/** What is done to a picture that is shrunk, in words. */
export function reducedText({ C, h, w }: Pick<ConvolutionScene, 'C' | 'h' | 'w'>): string {
  return `averaged down to ${h} × ${w} and rounded to ${WHITE + 1} ${C === 1 ? 'greys' : 'steps a channel'}`;
}

/** Where a picture comes from, in words; what was reduced is said. */
export function pictureText(picture: ScenePicture, sizes: Pick<ConvolutionScene, 'C' | 'h' | 'w'>): string {
  if (picture.kind === 'drawn') return `drawn here: ${picture.name}`;
  if (picture.kind === 'sample') return `sample ${picture.index} of ${picture.of}, ${reducedText(sizes)}`;
  return picture.from ?? 'painted here';
}
