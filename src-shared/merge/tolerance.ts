// How far apart two forms of one network may be: the rounding that the backend cannot avoid, as a share
// of the layer's largest value, growing with the number of layers the rounding has passed through.

/** Largest admissible difference, relative to the layer's largest output, and why it is that large. */
export interface Tolerance {
  readonly perLayer: number;
  readonly reason: string;
}

const DOUBLE_SUMS: Tolerance = {
  perLayer: 1e-6,
  reason:
    'sums run in double precision on this backend, values are stored in float32: one layer rounds to some 1e-7 of its largest output, 1e-6 leaves a margin',
};

const FLOAT32_SUMS: Tolerance = {
  perLayer: 1e-5,
  reason:
    'sums of up to 4096 products run in float32 on this backend: one layer was measured at up to 2.4e-6 of its largest output, 1e-5 leaves a margin for other orders of summation',
};

/** Tolerance of one layer on a backend; `reference` is the double-precision forward pass. */
export function toleranceOf(backend: string): Tolerance {
  return backend === 'cpu' || backend === 'reference' ? DOUBLE_SUMS : FLOAT32_SUMS;
}

/**
 * The factor at which rounding may have grown after `depth` layers with weights: independent roundings add up like a random
 * walk, with the square root of their number.
 */
export function depthFactor(depth: number): number {
  return Math.sqrt(Math.max(1, depth));
}
