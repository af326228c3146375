// How far apart two colours are to normal vision, to the three dichromacies and on a grey print, in CIEDE2000 units.
// Deficiencies: the full-severity matrices of Machado, Oliveira and Fernandes (IEEE TVCG 15(6), 2009, table 1 at 1.0), on
// linear light. Difference: Sharma, Wu and Dalal (Color Res. Appl. 30(1), 2005). Grey keeps the luminance alone.
import { lab, rgb, type LabColor } from 'd3-color';

export const VISIONS = ['normal', 'protanopia', 'deuteranopia', 'tritanopia', 'grey'] as const;
export type Vision = (typeof VISIONS)[number];
type Triple = readonly [number, number, number];

/** Rows of linear red, green, blue as a deficient eye sees them. */
const MACHADO: Readonly<Record<Exclude<Vision, 'normal'>, readonly [Triple, Triple, Triple]>> = {
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
  // Rec. 709 luminance, thrice.
  grey: [
    [0.2126, 0.7152, 0.0722],
    [0.2126, 0.7152, 0.0722],
    [0.2126, 0.7152, 0.0722],
  ],
};

/** Light of an sRGB channel of 0..255, and back. */
const lightOf = (channel: number): number => {
  const c = channel / 255;
  return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
};
const channelOf = (light: number): number => {
  const l = Math.min(1, Math.max(0, light));
  return 255 * (l <= 0.0031308 ? 12.92 * l : 1.055 * l ** (1 / 2.4) - 0.055);
};

/** A colour `#rrggbb` as an eye sees it, in CIE L*a*b* (D50). */
export function seenAs(colour: string, vision: Vision): LabColor {
  if (vision === 'normal') return lab(colour);
  const { r, g, b } = rgb(colour);
  const light = [lightOf(r), lightOf(g), lightOf(b)];
  const [red, green, blue] = MACHADO[vision].map((row) => channelOf(row.reduce((sum, part, i) => sum + part * light[i], 0)));
  return lab(rgb(red, green, blue));
}

/** CIEDE2000 difference of two colours to an eye; about 1 is just noticed side by side. */
export function differenceSeen(one: string, other: string, vision: Vision): number {
  return ciede2000(seenAs(one, vision), seenAs(other, vision));
}

const DEGREE = Math.PI / 180;

/** CIEDE2000 of two colours in L*a*b*, all weights 1. Equation numbers are those of Sharma et al. */
export function ciede2000(one: LabPoint, other: LabPoint): number {
  const [first, second] = adjusted(one, other);
  const L = (one.l + other.l) / 2;
  const C = (first.chroma + second.chroma) / 2;
  const h = hues(first, second);
  // Equations 15 to 21.
  const T = 1 - 0.17 * cosine(h.mean - 30) + 0.24 * cosine(2 * h.mean) + 0.32 * cosine(3 * h.mean + 6) - 0.2 * cosine(4 * h.mean - 63);
  const rotation = -Math.sin(2 * DEGREE * 30 * Math.exp(-(((h.mean - 275) / 25) ** 2))) * 2 * Math.sqrt(C ** 7 / (C ** 7 + 25 ** 7));
  const lightness = (other.l - one.l) / (1 + (0.015 * (L - 50) ** 2) / Math.sqrt(20 + (L - 50) ** 2));
  const chroma = (second.chroma - first.chroma) / (1 + 0.045 * C);
  const hue = (2 * Math.sqrt(first.chroma * second.chroma) * Math.sin((h.difference / 2) * DEGREE)) / (1 + 0.015 * C * T);
  return Math.sqrt(lightness ** 2 + chroma ** 2 + hue ** 2 + rotation * chroma * hue);
}

export type LabPoint = Pick<LabColor, 'l' | 'a' | 'b'>;

function cosine(degrees: number): number {
  return Math.cos(degrees * DEGREE);
}

interface Polar {
  readonly chroma: number;
  /** Degrees, 0 to 360. */
  readonly hue: number;
}

/** Equations 2 to 7: chroma and hue after a* is stretched near grey. */
function adjusted(one: LabPoint, other: LabPoint): [Polar, Polar] {
  const mean = (Math.hypot(one.a, one.b) + Math.hypot(other.a, other.b)) / 2;
  const G = 0.5 * (1 - Math.sqrt(mean ** 7 / (mean ** 7 + 25 ** 7)));
  const polar = ({ a, b }: LabPoint): Polar => {
    const stretched = (1 + G) * a;
    const hue = stretched === 0 && b === 0 ? 0 : Math.atan2(b, stretched) / DEGREE;
    return { chroma: Math.hypot(stretched, b), hue: (hue + 360) % 360 };
  };
  return [polar(one), polar(other)];
}

/** Equations 10 and 14: difference and mean of two hues, the short way round; of a grey, the other's. */
function hues(one: Polar, other: Polar): { readonly difference: number; readonly mean: number } {
  const straight = other.hue - one.hue;
  if (one.chroma * other.chroma === 0) return { difference: 0, mean: one.hue + other.hue };
  if (Math.abs(straight) <= 180) return { difference: straight, mean: (one.hue + other.hue) / 2 };
  const sum = one.hue + other.hue;
  return { difference: straight > 180 ? straight - 360 : straight + 360, mean: sum < 360 ? (sum + 360) / 2 : (sum - 360) / 2 };
}
