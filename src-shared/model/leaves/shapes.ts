// Shapes of activations, and what a layer says where one does not fit it. Every error names the layer by its path.
import { UserError } from '../../base/user-error';
import type { Pair } from './fields';

/** Shape of one activation without the batch: [C, H, W], or [features] after flattening. */
export type FeatureShape = readonly number[];

export function expectMap(path: string, input: FeatureShape): void {
  if (input.length !== 3) throw new UserError(`layer ${path}: expected a map (C, H, W), got shape [${input.join(', ')}]`);
}

export function expectChannels(path: string, input: FeatureShape, channels: number): void {
  if (input[0] !== channels)
    throw new UserError(`layer ${path}: expected ${channels} input channels, got ${input[0]} (shape [${input.join(', ')}])`);
}

export function expectShape(path: string, what: string, actual: FeatureShape, expected: FeatureShape): void {
  if (actual.length !== expected.length || actual.some((size, axis) => size !== expected[axis])) {
    throw new UserError(`layer ${path}: expected ${what} to have shape [${expected.join(', ')}], got [${actual.join(', ')}]`);
  }
}

export function expectDivisible(path: string, input: FeatureShape, [h, w]: Pair): void {
  expectMap(path, input);
  if (input[1] % h !== 0 || input[2] % w !== 0) {
    throw new UserError(`layer ${path}: a map of ${input[1]}x${input[2]} cannot be split into partitions of ${h}x${w}`);
  }
}

/** A map's [height, width]. Throws UserError where nothing is left of it. */
export function positiveSize(path: string, size: number[]): number[] {
  if (size.some((length) => length < 1))
    throw new UserError(`layer ${path}: its input is too small, the output would be ${size.join('x')}`);
  return size;
}

/** A rule that the types cannot say: `divisor` = d divides `dividend` = n. */
export function expectDivides(path: string, divisor: string, d: number, dividend: string, n: number): void {
  if (n % d !== 0) throw new UserError(`layer ${path || '(root)'}: ${divisor} = ${d} must divide ${dividend} = ${n}`);
}

/** Kernel sizes of conv branches are odd and differ. */
export function expectBranches(path: string, kernels: readonly number[]): void {
  const even = kernels.find((K) => K % 2 === 0);
  if (even !== undefined) throw new UserError(`layer ${path || '(root)'}: kernel sizes must be odd, got ${even}`);
  if (new Set(kernels).size !== kernels.length)
    throw new UserError(`layer ${path || '(root)'}: kernel sizes must differ, got ${kernels.join(', ')}`);
}
