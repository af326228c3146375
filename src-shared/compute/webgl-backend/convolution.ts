// Grouped convolutions and their gradients in WebGL: each output is summed where it lies, for all groups in one draw. Made for
// groups of few channels; tfjs's own products are for the others (see model/forward/kernels/own-convolution).
import type * as tf from '@tensorflow/tfjs-core';
import {
  CONVOLUTION_FILTER_KERNEL,
  CONVOLUTION_INPUT_KERNEL,
  CONVOLUTION_KERNEL,
  type ConvolutionAttributes,
} from '../../model/forward/kernels/own-convolution';
import type { ConvGeometry } from '../../model/spec';
import { draw, drawSum, sizeOf, sumOfChunks, type WebglCall, type WebglKernels } from './flat-program';

type Call = WebglCall<ConvolutionAttributes>;

/** Output pixels that one invocation adds up alone for a weight's gradient. */
const PIXELS_ALONE = 256;

export const convolutionKernels: WebglKernels = {
  [CONVOLUTION_KERNEL]: (call: Call) => forward(call),
  [CONVOLUTION_INPUT_KERNEL]: (call: Call) => inputGradient(call),
  [CONVOLUTION_FILTER_KERNEL]: (call: Call) => filterGradient(call),
};

/** The numbers of a convolution of maps of [H, W], as a shader's code has them. */
function numbersOf(
  { in: C, out: O, groups: g, kernel: [kh, kw], stride, padding, dilation }: ConvGeometry,
  [H, W]: ConvolutionAttributes['size'],
) {
  const lengthOf = (length: number, k: number, axis: 0 | 1): number =>
    Math.floor((length + 2 * padding[axis] - dilation[axis] * (k - 1) - 1) / stride[axis]) + 1;
  const [outH, outW] = [lengthOf(H, kh, 0), lengthOf(W, kw, 1)];
  return { C, O, H, W, kh, kw, outH, outW, Cg: C / g, Og: O / g, stride, padding, dilation };
}

/** x (N, H, W, C) and per convolution its weight (O, C/g, kh, kw) -> per convolution (N, H', W', O). */
function forward({ inputs, attrs, backend }: Call): tf.TensorInfo[] {
  const { x } = inputs;
  return attrs.geometries.map((geometry, i) => {
    const { C, O, H, W, kh, kw, outH, outW, Cg, Og, stride, padding, dilation } = numbersOf(geometry, attrs.size);
    const code = `
      int o = index % ${O};
      int column = (index / ${O}) % ${outW};
      int row = (index / ${O * outW}) % ${outH};
      int n = index / ${O * outW * outH};
      int first = o / ${Og} * ${Cg};
      for (int i = 0; i < ${kh}; i++) {
        int h = row * ${stride[0]} + i * ${dilation[0]} - ${padding[0]};
        if (h < 0 || h >= ${H}) continue;
        for (int j = 0; j < ${kw}; j++) {
          int w = column * ${stride[1]} + j * ${dilation[1]} - ${padding[1]};
          if (w < 0 || w >= ${W}) continue;
          int from = ((n * ${H} + h) * ${W} + w) * ${C} + first;
          for (int c = 0; c < ${Cg}; c++)
            result += getX(from + c) * getWeight(((o * ${Cg} + c) * ${kh} + i) * ${kw} + j);
        }
      }`;
    const shape = [x.shape[0], outH, outW, O];
    return { ...draw(backend, { inputs: { x, weight: inputs[`weight${i}`] }, size: sizeOf(shape), code }), shape };
  });
}

/** Per convolution dy and weight -> the gradient of x. */
function inputGradient({ inputs, attrs, backend }: Call): tf.TensorInfo {
  const shape = [inputs.dy0.shape[0], ...attrs.size, attrs.geometries[0].in];
  const terms = attrs.geometries.map((geometry, i) => ({
    inputs: { dy: inputs[`dy${i}`], weight: inputs[`weight${i}`] },
    code: (n: number) => inputTerm(geometry, attrs.size, n),
  }));
  return { ...drawSum(backend, terms, sizeOf(shape)), shape };
}

/** What the outputs that saw the element at `index` give back to it. */
function inputTerm(geometry: ConvGeometry, size: ConvolutionAttributes['size'], which: number): string {
  const { C, O, H, W, kh, kw, outH, outW, Cg, Og, stride, padding, dilation } = numbersOf(geometry, size);
  return `
    int c = index % ${C};
    int w = (index / ${C}) % ${W};
    int h = (index / ${C * W}) % ${H};
    int n = index / ${C * W * H};
    int first = c / ${Cg} * ${Og};
    for (int i = 0; i < ${kh}; i++) {
      int y = h + ${padding[0]} - i * ${dilation[0]};
      if (y < 0 || y % ${stride[0]} != 0 || y / ${stride[0]} >= ${outH}) continue;
      for (int j = 0; j < ${kw}; j++) {
        int x = w + ${padding[1]} - j * ${dilation[1]};
        if (x < 0 || x % ${stride[1]} != 0 || x / ${stride[1]} >= ${outW}) continue;
        int from = ((n * ${outH} + y / ${stride[0]}) * ${outW} + x / ${stride[1]}) * ${O} + first;
        for (int o = 0; o < ${Og}; o++)
          result += getDy${which}(from + o) * getWeight${which}((((first + o) * ${Cg} + c % ${Cg}) * ${kh} + i) * ${kw} + j);
      }
    }`;
}

/** x, per convolution dy -> per convolution the gradient of its weight. */
function filterGradient({ inputs, attrs, backend }: Call): tf.TensorInfo[] {
  return attrs.geometries.map((geometry, i) => filterGradientOf({ x: inputs.x, dy: inputs[`dy${i}`] }, geometry, attrs.size, backend));
}

function filterGradientOf(
  read: Readonly<Record<'x' | 'dy', tf.TensorInfo>>,
  geometry: ConvGeometry,
  mapSize: ConvolutionAttributes['size'],
  backend: Call['backend'],
): tf.TensorInfo {
  const { C, O, H, W, kh, kw, outH, outW, Cg, Og, stride, padding, dilation } = numbersOf(geometry, mapSize);
  const shape = [O, Cg, kh, kw];
  const size = sizeOf(shape);
  const pixels = read.x.shape[0] * outH * outW;
  const chunks = Math.ceil(pixels / PIXELS_ALONE);
  const length = Math.ceil(pixels / chunks);
  const code = `
    int chunk = index / ${size};
    int weight = index % ${size};
    int j = weight % ${kw};
    int i = (weight / ${kw}) % ${kh};
    int o = weight / ${kw * kh * Cg};
    int c = o / ${Og} * ${Cg} + (weight / ${kw * kh}) % ${Cg};
    int end = min((chunk + 1) * ${length}, ${pixels});
    for (int pixel = chunk * ${length}; pixel < end; pixel++) {
      int h = (pixel / ${outW}) % ${outH} * ${stride[0]} + i * ${dilation[0]} - ${padding[0]};
      int w = pixel % ${outW} * ${stride[1]} + j * ${dilation[1]} - ${padding[1]};
      if (h < 0 || h >= ${H} || w < 0 || w >= ${W}) continue;
      result += getX(((pixel / ${outW * outH} * ${H} + h) * ${W} + w) * ${C} + c) * getDy(pixel * ${O} + o);
    }`;
  const parts = draw(backend, { inputs: read, size: chunks * size, code });
  return { ...sumOfChunks(backend, parts, chunks, size), shape };
}
