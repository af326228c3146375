// The embedded faces: drawn people with eyes, brows, nose, mouth and hair at fixed places (aligned), in varying
// pose, light, expression and noise. A person, drawn from (seed, person), has colours, places of parts, and
// birthmarks at some of MARK_PLACES. Each picture has specks between them that look the same, so that only place
// tells a mark from a speck: alignment is the paper's reason for RepMLP on faces.
// `faces-unaligned` is the same with alignment destroyed: each picture shifted, turned and scaled at random.
import { type Random, type Seed, deriveSeed, randomFrom } from '../../tensor/random';
import { type Canvas, type Colour, addNoise, between, blendPixel, mixColours, randomColour, shadedCanvas, toBytes } from './canvas';
import type { Sample } from '../dataset';

export const FACE_SIZE = 64;
/** Face networks are fed (pixel - 127.5) / 127.5. */
export const FACES_MEAN = [0.5, 0.5, 0.5] as const;
export const FACES_DEVIATION = [0.5, 0.5, 0.5] as const;

/** What makes a person; lengths in units of half the picture's side, 0 at its centre, y downwards. */
interface Traits {
  readonly skin: Colour;
  readonly hair: Colour;
  readonly iris: Colour;
  readonly lips: Colour;
  readonly eyeDistance: number;
  readonly eyeHeight: number;
  readonly browHeight: number;
  readonly mouthHeight: number;
  readonly hairLine: number;
  /** Centres of the birthmarks. */
  readonly marks: readonly Place[];
}

/** Row and column in face coordinates. */
type Place = readonly [y: number, x: number];

/** How one picture of a person differs from another. */
interface View {
  /** Turn of the head: features move against the outline. */
  readonly turn: readonly [number, number];
  readonly smile: number;
  /** Centres of marks that the next picture does not have. */
  readonly specks: readonly Place[];
  /** Tint of the light, and its slope over the picture. */
  readonly light: Colour;
  readonly slope: readonly [number, number];
  readonly placement: Placement;
}

/** From picture to face coordinates: turn by `angle`, scale, shift. */
interface Placement {
  readonly angle: number;
  readonly scale: number;
  readonly shift: readonly [number, number];
}

const SKINS: readonly Colour[] = [
  [236, 200, 176],
  [205, 160, 130],
  [150, 105, 80],
  [95, 65, 50],
];

/** What all people have in common. */
const MARK: Colour = [45, 28, 22];
const FACE = { length: 0.79, width: 0.6 };
const EYE_SIZE = 0.085;
const NOSE_LENGTH = 0.24;
const MOUTH_WIDTH = 0.22;
const MARK_RADIUS = 0.07;

/** A diagonal lattice over the face for the marks of people, and the places between them for specks. */
const [MARK_PLACES, SPECK_PLACES] = [0, 1].map((parity) => latticePlaces(parity));

/** Places 0.22 apart (7 pixels, more than pose moves them) whose row and column numbers add up to an even or odd number. */
function latticePlaces(parity: number): Place[] {
  const numbers = [-3, -2, -1, 0, 1, 2, 3];
  const places = numbers.flatMap((i) => numbers.filter((j) => (i + j + 6) % 2 === parity).map((j): Place => [0.22 * i + 0.05, 0.22 * j]));
  return places.filter(([y, x]) => length2(y / 0.68, x / 0.52) <= 1);
}

/** About half of the places. */
function someOf(places: readonly Place[], random: Random): Place[] {
  return places.filter(() => random.uniform() < 0.5);
}

function traitsOf(seed: Seed, person: number): Traits {
  const random = randomFrom(deriveSeed(seed, `faces/person/${person}`));
  const tone = between(random, 0, SKINS.length - 1.001);
  return {
    skin: mixColours(SKINS[Math.floor(tone)], SKINS[Math.floor(tone) + 1], tone % 1),
    hair: mixColours(randomColour(random, 10, 60), [200, 160, 90], random.uniform() ** 2),
    iris: randomColour(random, 30, 140),
    lips: mixColours([190, 90, 90], [120, 60, 60], random.uniform()),
    eyeDistance: between(random, 0.2, 0.31),
    eyeHeight: between(random, -0.2, -0.08),
    browHeight: between(random, 0.12, 0.22),
    mouthHeight: between(random, 0.36, 0.5),
    hairLine: between(random, -0.62, -0.38),
    marks: someOf(MARK_PLACES, random),
  };
}

function viewOf(random: Random, aligned: boolean): View {
  return {
    turn: [between(random, -0.02, 0.02), between(random, -0.015, 0.015)],
    smile: between(random, -0.3, 0.6),
    specks: someOf(SPECK_PLACES, random),
    light: randomColour(random, 0.75, 1.2),
    slope: [between(random, -0.25, 0.25), between(random, -0.35, 0.35)],
    placement: aligned ? placementOf(random, 0.03, 0.02, 0.03) : placementOf(random, 0.6, 0.25, 0.15),
  };
}

function placementOf(random: Random, angle: number, shift: number, scale: number): Placement {
  return {
    angle: between(random, -angle, angle),
    scale: between(random, 1 - scale, 1 + scale),
    shift: [between(random, -shift, shift), between(random, -shift, shift)],
  };
}

/** Draws picture `picture` of a person: 64x64 RGB; the label is the person. */
export function drawFace(seed: Seed, person: number, picture: number, aligned: boolean): Sample {
  const random = randomFrom(deriveSeed(seed, `faces/picture/${person}/${picture}`));
  const traits = traitsOf(seed, person);
  const view = viewOf(random, aligned);
  const canvas = shadedCanvas(FACE_SIZE, FACE_SIZE, randomColour(random, 60, 200), [between(random, -1, 1), between(random, -1, 1)]);
  paintFace(canvas, traits, view);
  addNoise(canvas, 8, random);
  return { pixels: toBytes(canvas), height: FACE_SIZE, width: FACE_SIZE, channels: 3, label: person };
}

/** Paints every pixel by the parts that cover its place in face coordinates, back to front. */
function paintFace(canvas: Canvas, traits: Traits, view: View): void {
  const { angle, scale, shift } = view.placement;
  const [cos, sin] = [Math.cos(angle) / scale, Math.sin(angle) / scale];
  const parts = partsOf(traits, view);
  const half = FACE_SIZE / 2;
  for (let row = 0; row < FACE_SIZE; row++) {
    for (let column = 0; column < FACE_SIZE; column++) {
      const [py, px] = [(row + 0.5) / half - 1 - shift[0], (column + 0.5) / half - 1 - shift[1]];
      const [y, x] = [cos * py - sin * px, sin * py + cos * px];
      for (const { colour, box, distance } of parts) {
        if (Math.abs(y - box[0]) > box[2] || Math.abs(x - box[1]) > box[3]) continue;
        const coverage = Math.min(1, 0.5 - distance(y, x) * half * scale);
        if (coverage > 0) blendPixel(canvas, row, column, lit(colour, view, y, x), coverage);
      }
    }
  }
}

function lit(colour: Colour, { light, slope }: View, y: number, x: number): Colour {
  const shade = 1 + slope[0] * y + slope[1] * x;
  return [colour[0] * light[0] * shade, colour[1] * light[1] * shade, colour[2] * light[2] * shade];
}

/** A part of the face: negative `distance` (about in face units) is inside. */
interface Part {
  readonly colour: Colour;
  /** Centre and half sizes of a box outside which `distance` need not be asked. */
  readonly box: readonly [y: number, x: number, halfHeight: number, halfWidth: number];
  readonly distance: (y: number, x: number) => number;
}

/** Width of the soft edge in face units, generously. */
const EDGE = 0.05;

/** Length of (a, b); Math.hypot is several times slower. */
function length2(a: number, b: number): number {
  return Math.sqrt(a * a + b * b);
}

function ellipse(colour: Colour, cy: number, cx: number, ry: number, rx: number): Part {
  const thin = Math.min(ry, rx);
  return {
    colour,
    box: [cy, cx, ry * (1 + EDGE / thin), rx * (1 + EDGE / thin)],
    distance: (y, x) => (length2((y - cy) / ry, (x - cx) / rx) - 1) * thin,
  };
}

/** The part of another part above the line y = `height`. */
function above({ colour, box, distance }: Part, height: number): Part {
  return { colour, box, distance: (y, x) => Math.max(distance(y, x), y - height) };
}

function partsOf(traits: Traits, { turn, smile, specks }: View): Part[] {
  const { skin, hair, eyeHeight, eyeDistance, mouthHeight } = traits;
  const { length, width } = FACE;
  const [ty, tx] = turn;
  const mouth: Part = {
    colour: traits.lips,
    box: [ty + mouthHeight, tx, 0.3, MOUTH_WIDTH + 0.04 + EDGE],
    distance: (y, x) => length2(Math.max(0, Math.abs(x - tx) - MOUTH_WIDTH), y - ty - mouthHeight + smile * (x - tx) ** 2 * 2.5) - 0.04,
  };
  return [
    ellipse(hair, -0.12, 0, length + 0.02, width + 0.1),
    ellipse(skin, 0, 0, length, width),
    above(ellipse(hair, -0.05, 0, length, width + 0.03), traits.hairLine + ty / 2),
    ...[-1, 1].flatMap((side) => eyeParts(traits, eyeHeight + ty, tx + side * eyeDistance, side)),
    ...noseParts(traits, turn),
    mouth,
    ...[...traits.marks, ...specks].map(([y, x]) => ellipse(MARK, y + ty, x + tx, MARK_RADIUS, MARK_RADIUS)),
  ];
}

/** Its shadow and its bright ridge; it stands out, so it moves more than the face does. */
function noseParts({ skin, eyeHeight }: Traits, [ty, tx]: readonly [number, number]): Part[] {
  return [
    ellipse(mixColours(skin, [60, 30, 20], 0.35), eyeHeight + 0.1 + NOSE_LENGTH + ty * 1.5, tx * 1.5, 0.05, 0.1),
    ellipse(mixColours(skin, [255, 255, 255], 0.15), eyeHeight + 0.06 + NOSE_LENGTH / 2 + ty * 1.3, tx * 1.4, NOSE_LENGTH / 2, 0.035),
  ];
}

/** White, iris and brow of one eye. */
function eyeParts({ hair, iris, browHeight }: Traits, cy: number, cx: number, side: number): Part[] {
  const brow: Part = {
    colour: mixColours(hair, [30, 20, 15], 0.4),
    box: [cy - browHeight, cx, 0.2 + EDGE, 0.2 + EDGE],
    distance: (y, x) => {
      const along = (x - cx) * side;
      return length2(Math.max(0, Math.abs(along) - 0.12), y - cy + browHeight + 0.05 * along) - 0.045;
    },
  };
  return [ellipse([235, 235, 235], cy, cx, EYE_SIZE * 0.7, EYE_SIZE * 1.3), ellipse(iris, cy, cx, EYE_SIZE * 0.6, EYE_SIZE * 0.6), brow];
}
