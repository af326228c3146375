// Training-mode batch norm as two kernels of the WASM backend, each two passes over the rows instead of
// tfjs's ten. Sums are kept in double precision.
import type * as tf from '@tensorflow/tfjs-core';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { BATCH_NORM_KERNEL, BATCH_NORM_GRADIENT_KERNEL } from '../../model/forward/batch-norm';
import { BN_EPSILON } from '../../model/spec';
import type { RowPasses } from '../kernels/columns';
import { floatsOf, moduleOf, offsetOf } from './heap';
import { replaceKernel, type WasmCall } from './register';

/** Registers both kernels on given passes over the rows. */
export function registerBatchNorm(passes: RowPasses): void {
  replaceKernel(BATCH_NORM_KERNEL, (call: WasmCall<object>) => forward(passes, call));
  replaceKernel(BATCH_NORM_GRADIENT_KERNEL, (call: WasmCall<object>) => backward(passes, call));
}

/** Vectors of C values on the backend for the length of one kernel. */
class Scratch {
  readonly #tensors: tf.TensorInfo[] = [];
  readonly #backend: BackendWasm;

  constructor(backend: BackendWasm) {
    this.#backend = backend;
  }

  /** Byte offset of room for `length` float32 values. */
  floats(length: number): number {
    const tensor = this.#backend.makeOutput([length], 'float32');
    this.#tensors.push(tensor);
    return offsetOf(this.#backend, tensor);
  }

  /** Byte offset of room for `length` float64 values. */
  doubles(length: number): number {
    return this.floats(2 * length);
  }

  free(): void {
    this.#tensors.forEach(({ dataId }) => this.#backend.disposeData(dataId as object));
  }
}

/** x (M, C), gamma, beta -> y, the batch's mean and its biased variance. */
function forward({ sums, products, normalise }: RowPasses, { inputs, backend }: WasmCall<object>): tf.TensorInfo[] {
  const { x, gamma, beta } = inputs;
  const [M, C] = x.shape;
  const outputs = [backend.makeOutput([M, C], 'float32'), backend.makeOutput([C], 'float32'), backend.makeOutput([C], 'float32')];
  const [y, mean, variance] = outputs;
  const scratch = new Scratch(backend);
  const [total, scale] = [scratch.doubles(C), scratch.floats(C)];
  const at = (tensor: tf.TensorInfo): number => offsetOf(backend, tensor);
  sums(at(x), M, C, total);
  doublesAt(backend, total, C).forEach((sum, c) => (floatsOf(backend, mean)[c] = sum / M));
  products(at(x), at(x), at(mean), at(mean), M, C, total);
  doublesAt(backend, total, C).forEach((sum, c) => (floatsOf(backend, variance)[c] = sum / M));
  const gammas = floatsOf(backend, gamma);
  const variances = floatsOf(backend, variance);
  const scales = vectorAt(backend, scale, C);
  for (let c = 0; c < C; c++) scales[c] = gammas[c] / Math.sqrt(variances[c] + BN_EPSILON);
  normalise(at(x), at(mean), scale, at(beta), at(y), M, C);
  scratch.free();
  return outputs;
}

/** dy and x (M, C), gamma, mean, variance -> dx, dgamma, dbeta: dx = dy * scaleDy + (x - mean) * scaleX + shift per channel. */
function backward({ sums, products, combine }: RowPasses, { inputs, backend }: WasmCall<object>): tf.TensorInfo[] {
  const { dy, x, gamma, mean, variance } = inputs;
  const [M, C] = x.shape;
  const outputs = [backend.makeOutput([M, C], 'float32'), backend.makeOutput([C], 'float32'), backend.makeOutput([C], 'float32')];
  const [dx, dgamma, dbeta] = outputs;
  const scratch = new Scratch(backend);
  const [sumDy, sumProduct] = [scratch.doubles(C), scratch.doubles(C)];
  const [zero, scaleDy, scaleX, shift] = [scratch.floats(C), scratch.floats(C), scratch.floats(C), scratch.floats(C)];
  const at = (tensor: tf.TensorInfo): number => offsetOf(backend, tensor);
  vectorAt(backend, zero, C).fill(0);
  sums(at(dy), M, C, sumDy);
  products(at(dy), at(x), zero, at(mean), M, C, sumProduct);
  const [totals, correlations] = [doublesAt(backend, sumDy, C), doublesAt(backend, sumProduct, C)];
  const [gammas, variances] = [gamma, variance].map((tensor) => floatsOf(backend, tensor));
  const factors = [scaleDy, scaleX, shift].map((offset) => vectorAt(backend, offset, C));
  for (let c = 0; c < C; c++) {
    const inverse = 1 / Math.sqrt(variances[c] + BN_EPSILON);
    floatsOf(backend, dgamma)[c] = correlations[c] * inverse;
    floatsOf(backend, dbeta)[c] = totals[c];
    factors[0][c] = gammas[c] * inverse;
    factors[1][c] = (-gammas[c] * inverse ** 3 * correlations[c]) / M;
    factors[2][c] = (-gammas[c] * inverse * totals[c]) / M;
  }
  combine(at(dy), scaleDy, at(x), at(mean), scaleX, shift, at(dx), M, C);
  scratch.free();
  return outputs;
}

function vectorAt(backend: BackendWasm, offset: number, length: number): Float32Array {
  return new Float32Array(moduleOf(backend).HEAPU8.buffer, offset, length);
}

function doublesAt(backend: BackendWasm, offset: number, length: number): Float64Array {
  return new Float64Array(moduleOf(backend).HEAPU8.buffer, offset, length);
}
