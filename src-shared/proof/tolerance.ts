// How far apart two forms of one network may be: the rounding that the backend cannot avoid, as a share
// of the layer's largest value. Roundings of successive layers are independent and add up like a random
// walk, so the share grows with the square root of the number of layers they passed through.

/** Largest admissible difference relative to a layer's largest output, by depth, and why. */
export interface Tolerance {
  /** Tolerance after `depth` layers with weights. */
  at(depth: number): number;
  readonly reason: string;
}

/**
 * Measured on the WASM backend, train against merged form, random batch norms: 3e-7 after the first layer, at most 5.3e-6 after up
 * to 66 (ResNet-50, RepMLP-Res50, RepMLPNet-T224): 6e-7 times the square root of the depth. Single layers with 4096 inputs: 2.4e-6.
 */
const FLOAT32_SUMS = law(1e-5, 2.5e-6, 'sums run in float32 on this backend: one layer was measured at up to 2.4e-6 of its largest output');

/** Measured on the cpu backend: 2.4e-7 after the first layer, 2.3e-6 after some 30 of RepMLPNet-T224: 4e-7 times the root; twice that is allowed. */
const DOUBLE_SUMS = law(
  1e-6,
  8e-7,
  'sums run in double precision on this backend and values are stored in float32: one layer was measured at up to 4e-7 of its largest output',
);

/** Tolerance on a backend; `reference` is the double-precision forward pass. */
export function toleranceOf(backend: string): Tolerance {
  return backend === 'cpu' || backend === 'reference' ? DOUBLE_SUMS : FLOAT32_SUMS;
}

function law(least: number, perLayer: number, measured: string): Tolerance {
  return {
    at: (depth) => Math.max(least, perLayer * Math.sqrt(depth)),
    reason: `${measured}; over layers this adds up like a random walk, hence ${perLayer} x the square root of the depth, and ${least} at least`,
  };
}
