// Height and width of a network's inputs, where the network leaves them open: partitions of a RepMLPNet are counted
// from the input (2112.11081, section 4) and convolutions take any map, while a RepMLP block, or a classifier on a
// flattened map, has its size built in. Weights do not tell an open size.
import { UserError } from '../base/user-error';
import type { NetworkSpec } from './spec';
import { sizedFor } from './walk';

/** Height and width in pixels. */
export interface InputSize {
  readonly height: number;
  readonly width: number;
}

/** Larger pictures are a slip of the pen. */
const MOST_PIXELS = 65536;

/** `224` or `192x256` (height x width). Throws UserError naming `what` was read. */
export function parseInputSize(what: string, text: string): InputSize {
  const [, first, second = first] = /^(\d+)(?:[x×](\d+))?$/.exec(text.trim()) ?? [];
  const [height, width] = [Number(first), Number(second)];
  const isSize = (length: number): boolean => Number.isInteger(length) && length >= 1 && length <= MOST_PIXELS;
  if (isSize(height) && isSize(width)) return { height, width };
  throw new UserError(`${what} takes N or HxW in pixels (height x width), for example 224 or 192x256; got "${text}"`);
}

/** `224x224`: height x width. */
export function inputSizeText({ height, width }: InputSize): string {
  return `${height}x${width}`;
}

/** The same network, with the same weights, for inputs of another size. Throws UserError saying why it cannot take them. */
export function withSizeOf(spec: NetworkSpec, { height, width }: InputSize): NetworkSpec {
  return sizedFor(spec, [1, spec.input.channels, height, width]);
}

/** Whether the same weights also run on inputs of other sizes. */
export function isSizeOpen(spec: NetworkSpec): boolean {
  const { height, width } = spec.input;
  try {
    // Whatever divides a map divides its double.
    withSizeOf(spec, { height: 2 * height, width: 2 * width });
    return true;
  } catch (error) {
    if (error instanceof UserError) return false;
    throw error;
  }
}

/** What is to be said of a size that neither a file nor a user named: `inputs of 224x224, ...`. */
export function assumedSizeText(spec: NetworkSpec): string {
  return `inputs of ${inputSizeText(spec.input)}, for the weights of ${spec.name} do not tell their size`;
}
