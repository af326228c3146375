// A 1 x 1 convolution without groups and its gradients: products of the maps' pixels, as they lie in memory,
// and the weight matrix.
import type * as tf from '@tensorflow/tfjs-core';
import type { ConvolutionAttributes } from '../../../model/forward/kernels/own-convolution';
import { offsetOf, sizeOf } from '../heap';
import type { Kernels } from '../instance';
import type { WasmCall } from '../operation';
import { matrixAt, multiply, type Operand } from '../matmul/matmul';

type Call = WasmCall<ConvolutionAttributes>;

/** Whether a call is a single convolution that is a product: 1 x 1, stride 1, no padding, no groups, and something to compute. */
export function isProduct({ inputs, attrs: { geometries } }: Call): boolean {
  const [{ kernel, stride, padding, groups }] = geometries;
  const isPlain = [...kernel, ...stride].every((size) => size === 1) && padding.every((size) => size === 0);
  return geometries.length === 1 && groups === 1 && isPlain && Object.values(inputs).every(({ shape }) => sizeOf(shape) > 0);
}

/** A map (N, H, W, C) as the matrix of its pixels. */
function pixels({ backend }: Call, map: tf.TensorInfo, transposed = false): Operand {
  const C = map.shape[3];
  return matrixAt(offsetOf(backend, map), sizeOf(map.shape) / C, C, transposed);
}

function product(kernels: Kernels, { backend }: Call, A: Operand, B: Operand, output: tf.TensorInfo): tf.TensorInfo {
  multiply(kernels, A, B, offsetOf(backend, output), { count: 1, m: A.rows, n: B.columns, k: A.columns });
  return output;
}

/** y (pixels, O) = x (pixels, C) * weight (O, C) transposed. */
export function pointwise(kernels: Kernels, call: Call): tf.TensorInfo {
  const { x, weight0: weight } = call.inputs;
  const [O, C] = weight.shape;
  const output = call.backend.makeOutput([...x.shape.slice(0, 3), O], 'float32');
  return product(kernels, call, pixels(call, x), matrixAt(offsetOf(call.backend, weight), O, C, true), output);
}

/** dx (pixels, C) = dy (pixels, O) * weight (O, C). */
export function pointwiseInputGradient(kernels: Kernels, call: Call): tf.TensorInfo {
  const { dy0: dy, weight0: weight } = call.inputs;
  const [O, C] = weight.shape;
  const output = call.backend.makeOutput([...dy.shape.slice(0, 3), C], 'float32');
  return product(kernels, call, pixels(call, dy), matrixAt(offsetOf(call.backend, weight), O, C), output);
}

/** The gradient (O, C, 1, 1) of the weight = dy (pixels, O) transposed * x (pixels, C). */
export function pointwiseFilterGradient(kernels: Kernels, call: Call): tf.TensorInfo {
  const { dy0: dy, x } = call.inputs;
  const output = call.backend.makeOutput([dy.shape[3], x.shape[3], 1, 1], 'float32');
  return product(kernels, call, pixels(call, dy, true), pixels(call, x), output);
}
