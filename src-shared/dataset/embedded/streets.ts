// The embedded street scenes: a road to a vanishing point, pavements, buildings, trees, cars, people and
// signs in perspective, with the class of every pixel. Position tells much (sky above, road below), texture
// the rest. Invariant: a scene is a function of (seed, split, index); pixels and labels are painted together.
import { type Random, type Seed, deriveSeed, randomFrom } from '../../tensor/random';
import { type Canvas, type Colour, addNoise, between, blendPixel, mixColours, randomColour, shadedCanvas, toBytes } from './canvas';
import type { Sample, SplitName } from '../dataset';

export const STREETS_SIZE = 64;
export const STREETS_CLASSES = ['sky', 'building', 'road', 'pavement', 'vegetation', 'car', 'person', 'sign'] as const;
type StreetClass = (typeof STREETS_CLASSES)[number];

/** Mean and deviation of pixels/255 per channel over the training split (the tests measure them). */
export const STREETS_MEAN = [0.502, 0.492, 0.479] as const;
export const STREETS_DEVIATION = [0.19, 0.181, 0.226] as const;

const NOISE_DEVIATION = 7;

/** A picture and its class map, painted together. */
interface Scene {
  readonly canvas: Canvas;
  readonly labels: Uint8Array;
  /** Row and column of the vanishing point. */
  readonly horizon: number;
  readonly vanishing: number;
  /** Half the road's width in pixels per pixel below the horizon. */
  readonly roadSlope: number;
}

/** A region in whole pixels with a test and a colour for every pixel. */
interface Region {
  readonly top: number;
  readonly bottom: number;
  readonly left: number;
  readonly right: number;
  readonly inside?: (y: number, x: number) => boolean;
  readonly colour: (y: number, x: number) => Colour;
}

/** Draws scene `index` of a split: 64x64 RGB; the label is the class of each pixel. */
export function drawStreet(seed: Seed, split: SplitName, index: number): Sample {
  const random = randomFrom(deriveSeed(seed, `streets/${split}/${index}`));
  const scene = emptyScene(random);
  paintBuildings(scene, random);
  paintGround(scene, random);
  for (const depth of depths(random, 3)) paintTree(scene, random, depth);
  for (const depth of depths(random, 2)) paintSign(scene, random, depth);
  for (const depth of depths(random, 3)) paintPerson(scene, random, depth);
  for (const depth of depths(random, 3)) paintCar(scene, random, depth);
  tint(scene.canvas, randomColour(random, 0.75, 1.15));
  addNoise(scene.canvas, NOISE_DEVIATION, random);
  return { pixels: toBytes(scene.canvas), height: STREETS_SIZE, width: STREETS_SIZE, channels: 3, label: scene.labels };
}

/** Up to `most` distances in (0, 1], the farthest first: 1 stands at the lower edge. */
function depths(random: Random, most: number): number[] {
  return Array.from({ length: random.integer(most + 1) }, () => between(random, 0.2, 0.95)).sort((a, b) => a - b);
}

function paint({ canvas, labels }: Scene, name: StreetClass, region: Region): void {
  const label = STREETS_CLASSES.indexOf(name);
  const { top, bottom, left, right, inside = () => true, colour } = region;
  for (let y = Math.max(0, Math.round(top)); y < Math.min(STREETS_SIZE, Math.round(bottom)); y++) {
    for (let x = Math.max(0, Math.round(left)); x < Math.min(STREETS_SIZE, Math.round(right)); x++) {
      if (!inside(y, x)) continue;
      blendPixel(canvas, y, x, colour(y, x), 1);
      labels[y * STREETS_SIZE + x] = label;
    }
  }
}

function emptyScene(random: Random): Scene {
  const sky = mixColours([150, 190, 235], [205, 205, 210], random.uniform());
  const canvas = shadedCanvas(STREETS_SIZE, STREETS_SIZE, sky, [between(random, 0, 1), 0]);
  return {
    canvas,
    labels: new Uint8Array(STREETS_SIZE * STREETS_SIZE),
    horizon: Math.round(between(random, 24, 31)),
    vanishing: between(random, 24, 40),
    roadSlope: between(random, 0.5, 0.9),
  };
}

/** A row of fronts on each side, higher toward the picture's edges, with rows of windows. */
function paintBuildings(scene: Scene, random: Random): void {
  const { horizon, vanishing } = scene;
  for (let left = between(random, -8, 0); left < STREETS_SIZE; ) {
    const width = between(random, 7, 14);
    const distance = Math.abs(left + width / 2 - vanishing) / STREETS_SIZE;
    const height = Math.min(horizon, (6 + 50 * distance) * between(random, 0.5, 1.1));
    if (distance > 0.08 && random.uniform() < 0.9) paintFront(scene, random, left, left + width, horizon - height);
    left += width + (random.uniform() < 0.2 ? between(random, 1, 4) : 0);
  }
}

function paintFront(scene: Scene, random: Random, left: number, right: number, top: number): void {
  const wall = mixColours(randomColour(random, 80, 180), [170, 110, 80], random.uniform());
  const window = mixColours([60, 70, 90], [230, 220, 160], random.uniform() ** 2);
  const stride = random.integer(2) + 3;
  const [rowStart, columnStart] = [random.integer(stride), random.integer(stride)];
  const isWindow = (y: number, x: number): boolean => (y + rowStart) % stride >= 2 && (x + columnStart) % stride >= 2;
  paint(scene, 'building', { top, bottom: scene.horizon, left, right, colour: (y, x) => (isWindow(y, x) ? window : wall) });
}

/** Road to the vanishing point with a broken middle line, pavement on both sides, green strips at times. */
function paintGround(scene: Scene, random: Random): void {
  const { horizon, vanishing, roadSlope } = scene;
  const grey = between(random, 60, 100);
  const asphalt: Colour = [grey, grey, grey + 5];
  const stones = mixColours([150, 145, 140], [185, 160, 140], random.uniform());
  const green = random.uniform() < 0.4;
  const off = (y: number, x: number): number => Math.abs(x - vanishing) / Math.max(1, y - horizon);
  const ground = { top: horizon, bottom: STREETS_SIZE, left: 0, right: STREETS_SIZE };
  const isMiddle = (y: number, x: number): boolean => off(y, x) < 0.03 && Math.floor(90 / (y - horizon + 2)) % 2 === 0;
  const isSlab = (y: number, x: number): boolean => Math.floor(120 / (y - horizon + 2)) % 2 === 0 || Math.floor(off(y, x) * 8) % 2 === 0;
  paint(scene, 'pavement', { ...ground, colour: (y, x) => (isSlab(y, x) ? stones : mixColours(stones, [90, 90, 90], 0.25)) });
  paint(scene, 'road', {
    ...ground,
    inside: (y, x) => off(y, x) < roadSlope,
    colour: (y, x) => (isMiddle(y, x) ? [225, 225, 215] : asphalt),
  });
  if (green) paint(scene, 'vegetation', { ...ground, inside: (y, x) => off(y, x) > roadSlope + 0.8, colour: leaves(random) });
}

/** Speckled green. */
function leaves(random: Random): (y: number, x: number) => Colour {
  const base = mixColours([50, 100, 40], [110, 120, 40], random.uniform());
  const turn = random.integer(64);
  return (y, x) => mixColours(base, [20, 40, 15], ((y * 7 + x * 13 + turn * y * x) % 8) / 10);
}

/** Row of the ground at a depth, and pixels per unit of size there. */
function footing({ horizon }: Scene, depth: number): { foot: number; scale: number } {
  const foot = horizon + depth * (STREETS_SIZE - horizon);
  return { foot, scale: (foot - horizon) / 34 };
}

/** A column beside the road: `away` road half-widths from the middle, left or right. */
function beside(scene: Scene, random: Random, foot: number, near: number, far: number): number {
  const side = random.uniform() < 0.5 ? -1 : 1;
  return scene.vanishing + side * (scene.roadSlope + between(random, near, far)) * (foot - scene.horizon);
}

function paintTree(scene: Scene, random: Random, depth: number): void {
  const { foot, scale } = footing(scene, depth);
  const x = beside(scene, random, foot, 0.2, 0.9);
  const radius = between(random, 7, 12) * scale + 2;
  const centre = foot - between(random, 16, 24) * scale - 2;
  const bark: Colour = [80, 60, 45];
  paint(scene, 'vegetation', { top: centre, bottom: foot, left: x - scale - 0.5, right: x + scale + 0.5, colour: () => bark });
  paint(scene, 'vegetation', {
    ...around(centre, x, radius, radius),
    inside: (y, column) => Math.hypot(y + 0.5 - centre, column + 0.5 - x) < radius,
    colour: leaves(random),
  });
}

function around(y: number, x: number, halfHeight: number, halfWidth: number): Pick<Region, 'top' | 'bottom' | 'left' | 'right'> {
  return { top: y - halfHeight, bottom: y + halfHeight, left: x - halfWidth, right: x + halfWidth };
}

/** A disc or a triangle with a bright rim on a pole. */
function paintSign(scene: Scene, random: Random, depth: number): void {
  const { foot, scale } = footing(scene, depth);
  const x = beside(scene, random, foot, 0.08, 0.3);
  const radius = 3.5 * scale + 1;
  const centre = foot - 22 * scale - 2;
  const round = random.uniform() < 0.5;
  const face: Colour = random.uniform() < 0.5 ? [40, 80, 190] : [240, 240, 235];
  const reach = (y: number, column: number): number =>
    round
      ? Math.hypot(y + 0.5 - centre, column + 0.5 - x)
      : Math.max(y + 0.5 - centre, Math.abs(column + 0.5 - x) * 1.7 - (y + 0.5 - centre)) * 0.95;
  paint(scene, 'sign', { top: centre, bottom: foot, left: x - 0.5, right: x + 0.5, colour: () => [130, 130, 135] });
  paint(scene, 'sign', {
    ...around(centre, x, radius, radius),
    inside: (y, column) => reach(y, column) < radius,
    colour: (y, column) => (reach(y, column) > radius * 0.65 ? [205, 40, 35] : face),
  });
}

/** Head, coat and legs. */
function paintPerson(scene: Scene, random: Random, depth: number): void {
  const { foot, scale } = footing(scene, depth);
  const x = beside(scene, random, foot, 0.02, 0.7);
  const height = between(random, 13, 17) * scale + 2;
  const half = 2.2 * scale + 0.5;
  const coat = randomColour(random, 20, 220);
  const trousers = randomColour(random, 20, 110);
  const hipsAt = foot - height * 0.45;
  const head = foot - height;
  paint(scene, 'person', { top: hipsAt, bottom: foot, left: x - half * 0.8, right: x + half * 0.8, colour: () => trousers });
  paint(scene, 'person', { top: foot - height * 0.85, bottom: hipsAt, left: x - half, right: x + half, colour: () => coat });
  paint(scene, 'person', { ...around(head + half * 0.5, x, half * 0.8, half * 0.6), colour: () => [205, 160, 130] });
}

/** Body, cabin with a dark window, wheels, lights. */
function paintCar(scene: Scene, random: Random, depth: number): void {
  const { foot, scale } = footing(scene, depth);
  const x = scene.vanishing + (random.uniform() < 0.5 ? -1 : 1) * between(random, 0.35, 0.6) * scene.roadSlope * (foot - scene.horizon);
  const [half, height] = [between(random, 8, 11) * scale + 1, between(random, 9, 12) * scale + 1];
  const body = randomColour(random, 20, 230);
  const waist = foot - height * 0.55;
  const isWheel = (y: number, column: number): boolean =>
    y >= foot - height * 0.18 && Math.abs(Math.abs(column + 0.5 - x) - half * 0.65) < half * 0.22;
  const isLight = (y: number, column: number): boolean =>
    Math.abs(y - foot + height * 0.4) < 0.6 + scale * 0.6 && Math.abs(column + 0.5 - x) > half * 0.75;
  const lower = (y: number, column: number): Colour => (isWheel(y, column) ? [20, 20, 20] : isLight(y, column) ? [225, 60, 50] : body);
  const window: Colour = [50, 60, 75];
  const upper = (y: number, column: number): Colour =>
    y > foot - height * 0.92 && Math.abs(column + 0.5 - x) < half * 0.6 ? window : body;
  paint(scene, 'car', { top: foot - height, bottom: waist, left: x - half * 0.75, right: x + half * 0.75, colour: upper });
  paint(scene, 'car', { top: waist, bottom: foot, left: x - half, right: x + half, colour: lower });
}

function tint({ data }: Canvas, light: Colour): void {
  for (let i = 0; i < data.length; i++) data[i] *= light[i % 3];
}
