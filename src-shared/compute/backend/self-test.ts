// The start-up test of a backend: a small conv, pooling and product with its gradients against the same
// in plain doubles, and the speed of one matrix product. A backend that fails is not used.
import '../../model/forward/gradients';
import * as tf from '@tensorflow/tfjs-core';

/** Result of the test. */
export interface SelfTest {
  /** Largest difference from the right value, relative to the largest right value. */
  readonly error: number;
  readonly gflops: number;
}

const ROWS = 12;
const INNER = 20;
const COLUMNS = 16;

/**
 * Tests a backend; a second at most. `use` makes it the active one: it is asked for again after every wait, since a
 * training may have made its own backend active meanwhile.
 */
export async function selfTest(use: () => void): Promise<SelfTest> {
  use();
  const product = await productError();
  use();
  const pool = await poolGradientError();
  return { error: Math.max(product, pool), gflops: await measureProduct(use) };
}

/** Values in [-1, 1) without a pattern a wrong index could hide in. */
function values(count: number, offset: number): Float32Array {
  return Float32Array.from({ length: count }, (_, i) => (((i + offset) * 0.6180339887498949) % 1) * 2 - 1);
}

/** Gradient of sum(A B^T * D) with respect to A, which is D B. */
async function productError(): Promise<number> {
  const [a, b, d] = [values(ROWS * INNER, 1), values(COLUMNS * INNER, 7), values(ROWS * COLUMNS, 3)];
  const gradient = tf.tidy(() => {
    const [B, D] = [tf.tensor3d(b, [1, COLUMNS, INNER]), tf.tensor3d(d, [1, ROWS, COLUMNS])];
    return tf.grad((A) => tf.sum(tf.mul(tf.matMul(A, B, false, true), D)))(tf.tensor3d(a, [1, ROWS, INNER]));
  });
  const truth = Float64Array.from({ length: ROWS * INNER }, (_, index) => {
    const [i, k] = [Math.floor(index / INNER), index % INNER];
    return Array.from({ length: COLUMNS }, (_, j) => d[i * COLUMNS + j] * b[j * INNER + k]).reduce((sum, x) => sum + x, 0);
  });
  return relativeError(await read(gradient), truth);
}

/** The gradient of max pooling must reach the largest element even where all are negative. */
async function poolGradientError(): Promise<number> {
  const gradient = tf.tidy(() => {
    const x = tf.tensor4d([-4, -3, -2, -1, 4, 3, 2, 1], [1, 2, 4, 1]);
    return tf.grad((input: tf.Tensor) => tf.sum(tf.maxPool(input as tf.Tensor4D, 2, 2, 'valid')))(x);
  });
  return relativeError(await read(gradient), Float64Array.from([0, 0, 0, 0, 1, 0, 1, 0]));
}

async function read(tensor: tf.Tensor): Promise<Float32Array> {
  const data = await tensor.data<'float32'>();
  tensor.dispose();
  return data;
}

/** NaN counts as infinitely wrong. */
function relativeError(actual: Float32Array, truth: Float64Array): number {
  const largest = truth.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
  const worst = truth.reduce((max, value, i) => Math.max(max, Math.abs(value - actual[i])), 0);
  return Number.isNaN(worst) ? Infinity : worst / largest;
}

/** GFLOP/s of a product of two n x n matrices, the best of a few after a warm-up that compiles shaders. */
async function measureProduct(use: () => void): Promise<number> {
  use();
  const n = tf.getBackend() === 'cpu' ? 128 : 512;
  const matrix = tf.tensor2d(values(n * n, 5), [n, n]);
  let best = Infinity;
  for (let round = 0; round < 4; round++) {
    use();
    const start = performance.now();
    await read(tf.tidy(() => tf.sum(tf.matMul(matrix, matrix))));
    if (round > 0) best = Math.min(best, performance.now() - start);
  }
  matrix.dispose();
  return (2 * n ** 3) / (best * 1e6);
}
