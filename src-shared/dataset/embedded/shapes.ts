// The embedded ten-class images: a textured patch stands in the left or the right half of a 32x32 picture, among
// plain discs. Class = texture (5 kinds) x half (2): it takes a local, shift-tolerant feature (Local Perceptron)
// and place. Invariant: all but the patch looks the same after any cyclic shift, and the halves' patches lie 16
// columns apart, a whole number of the small pure MLP's partitions in every stage: partitions that do not know
// of each other (no Global Perceptron) must guess the half. Convolutions tell it once they see the border.
// A sample is a function of (seed, split, index) alone; classes are balanced by index.
import { type Random, type Seed, deriveSeed, randomFrom } from '../../tensor/random';
import {
  type Canvas,
  type Colour,
  type Disc,
  addNoise,
  between,
  mixColours,
  paintDisc,
  randomColour,
  shadedCanvas,
  toBytes,
} from './canvas';
import type { Sample, SplitName } from '../dataset';

export const SHAPES_SIZE = 32;
const TEXTURES = ['rows', 'columns', 'rising', 'falling', 'dots'] as const;
type Texture = (typeof TEXTURES)[number];

export const SHAPES_CLASSES: readonly string[] = ['left', 'right'].flatMap((half) => TEXTURES.map((texture) => `${texture} ${half}`));

/** Mean and deviation of pixels/255 per channel over the training split (its own test measures them). */
export const SHAPES_MEAN = [0.491, 0.491, 0.491] as const;
export const SHAPES_DEVIATION = [0.163, 0.163, 0.163] as const;

const PATCH_RADIUS = 5.5;
const DISTRACTORS = 3;
const NOISE_DEVIATION = 9;
/** Where a patch's centre may stand, in pixels: its row, and its column in the left half. */
const ROWS = [5.5, 26.5] as const;
const LEFT_COLUMNS = [5.5, 10.5] as const;
/** From a column of the left half to the same one of the right: half the picture. */
const HALVES_APART = SHAPES_SIZE / 2;
/** Least difference of a patch's two colours, summed over channels. */
const LEAST_CONTRAST = 220;

/** Draws sample `index` of a split: 32x32 RGB with its class (see SHAPES_CLASSES). */
export function drawShapes(seed: Seed, split: SplitName, index: number): Sample {
  const random = randomFrom(deriveSeed(seed, `shapes/${split}/${index}`));
  const label = index % SHAPES_CLASSES.length;
  const canvas = shadedCanvas(SHAPES_SIZE, SHAPES_SIZE, randomColour(random, 60, 190), [0, 0]);
  for (let i = 0; i < DISTRACTORS; i++) paintDistractor(canvas, random);
  paintPatch(canvas, random, TEXTURES[label % TEXTURES.length], label < TEXTURES.length);
  addNoise(canvas, NOISE_DEVIATION, random);
  return { pixels: toBytes(canvas), height: SHAPES_SIZE, width: SHAPES_SIZE, channels: 3, label };
}

/** A disc without texture, as large as the patch; its shading goes from one colour to another. It goes on at the opposite border. */
function paintDistractor(canvas: Canvas, random: Random): void {
  const disc = { y: between(random, 0, SHAPES_SIZE), x: between(random, 0, SHAPES_SIZE), radius: between(random, 3, PATCH_RADIUS + 1) };
  const turn = between(random, 0, 2 * Math.PI);
  const [a, b] = [randomColour(random, 20, 235), randomColour(random, 20, 235)];
  const mix = (dy: number, dx: number): number => 0.5 + (Math.sin(turn) * dy + Math.cos(turn) * dx) / (2 * disc.radius);
  for (const copy of cyclicCopies(disc)) paintDisc(canvas, copy, a, b, mix);
}

function cyclicCopies({ y, x, radius }: Disc): Disc[] {
  const shifts = [-SHAPES_SIZE, 0, SHAPES_SIZE];
  return shifts.flatMap((down) => shifts.map((right) => ({ y: y + down, x: x + right, radius })));
}

function paintPatch(canvas: Canvas, random: Random, texture: Texture, left: boolean): void {
  const column = between(random, ...LEFT_COLUMNS);
  const disc = { y: between(random, ...ROWS), x: left ? column : column + HALVES_APART, radius: PATCH_RADIUS };
  const [a, b] = contrastingColours(random);
  paintDisc(canvas, disc, a, b, textureFunction(texture, random));
}

function contrastingColours(random: Random): readonly [Colour, Colour] {
  const a = randomColour(random, 20, 235);
  const b = randomColour(random, 20, 235);
  const contrast = Math.abs(a[0] - b[0]) + Math.abs(a[1] - b[1]) + Math.abs(a[2] - b[2]);
  return contrast >= LEAST_CONTRAST ? [a, b] : [mixColours(a, [0, 0, 0], 0.7), mixColours(b, [255, 255, 255], 0.7)];
}

/** Share of the second colour at an offset from the patch's centre; wave length and phase vary. */
function textureFunction(texture: Texture, random: Random): (dy: number, dx: number) => number {
  const frequency = (2 * Math.PI) / between(random, 3.2, 4.4);
  const phase = between(random, 0, 2 * Math.PI);
  const second = between(random, 0, 2 * Math.PI);
  const wave = (distance: number): number => 0.5 + 0.5 * Math.sin(frequency * distance + phase);
  const directions: Readonly<Record<Texture, (dy: number, dx: number) => number>> = {
    rows: (dy) => wave(dy),
    columns: (_, dx) => wave(dx),
    rising: (dy, dx) => wave((dy + dx) * Math.SQRT1_2),
    falling: (dy, dx) => wave((dy - dx) * Math.SQRT1_2),
    dots: (dy, dx) => 0.5 + 0.5 * Math.sin(frequency * dy + phase) * Math.sin(frequency * dx + second),
  };
  return directions[texture];
}
