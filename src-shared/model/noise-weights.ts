// Weights for measuring how long a network takes: they repeat one sequence of normal values, because times depend on
// shapes alone, and drawing each of a hundred million values would take longer than the measurement.
import { normalArray, randomFrom, seed } from '../tensor/random';
import { elementCount, type NamedTensors, type Tensor } from '../tensor/tensor';
import { parametersOf, type Parameter } from './parameters';
import type { NetworkSpec } from './spec';

/** Length of the repeated sequence, a power of two. */
const PERIOD = 1 << 16;
/** Small, so that activations stay finite through any number of layers. */
const DEVIATION = 0.02;

/** Every tensor of the state dict in the form of the spec: normal values; scales and variances lie around 1. */
export function noiseWeights(spec: NetworkSpec): NamedTensors {
  const noise = normalArray(randomFrom(seed(1)), PERIOD, DEVIATION);
  const scales = noise.map((value) => 1 + value);
  return new Map(parametersOf(spec).map((parameter) => [parameter.name, repeated(parameter, noise, scales)]));
}

function repeated({ shape, role }: Parameter, noise: Float32Array, scales: Float32Array): Tensor {
  if (role === 'counter') return { shape, dtype: 'int64', data: new BigInt64Array(elementCount(shape)) };
  const period = role === 'gamma' || role === 'runningVariance' ? scales : noise;
  const data = new Float32Array(elementCount(shape));
  for (let start = 0; start < data.length; start += PERIOD) data.set(period.subarray(0, data.length - start), start);
  return { shape, dtype: 'float32', data };
}
