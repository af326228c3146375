// From a weight to its colour: quantity (signed or magnitude), transform, limits, colour table. The CPU twin of the
// fragment shader in renderer/gl/shader.ts, and what canvases and figures are coloured with. Invariant: the same
// formulas there and here, in the same order.
import { encodeCell, kindOf } from './cell-value';
import { colourScale, type ColourScaleName } from './scales';
import { entryOf, lutIndex, lutOf, rgbOf, type Rgb } from './table';
import { VALUE_TRANSFORMS, valueTransform, type TransformInputs, type ValueTransform } from './transform';

/** How values are coloured: a scale with a transform and limits. Limits are in weight units (magnitudes where `magnitude` holds). */
export interface Colouring extends TransformInputs {
  readonly map: ColourScaleName;
  readonly transform: ValueTransform;
  /** Show |w| and not w. Always so for the log ratio. */
  readonly magnitude: boolean;
  readonly low: number;
  readonly high: number;
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

/** symlog: the whole range is this many times what is shown nearly linearly. */
export const SYMLOG_RANGE = 100;

/** A colouring symmetric around zero with the given limit; everything else at its default. */
export function defaultScale(limit: number): Colouring {
  return {
    map: 'blue-orange',
    transform: 'linear',
    magnitude: false,
    low: -limit,
    high: limit,
    threshold: limit / SYMLOG_RANGE || 1,
    smallest: 1e-6,
    shares: null,
    rankMax: limit,
    markClipped: true,
  };
}

/** The transform T of a finite value. log-ratio of zero is -Infinity. */
export function transformed(scale: Colouring, value: number): number {
  return valueTransform(scale.transform).forward(scale, usesMagnitude(scale) ? Math.abs(value) : value);
}

/** Value whose transform is `t`. Inverse of transformed() for shown values. */
export function untransformed(scale: Colouring, t: number): number {
  return valueTransform(scale.transform).inverse(scale, t);
}

/** Whether the colouring shows |w|. */
export function usesMagnitude({ magnitude, transform }: Pick<Colouring, 'magnitude' | 'transform'>): boolean {
  return magnitude || valueTransform(transform).unsigned;
}

/** Position of finite values between the limits: 0 at low, 1 at high, outside when clipped. */
export function positionsOf(scale: Colouring): (value: number) => number {
  const { forward } = valueTransform(scale.transform);
  const unsigned = usesMagnitude(scale);
  const { offset, range } = rangeOf(scale);
  return (value) => (forward(scale, unsigned ? Math.abs(value) : value) - offset) / range;
}

/** Position of one value. */
export function positionOf(scale: Colouring, value: number): number {
  return positionsOf(scale)(value);
}

function rangeOf(scale: Colouring): { offset: number; range: number } {
  const offset = transformed(scale, scale.low);
  const range = transformed(scale, scale.high) - offset;
  return { offset: Number.isFinite(offset) ? offset : 0, range: range > 0 && Number.isFinite(range) ? range : 1 };
}

export function uniformsOf(scale: Colouring): ScaleUniforms {
  const { offset, range } = rangeOf(scale);
  return {
    mode: VALUE_TRANSFORMS.indexOf(scale.transform),
    magnitude: usesMagnitude(scale) ? 1 : 0,
    parameter: valueTransform(scale.transform).parameter(scale),
    offset,
    gain: 1 / range,
  };
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
export function shaderTwin(scale: Colouring): (code: number, x: number, y: number) => Rgb {
  const lut = lutOf(scale.map);
  const { under, over } = colourScale(scale.map);
  const [underColor, overColor] = [rgbOf(under), rgbOf(over)];
  const placeOf = positionsOf(scale);
  return (code, x, y) => {
    const kind = kindOf(code);
    if (kind === 'void') return VOID_COLOR;
    if (kind === 'nan') return NAN_COLORS[(Math.floor(x / 3) + Math.floor(y / 3)) % 2];
    if (kind === 'positiveInfinity') return (x + y) % 6 < 2 ? INFINITY_STRIPE : overColor;
    if (kind === 'negativeInfinity') return (x - y + 6_000_000) % 6 < 2 ? INFINITY_STRIPE : underColor;
    const position = placeOf(code);
    if (scale.markClipped && position < -CLIP_MARGIN) return underColor;
    if (scale.markClipped && position > 1 + CLIP_MARGIN) return overColor;
    return entryOf(lut, lutIndex(position));
  };
}

/** Rounding room before a value at the very limit counts as clipped. */
export const CLIP_MARGIN = 1e-4;

/** A pixel of a row beside every stripe and in the first colour of the NaN mark. */
const PLAIN_X = 8;

/** Colours of values as the picture shows them, special ones without their patterns (small maps). Made once per picture: its table of colours is the costly part. */
export function plainColors(scale: Colouring): (value: number) => Rgb {
  const colorOf = shaderTwin(scale);
  return (value) => colorOf(encodeCell(value), PLAIN_X, 0);
}

/** plainColors in CSS. */
export function cssColors(scale: Colouring): (value: number) => string {
  const colorOf = plainColors(scale);
  return (value) => `rgb(${colorOf(value).join(' ')})`;
}

/** CSS colour of one value (readouts). */
export function cssColor(scale: Colouring, value: number): string {
  return cssColors(scale)(value);
}
