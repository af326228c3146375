// From a weight to a colour: quantity (signed or magnitude), transform, limits, colour table. The CPU twin
// of the fragment shader in renderer/gl/shader.ts. Invariant: the same formulas there and here, in the same order.
import { assertNever } from '../base/assert-never';
import { encodeSpecial, kindOf } from './cell-value';
import { COLORMAPS, LUT_LENGTH, lutOf, rgbOf, type ColormapName, type Rgb } from './colormap';

/** linear; symmetric log; share of smaller magnitudes (with sign); ln(|w| / min |w|) as in figure 5. */
export type TransformName = 'linear' | 'symlog' | 'rank' | 'logRatio';

/** Entries of the rank table minus one. */
export const RANK_LENGTH = 1024;

/** Everything that turns values into colours. Limits are in weight units (magnitudes where `magnitude` holds). */
export interface ColorScale {
  readonly map: ColormapName;
  readonly transform: TransformName;
  /** Show |w| and not w. Always so for logRatio. */
  readonly magnitude: boolean;
  readonly low: number;
  readonly high: number;
  /** symlog: values below this magnitude are shown nearly linearly. */
  readonly threshold: number;
  /** logRatio: the smallest magnitude, shown as 0. */
  readonly smallest: number;
  /** rank: RANK_LENGTH + 1 shares of magnitudes below k / RANK_LENGTH * rankMax (matrix/statistics.ts). */
  readonly shares: Float32Array | null;
  readonly rankMax: number;
  /** Give values outside the limits their own colours. */
  readonly markClipped: boolean;
}

/** Numbers the shader needs: position = (T(w) - offset) * gain. */
export interface ScaleUniforms {
  readonly mode: number;
  readonly magnitude: number;
  readonly parameter: number;
  readonly offset: number;
  readonly gain: number;
}

export const TRANSFORMS: readonly TransformName[] = ['linear', 'symlog', 'rank', 'logRatio'];

/** A scale symmetric around zero with the given limit; everything else at its default. */
export function defaultScale(limit: number): ColorScale {
  return {
    map: 'blueOrange',
    transform: 'linear',
    magnitude: false,
    low: -limit,
    high: limit,
    threshold: limit / 100 || 1,
    smallest: 1e-6,
    shares: null,
    rankMax: limit,
    markClipped: true,
  };
}

/** The transform T of a finite value. logRatio of zero is -Infinity. */
export function transformed(scale: ColorScale, value: number): number {
  const shown = usesMagnitude(scale) ? Math.abs(value) : value;
  switch (scale.transform) {
    case 'linear':
      return shown;
    case 'symlog':
      return Math.sign(shown) * Math.log(1 + Math.abs(shown) / scale.threshold);
    case 'rank':
      return Math.sign(shown) * shareBelow(scale, Math.abs(shown));
    case 'logRatio':
      return Math.log(shown / scale.smallest);
    default:
      return assertNever(scale.transform);
  }
}

/** Value whose transform is `t`: the legend's ticks. Inverse of transformed() for shown values. */
export function untransformed(scale: ColorScale, t: number): number {
  switch (scale.transform) {
    case 'linear':
      return t;
    case 'symlog':
      return Math.sign(t) * scale.threshold * (Math.exp(Math.abs(t)) - 1);
    case 'rank':
      return Math.sign(t) * magnitudeAt(scale, Math.abs(t));
    case 'logRatio':
      return scale.smallest * Math.exp(t);
    default:
      return assertNever(scale.transform);
  }
}

/** Whether the scale shows |w|. */
export function usesMagnitude(scale: ColorScale): boolean {
  return scale.magnitude || scale.transform === 'logRatio';
}

/** Position of a finite value between the limits: 0 at low, 1 at high, outside when clipped. */
export function positionOf(scale: ColorScale, value: number): number {
  const { offset, gain } = uniformsOf(scale);
  return (transformed(scale, value) - offset) * gain;
}

export function uniformsOf(scale: ColorScale): ScaleUniforms {
  const offset = transformed(scale, scale.low);
  const range = transformed(scale, scale.high) - offset;
  const parameter = { linear: 1, symlog: scale.threshold, rank: scale.rankMax, logRatio: scale.smallest }[scale.transform];
  return {
    mode: TRANSFORMS.indexOf(scale.transform),
    magnitude: usesMagnitude(scale) ? 1 : 0,
    parameter,
    offset: Number.isFinite(offset) ? offset : 0,
    gain: range > 0 && Number.isFinite(range) ? 1 / range : 1,
  };
}

function shareBelow(scale: ColorScale, magnitude: number): number {
  if (!scale.shares) return 0;
  const place = Math.min(magnitude / scale.rankMax, 1) * RANK_LENGTH;
  const entry = Math.min(Math.floor(place), RANK_LENGTH - 1);
  return scale.shares[entry] + (scale.shares[entry + 1] - scale.shares[entry]) * (place - entry);
}

function magnitudeAt(scale: ColorScale, share: number): number {
  if (!scale.shares) return 0;
  const entry = Math.max(0, scale.shares.findIndex((s) => s >= share) - 1);
  const step = scale.shares[entry + 1] - scale.shares[entry];
  return ((entry + (step > 0 ? (share - scale.shares[entry]) / step : 0)) / RANK_LENGTH) * scale.rankMax;
}

/** Background of cells that do not exist, and the two colours of the NaN mark. */
export const VOID_COLOR: Rgb = [128, 128, 128];
export const NAN_COLORS: readonly [Rgb, Rgb] = [
  [255, 0, 200],
  [0, 0, 0],
];
/** Stripe drawn over the end colours for infinities. */
export const INFINITY_STRIPE: Rgb = [255, 255, 255];

/** Colour of encoded cells at device pixel (x, y) of the pane; pixels matter for the patterns only. */
export function shaderTwin(scale: ColorScale): (code: number, x: number, y: number) => Rgb {
  const lut = lutOf(scale.map);
  const { under, over } = COLORMAPS[scale.map];
  const [underColor, overColor] = [rgbOf(under), rgbOf(over)];
  const { offset, gain } = uniformsOf(scale);
  const entry = (k: number): Rgb => [lut[4 * k], lut[4 * k + 1], lut[4 * k + 2]];
  return (code, x, y) => {
    const kind = kindOf(code);
    if (kind === 'void') return VOID_COLOR;
    if (kind === 'nan') return NAN_COLORS[(Math.floor(x / 3) + Math.floor(y / 3)) % 2];
    if (kind === 'positiveInfinity') return (x + y) % 6 < 2 ? INFINITY_STRIPE : overColor;
    if (kind === 'negativeInfinity') return (x - y + 6_000_000) % 6 < 2 ? INFINITY_STRIPE : underColor;
    const position = (transformed(scale, code) - offset) * gain;
    if (scale.markClipped && position < -CLIP_MARGIN) return underColor;
    if (scale.markClipped && position > 1 + CLIP_MARGIN) return overColor;
    return entry(lutIndex(position));
  };
}

/** Rounding room before a value at the very limit counts as clipped. */
export const CLIP_MARGIN = 1e-4;

function lutIndex(position: number): number {
  if (!(position > 0)) return 0;
  return Math.min(LUT_LENGTH - 1, Math.floor(position * LUT_LENGTH));
}

/** A pixel of a row beside every stripe and in the first colour of the NaN mark. */
const PLAIN_X = 8;

/** Colours of values as the picture shows them, special ones without their patterns (small maps). Made once per picture: its table of colours is the costly part. */
export function plainColors(scale: ColorScale): (value: number) => Rgb {
  const colorOf = shaderTwin(scale);
  return (value) => colorOf(encodeSpecial(value), PLAIN_X, 0);
}

/** plainColors in CSS. */
export function cssColors(scale: ColorScale): (value: number) => string {
  const colorOf = plainColors(scale);
  return (value) => `rgb(${colorOf(value).join(' ')})`;
}

/** CSS colour of one value (readouts). */
export function cssColor(scale: ColorScale, value: number): string {
  return cssColors(scale)(value);
}
