// Our own shaders on tfjs's WebGL backend. Every tensor is seen flat, in the order of its elements, and a shader gives the
// element at one flat index: shapes stand in the code as numbers.
import * as tf from '@tensorflow/tfjs-core';
import type { GPGPUProgram, MathBackendWebGL } from '@tensorflow/tfjs-backend-webgl';

/** What a kernel is called with. */
export interface WebglCall<Attributes = object> {
  readonly inputs: Readonly<Record<string, tf.TensorInfo>>;
  readonly attrs: Attributes;
  readonly backend: MathBackendWebGL;
}

/** Kernels by their names. */
export type WebglKernels = Readonly<Record<string, (call: WebglCall<never>) => tf.TensorInfo | tf.TensorInfo[]>>;

/** Textures that one draw can read on every WebGL2 (MAX_TEXTURE_IMAGE_UNITS is at least this). */
export const MOST_INPUTS = 16;

/** One draw: `size` values, each by `code`, which has `int index` and `getName(int)` of each input, and sets `float result`. */
export interface FlatDraw {
  /** By the names that the code reads them by, capitalised there. */
  readonly inputs: Readonly<Record<string, tf.TensorInfo>>;
  readonly size: number;
  readonly code: string;
  /** Functions that the code calls. */
  readonly functions?: string;
  /** Numbers that change from call to call without a new program. */
  readonly uniforms?: Readonly<Record<string, number>>;
}

class FlatProgram implements GPGPUProgram {
  readonly variableNames: string[];
  readonly outputShape: number[];
  readonly userCode: string;
  readonly customUniforms: { name: string; type: 'float' }[];

  constructor({ inputs, size, code, functions = '', uniforms = {} }: FlatDraw) {
    this.variableNames = Object.keys(inputs);
    this.outputShape = [size];
    this.customUniforms = Object.keys(uniforms).map((name) => ({ name, type: 'float' as const }));
    this.userCode = `${functions}
      void main() {
        int index = getOutputCoords();
        float result = 0.0;
        ${code}
        setOutput(result);
      }`;
  }
}

/** Draws; the result has the shape [size] and is the caller's. */
export function draw(backend: MathBackendWebGL, asked: FlatDraw): tf.TensorInfo {
  const names = Object.keys(asked.inputs);
  if (names.length > MOST_INPUTS) throw new Error(`a draw reads ${MOST_INPUTS} textures at most, ${names.length} were given`);
  const made: tf.TensorInfo[] = [];
  const flat = Object.values(asked.inputs).map((tensor) => flattened(backend, tensor, made));
  const values = Object.values(asked.uniforms ?? {}).map((value) => [value]);
  const result = backend.runWebGLProgram(new FlatProgram(asked), flat, 'float32', values);
  for (const tensor of made) backend.disposeIntermediateTensorInfo(tensor);
  return result;
}

/** A term of a sum: what it reads, and code that adds it to `result`; the n-th term of a draw reads its inputs by getName<n>. */
export interface Term {
  readonly inputs: Readonly<Record<string, tf.TensorInfo>>;
  readonly code: (n: number) => string;
}

/** Draws the sum of the terms, as many a draw as it can read, and `last` of it, code that changes `result`. */
export function drawSum(backend: MathBackendWebGL, terms: readonly Term[], size: number, last = ''): tf.TensorInfo {
  const most = Math.floor((MOST_INPUTS - 1) / Object.keys(terms[0].inputs).length);
  let sum: tf.TensorInfo | null = null;
  for (let first = 0; first < terms.length; first += most) {
    const these = terms.slice(first, first + most);
    const read = these.flatMap(({ inputs }, n) => Object.entries(inputs).map(([name, tensor]) => [`${name}${n}`, tensor] as const));
    const before: Record<string, tf.TensorInfo> = sum ? { sum } : {};
    const code = [
      sum ? 'result = getSum(index);' : '',
      ...these.map((term, n) => `{ ${term.code(n)} }`),
      first + most < terms.length ? '' : last,
    ];
    const next = draw(backend, { inputs: { ...before, ...Object.fromEntries(read) }, size, code: code.join('\n') });
    if (sum) backend.disposeIntermediateTensorInfo(sum);
    sum = next;
  }
  if (!sum) throw new Error('a sum has one term at least');
  return sum;
}

/** The sum over chunks that lie one behind the other, `size` values each; takes `parts`. */
export function sumOfChunks(backend: MathBackendWebGL, parts: tf.TensorInfo, chunks: number, size: number): tf.TensorInfo {
  if (chunks === 1) return parts;
  const code = `for (int chunk = 0; chunk < ${chunks}; chunk++) result += getParts(chunk * ${size} + index);`;
  const whole = draw(backend, { inputs: { parts }, size, code });
  backend.disposeIntermediateTensorInfo(parts);
  return whole;
}

/** The tensor as [size]. tfjs's packed textures are unpacked in the shape they were packed in: reshaping one costs a draw more. */
function flattened(backend: MathBackendWebGL, tensor: tf.TensorInfo, made: tf.TensorInfo[]): tf.TensorInfo {
  const { isPacked, shape } = backend.texData.get(tensor.dataId);
  const source = isPacked ? backend.unpackTensor({ ...tensor, shape }) : tensor;
  if (isPacked) made.push(source);
  return { ...source, shape: [sizeOf(tensor.shape)] };
}

/** A view of `size` values from `begin` on, in `shape`: no draw, and the texture lives as long as one of its views. */
export function viewOf(backend: MathBackendWebGL, whole: tf.TensorInfo, begin: number, shape: readonly number[]): tf.TensorInfo {
  const view = slice(backend, whole, begin, sizeOf(shape));
  return { ...view, shape: [...shape] };
}

function slice(backend: MathBackendWebGL, x: tf.TensorInfo, begin: number, size: number): tf.TensorInfo {
  const kernel = tf.getKernel('Slice', 'webgl');
  if (!kernel) throw new Error('the WebGL backend has no kernel Slice');
  const result = kernel.kernelFunc({ inputs: { x }, backend, attrs: { begin: [begin], size: [size] } });
  if (Array.isArray(result)) throw new Error('expected one slice, got several');
  return result;
}

export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1);
}

/** A name as tfjs's shaders read an input of it: x0 -> getX0. */
export const reader = (name: string): string => `get${name[0].toUpperCase()}${name.slice(1)}`;

/** A number as GLSL's float. */
export function float(value: number): string {
  const text = String(value);
  return /[.e]/.test(text) ? text : `${text}.0`;
}
