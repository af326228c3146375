// A convolution scene in words: what is followed, in a sentence short enough to be read out at every step, and numbers as they
// are written beside the pictures. Places are counted from 0; a channel is named where there is more than one.
import { assertNever } from '../../base/assert-never';
import type { Followed } from '../../matrix/convolution-scene';
import { columnOf, type InputPosition, type OutputPosition } from '../../matrix/geometry';
import { arithmeticOf, cellValue, kernelValue } from './arithmetic';
import { marksOf, rowAt, weightBetween, type WeightPosition } from './positions';
import type { SceneModel, SceneSizes } from './scene-model';

const MINUS = '\u2212';
/** Decimals that are shown. */
const DECIMALS = 4;

/** A number as people write it: up to four decimals, a true minus, and powers of ten where it would else vanish. */
export function valueText(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'not a number' : `${value < 0 ? MINUS : ''}infinity`;
  const rounded = Number(value.toFixed(DECIMALS));
  const text = rounded === 0 && value !== 0 ? value.toExponential(1) : String(rounded === 0 ? 0 : rounded);
  return text.replaceAll('-', MINUS);
}

/** Whether the text is the number, double rounding aside. */
export function isExactText(value: number): boolean {
  return Math.abs(Number(value.toFixed(DECIMALS)) - value) <= 1e-9 * Math.max(1, Math.abs(value));
}

/** The same after a sign: negative numbers in brackets. */
export function factorText(value: number): string {
  return value < 0 ? `(${valueText(value)})` : valueText(value);
}

/** `(3, 4)`, or `channel 1 (3, 4)` where there are several. */
export function placeText(channel: number, channels: number, a: number, b: number): string {
  return channels > 1 ? `channel ${channel} (${a}, ${b})` : `(${a}, ${b})`;
}

export function outputText({ O }: Pick<SceneSizes, 'O'>, { o, i, j }: OutputPosition): string {
  return placeText(o, O, i, j);
}

export function inputText({ C }: Pick<SceneSizes, 'C'>, { c, a, b }: InputPosition): string {
  return placeText(c, C, a, b);
}

/** A weight by row and column, and by its channels where there are several. */
export function weightText({ C, O, groups }: Pick<SceneSizes, 'C' | 'O' | 'groups'>, { o, c, u, v }: WeightPosition): string {
  const several = O > 1 || C / groups > 1;
  return several ? `(${u}, ${v}) from input ${c} to output ${o}` : `(${u}, ${v})`;
}

const counted = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`;

/** What is followed, in one or two short sentences. */
export function followedText(model: SceneModel, follow: Followed = model.scene.follow): string {
  switch (follow.kind) {
    case 'window':
      return windowText(model, follow);
    case 'weight':
      return weightSentence(model, follow);
    case 'pixel':
      return pixelText(model, follow);
    case 'cell':
      return cellText(model, follow);
    default:
      return assertNever(follow);
  }
}

function windowText(model: SceneModel, output: OutputPosition): string {
  const { row, window, elsewhere, result } = arithmeticOf(model, output);
  const outside = window.filter((product) => product.outside).length;
  const reads = elsewhere ? `${window.length - outside + elsewhere.count} pixels` : counted(window.length - outside, 'pixel');
  const border = outside > 0 ? `, ${outside} of the window outside` : '';
  return `Row ${row}, output ${outputText(model.sizes, output)}: reads ${reads}${border}. Value ${valueText(result)}.`;
}

function weightSentence(model: SceneModel, weight: WeightPosition): string {
  const { cells } = marksOf(model, { kind: 'weight', ...weight });
  const value = valueText(kernelValue(model, weight));
  const what = model.shown.kernel
    ? `Weight ${weightText(model.sizes, weight)}, ${value}`
    : `Window cell ${weightText(model.sizes, weight)}`;
  return `${what}: ${counted(cells.length, 'cell')} of the matrix, one for each window whose cell lies on the picture.`;
}

function pixelText(model: SceneModel, pixel: InputPosition): string {
  const { sizes, picture } = model;
  const column = columnOf(sizes, pixel);
  const { outputs } = marksOf(model, { kind: 'pixel', ...pixel });
  return `Column ${column}, pixel ${inputText(sizes, pixel)}, ${valueText(picture[column])}: read by ${counted(outputs.length, 'output')} through the kernel.`;
}

function cellText(model: SceneModel, place: Extract<Followed, { kind: 'cell' }>): string {
  const { sizes } = model;
  const weight = weightBetween(model, place);
  const from = `from pixel ${inputText(sizes, place)} to output ${outputText(sizes, place)}`;
  const where = `Row ${rowAt(sizes, place)}, column ${columnOf(sizes, place)}`;
  const value = valueText(cellValue(model, place));
  if (!weight) return `${where}: ${value}, ${from}. The window does not reach that pixel.`;
  return `${where}: ${value}, ${from}. Window cell ${weightText(sizes, weight)}.`;
}
