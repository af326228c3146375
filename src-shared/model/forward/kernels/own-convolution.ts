// Convolutions by a backend's own kernels, which take PyTorch's weights and any number of groups as they
// are, and several convolutions of one map at a time; a backend that registers them (see compute/wasm-backend) is
// used through here.
import * as tf from '@tensorflow/tfjs-core';
import type { ConvGeometry, Pair } from '../../spec';
import { hasKernel, numbered, runKernel } from './own-kernels';

/** x (N, H, W, C), per convolution weight<i> (O, C/g, kh, kw) -> per convolution (N, H', W', O). */
export const CONVOLUTION_KERNEL = 'GroupedConvolutions';
/** Per convolution dy<i>, weight<i> -> the gradient of x, the sum over the convolutions. */
export const CONVOLUTION_INPUT_KERNEL = 'GroupedConvolutionsInputGrad';
/** x, per convolution dy<i> -> per convolution the gradient of the weight. */
export const CONVOLUTION_FILTER_KERNEL = 'GroupedConvolutionsFilterGrad';

/** Attributes of the three kernels: convolutions with as many groups, channels and output pixels as each other, and x's [H, W]. */
export interface ConvolutionAttributes {
  readonly geometries: readonly ConvGeometry[];
  readonly size: Pair;
}

/** Whether a convolution goes to the active backend's kernels. On WebGL they are for groups: a whole map's products are tfjs's own. */
export function hasOwnConvolution({ groups }: ConvGeometry): boolean {
  return hasKernel(CONVOLUTION_KERNEL) && (tf.getBackend() !== 'webgl' || groups > 1);
}

const attributesOf = (x: tf.Tensor, geometries: readonly ConvGeometry[]): ConvolutionAttributes => ({
  geometries,
  size: [x.shape[1], x.shape[2]] as [number, number],
});

/** The convolutions of x (N, H, W, C), zero padding, without bias: per weight (O, C/g, kh, kw) one (N, H', W', O). Only one alone is differentiable. */
export function convolutionsOf(x: tf.Tensor, weights: readonly tf.Tensor[], geometries: readonly ConvGeometry[]): tf.Tensor[] {
  return runKernel<tf.Tensor[]>(CONVOLUTION_KERNEL, { x, ...numbered(weights, ['weight']) }, attributesOf(x, geometries));
}

/** The gradients of x and of the weights from those of the convolutions. */
export function convolutionGradients(
  x: tf.Tensor,
  weights: readonly tf.Tensor[],
  geometries: readonly ConvGeometry[],
  dys: readonly tf.Tensor[],
): { readonly dx: tf.Tensor; readonly dWeights: tf.Tensor[] } {
  const attributes = attributesOf(x, geometries);
  const given = numbered(dys, ['dy']);
  return {
    dx: runKernel<tf.Tensor>(CONVOLUTION_INPUT_KERNEL, { ...given, ...numbered(weights, ['weight']) }, attributes),
    dWeights: runKernel<tf.Tensor[]>(CONVOLUTION_FILTER_KERNEL, { x, ...given }, attributes),
  };
}

/** x (N, H, W, C) * weight (O, C/g, kh, kw) -> (N, H', W', O), zero padding, without bias. Differentiable. */
export function ownConvolution(x: tf.Tensor4D, weight: tf.Tensor4D, geometry: ConvGeometry): tf.Tensor4D {
  return convolutionsOf(x, [weight], [geometry])[0] as tf.Tensor4D;
}

// Of one convolution; several are differentiated by whoever computes them together. Each gradient is computed only where it is wanted.
tf.registerGradient({
  kernelName: CONVOLUTION_KERNEL,
  inputsToSave: ['x', 'weight0'],
  gradFunc: (dy, [x, weight], attributes) => ({
    x: () => runKernel<tf.Tensor>(CONVOLUTION_INPUT_KERNEL, { dy0: dy as tf.Tensor, weight0: weight }, attributes),
    weight0: () => runKernel<tf.Tensor[]>(CONVOLUTION_FILTER_KERNEL, { x, dy0: dy as tf.Tensor }, attributes)[0],
  }),
});
