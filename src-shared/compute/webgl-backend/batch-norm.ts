// Training-mode batch norm of one or several branches, their results added, and its gradient, in WebGL. Sums over the rows are
// taken in two stages: chunks side by side, as many as each is long, then the chunks; the variance from the distances to the mean.
import type * as tf from '@tensorflow/tfjs-core';
import { BATCH_NORM_GRADIENT_KERNEL, BATCH_NORM_KERNEL, type BatchNormAttributes } from '../../model/forward/kernels/own-batch-norm';
import { draw, drawSum, float, sizeOf, sumOfChunks, viewOf, type WebglCall, type WebglKernels } from './flat-program';

type Call = WebglCall<BatchNormAttributes>;

/** Rows that one invocation adds up alone. */
const ROWS_ALONE = 256;
export const batchNormKernels: WebglKernels = {
  [BATCH_NORM_KERNEL]: (call: Call) => forward(call),
  [BATCH_NORM_GRADIENT_KERNEL]: (call: Call) => backward(call),
};

/** How the M rows of C channels are cut into chunks. */
interface Cut {
  readonly M: number;
  readonly C: number;
  readonly chunks: number;
  /** Rows of a chunk; the last may have fewer. */
  readonly length: number;
}

function cutOf(size: number, C: number): Cut {
  const M = size / C;
  const length = M <= ROWS_ALONE ? M : Math.ceil(Math.sqrt(M));
  return { M, C, length, chunks: Math.ceil(M / length) };
}

/** Of the invocation that has a channel of a chunk, twice over: `part` 0 or 1. */
const ofChunk = ({ M, C, length }: Cut): string => `
  int chunk = index / ${2 * C};
  int part = (index / ${C}) % 2;
  int channel = index % ${C};
  int begin = chunk * ${length};
  int end = min(begin + ${length}, ${M});`;

/** Means, then biased variances: [2C]. */
function moments(backend: Call['backend'], x: tf.TensorInfo, cut: Cut): tf.TensorInfo {
  const { M, C, chunks, length } = cut;
  const of = (over: string): string => `
    ${ofChunk(cut)}
    float rows = float(end - begin);
    float sum = 0.0;
    for (int row = begin; row < end; row++) sum += getX(row * ${C} + channel);
    float mean = sum / rows;
    result = mean;
    if (part == 1) {
      result = 0.0;
      for (int row = begin; row < end; row++) {
        float distance = getX(row * ${C} + channel) - mean;
        result += distance * distance;
      }
      ${over}
    }`;
  if (chunks === 1) return draw(backend, { inputs: { x }, size: 2 * C, code: of('result /= rows;') });
  const parts = draw(backend, { inputs: { x }, size: 2 * chunks * C, code: of('') });
  // Of chunks with means m and sums of squared distances s: the mean of all, and s + rows * (m - mean)^2 over all rows.
  const code = `
    int channel = index % ${C};
    float sum = 0.0;
    for (int chunk = 0; chunk < ${chunks}; chunk++) sum += getParts(chunk * ${2 * C} + channel) * rowsOf(chunk);
    float mean = sum / ${float(M)};
    result = mean;
    if (index >= ${C}) {
      result = 0.0;
      for (int chunk = 0; chunk < ${chunks}; chunk++) {
        float distance = getParts(chunk * ${2 * C} + channel) - mean;
        result += getParts(chunk * ${2 * C} + ${C} + channel) + distance * distance * rowsOf(chunk);
      }
      result /= ${float(M)};
    }`;
  const functions = `float rowsOf(int chunk) { return float(min(${length}, ${M} - chunk * ${length})); }`;
  const whole = draw(backend, { inputs: { parts }, size: 2 * C, code, functions });
  backend.disposeIntermediateTensorInfo(parts);
  return whole;
}

/** Per branch i: x, gamma, beta -> the sum y, then per branch its mean and biased variance. */
function forward({ inputs, attrs, backend }: Call): tf.TensorInfo[] {
  const size = sizeOf(inputs.x0.shape);
  const branches = attrs.epsilons.map((epsilon, i) => {
    const [x, gamma, beta] = ['x', 'gamma', 'beta'].map((name) => inputs[`${name}${i}`]);
    const C = sizeOf(gamma.shape);
    return { x, gamma, beta, C, epsilon, moments: moments(backend, x, cutOf(size, C)) };
  });
  const terms = branches.map(({ x, gamma, beta, C, epsilon, moments }) => ({
    inputs: { x, gamma, beta, moments },
    code: (n: number) => `
      int channel = index % ${C};
      float inverse = 1.0 / sqrt(getMoments${n}(${C} + channel) + ${float(epsilon)});
      result += (getX${n}(index) - getMoments${n}(channel)) * inverse * getGamma${n}(channel) + getBeta${n}(channel);`,
  }));
  const y = drawSum(backend, terms, size, attrs.relu ? 'result = max(result, 0.0);' : '');
  const statistics = branches.flatMap(({ moments, C, gamma }) => [0, C].map((begin) => viewOf(backend, moments, begin, gamma.shape)));
  for (const { moments } of branches) backend.disposeIntermediateTensorInfo(moments);
  return [{ ...y, shape: inputs.x0.shape }, ...statistics];
}

/** dy where the branch's own result counted: with a ReLU only where y is positive. */
const upstream = (relu: boolean): string => `float upstream(int at) { return ${relu ? 'getY(at) > 0.0 ? getDy(at) : 0.0' : 'getDy(at)'}; }`;
const normal = (C: number, epsilon: number): string =>
  `float normal(int at) { int channel = at % ${C}; return (getX(at) - getMean(channel)) / sqrt(getVariance(channel) + ${float(epsilon)}); }`;

/** dy, with a ReLU its output y, and per branch x, gamma, mean, variance -> per branch dx, dgamma, dbeta. */
function backward(call: Call): tf.TensorInfo[] {
  return call.attrs.epsilons.flatMap((epsilon, i) => backwardOf(call, i, epsilon));
}

function backwardOf({ inputs, attrs, backend }: Call, i: number, epsilon: number): tf.TensorInfo[] {
  const [x, gamma, mean, variance] = ['x', 'gamma', 'mean', 'variance'].map((name) => inputs[`${name}${i}`]);
  const cut = cutOf(sizeOf(x.shape), sizeOf(gamma.shape));
  const { M, C } = cut;
  const read = { dy: inputs.dy, ...(attrs.relu && { y: inputs.y }), x, mean, variance };
  const functions = `${upstream(attrs.relu)} ${normal(C, epsilon)}`;
  const sums = gradientSums(backend, { inputs: read, functions }, cut);
  const code = `
    int channel = index % ${C};
    float scale = getGamma(channel) / sqrt(getVariance(channel) + ${float(epsilon)});
    result = scale * (upstream(index) - (getSums(channel) + normal(index) * getSums(${C} + channel)) / ${float(M)});`;
  const dx = draw(backend, { inputs: { ...read, gamma, sums }, size: sizeOf(x.shape), code, functions });
  const [dbeta, dgamma] = [0, C].map((begin) => viewOf(backend, sums, begin, gamma.shape));
  backend.disposeIntermediateTensorInfo(sums);
  return [{ ...dx, shape: x.shape }, dgamma, dbeta];
}

/** sum(dy), then sum(dy * normal): [2C]. */
function gradientSums(backend: Call['backend'], read: Pick<Parameters<typeof draw>[1], 'inputs' | 'functions'>, cut: Cut): tf.TensorInfo {
  const { C, chunks } = cut;
  const code = `
    ${ofChunk(cut)}
    for (int row = begin; row < end; row++) {
      int at = row * ${C} + channel;
      result += part == 0 ? upstream(at) : upstream(at) * normal(at);
    }`;
  return sumOfChunks(backend, draw(backend, { ...read, size: 2 * chunks * C, code }), chunks, 2 * C);
}
