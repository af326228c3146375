// A convolution by a backend's own kernels, which take PyTorch's weights and any number of groups as they
// are; a backend that registers them (see engine/kernels) is used through here.
import * as tf from '@tensorflow/tfjs-core';
import type { ConvGeometry } from '../spec';

/** x (N, H, W, C), weight (O, C/g, kh, kw) -> (N, H', W', O); attributes are the geometry. */
export const CONVOLUTION_KERNEL = 'GroupedConvolution';
/** dy, weight -> the gradient of x; attributes are the geometry and `size`, x's [H, W]. */
export const CONVOLUTION_INPUT_KERNEL = 'GroupedConvolutionInputGrad';
/** dy, x -> the gradient of the weight; attributes are the geometry. */
export const CONVOLUTION_FILTER_KERNEL = 'GroupedConvolutionFilterGrad';

/** Attributes of the three kernels. */
export type ConvolutionAttributes = ConvGeometry & { readonly size: readonly [number, number] };

/** Whether the active backend has the kernels. */
export function hasOwnConvolution(): boolean {
  return tf.getKernel(CONVOLUTION_KERNEL, tf.getBackend()) !== undefined;
}

/** x (N, H, W, C) * weight (O, C/g, kh, kw) -> (N, H', W', O), zero padding, without bias. */
export function ownConvolution(x: tf.Tensor4D, weight: tf.Tensor4D, geometry: ConvGeometry): tf.Tensor4D {
  const attributes = { ...geometry, size: [x.shape[1], x.shape[2]] } as unknown as tf.NamedAttrMap;
  const run = (kernel: string, inputs: tf.NamedTensorMap): tf.Tensor => tf.engine().runKernel<tf.Tensor>(kernel, inputs, attributes);
  const operation = tf.customGrad((...inputs) => {
    const [x, weight] = inputs as unknown as [tf.Tensor4D, tf.Tensor4D];
    const save = inputs[2] as unknown as tf.GradSaveFunc;
    save([x, weight]);
    const gradFunc = (dy: tf.Tensor, saved: tf.Tensor[]): tf.Tensor[] => {
      const [x, weight] = saved;
      return [run(CONVOLUTION_INPUT_KERNEL, { dy, weight }), run(CONVOLUTION_FILTER_KERNEL, { dy, x })];
    };
    return { value: run(CONVOLUTION_KERNEL, { x, weight }), gradFunc };
  });
  return operation(x, weight) as tf.Tensor4D;
}
