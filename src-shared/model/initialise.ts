// Weights before training, as PyTorch's modules start: kaiming-uniform with a = sqrt(5) for convolutions
// and linear layers (bound 1/sqrt(fan in), for weight and bias), batch norms at 1 and 0, PReLU slopes 0.25;
// FC3 of the v1 block is orthogonal, as in the official code. A function of (spec, seed) alone.
import { assertNever } from '../base/assert-never';
import { deriveSeed, normalArray, randomFrom, type Random, type Seed } from '../tensor/random';
import { elementCount, floatTensor, type NamedTensors, type Tensor } from '../tensor/tensor';
import { leafRecord } from './leaves';
import { joinPath } from './leaves/tensors';
import { parametersOf, type Parameter } from './parameters';
import type { NetworkSpec } from './spec';
import { leavesOf } from './walk';

/** PyTorch's start value of a PReLU slope. */
const PRELU_SLOPE = 0.25;

/** Every tensor of the state_dict, in the official order. Each depends on the seed and its own name only. */
export function initialWeights(spec: NetworkSpec, seed: Seed): NamedTensors {
  const orthogonal = orthogonalNames(spec);
  const parameters = parametersOf(spec);
  const shapes = new Map(parameters.map(({ name, shape }) => [name, shape]));
  const initial = (parameter: Parameter): Tensor => {
    const random = randomFrom(deriveSeed(seed, `init/${parameter.name}`));
    if (orthogonal.has(parameter.name)) return orthogonalTensor(parameter, random);
    return initialTensor(parameter, random, shapes);
  };
  return new Map(parameters.map((parameter) => [parameter.name, initial(parameter)]));
}

/** Tensors that start as orthogonal matrices, by the layers they belong to. */
function orthogonalNames(spec: NetworkSpec): Set<string> {
  return new Set(
    leavesOf(spec).flatMap(
      ({ layer, path }) =>
        leafRecord(layer)
          .orthogonal?.(layer)
          .map((name) => joinPath(path, name)) ?? [],
    ),
  );
}

function initialTensor(parameter: Parameter, random: Random, shapes: ReadonlyMap<string, readonly number[]>): Tensor {
  const { name, shape, role } = parameter;
  switch (role) {
    case 'weight':
      return uniformTensor(shape, fanIn(shape), random);
    case 'bias':
      return uniformTensor(shape, fanIn(shapes.get(name.replace(/bias$/, 'weight')) ?? [1, 1]), random);
    case 'gamma':
    case 'runningVariance':
      return constantTensor(shape, 1);
    case 'beta':
    case 'runningMean':
      return constantTensor(shape, 0);
    case 'slope':
      return constantTensor(shape, PRELU_SLOPE);
    case 'counter':
      return { shape, dtype: 'int64', data: new BigInt64Array(elementCount(shape)) };
    default:
      return assertNever(role);
  }
}

/** Inputs of one output: everything but the first axis. */
function fanIn(shape: readonly number[]): number {
  return elementCount(shape.slice(1));
}

/** Uniform in +-1/sqrt(fan), which is kaiming-uniform with a = sqrt(5). */
function uniformTensor(shape: readonly number[], fan: number, random: Random): Tensor {
  const bound = 1 / Math.sqrt(fan);
  const data = Float32Array.from({ length: elementCount(shape) }, () => (2 * random.uniform() - 1) * bound);
  return floatTensor(shape, data);
}

function constantTensor(shape: readonly number[], value: number): Tensor {
  return floatTensor(shape, new Float32Array(elementCount(shape)).fill(value));
}

/** Orthonormal rows (or columns, whichever are fewer) of the (shape[0], rest) matrix. */
function orthogonalTensor({ shape }: Parameter, random: Random): Tensor {
  const [rows, columns] = [shape[0], fanIn(shape)];
  const [count, length] = [Math.min(rows, columns), Math.max(rows, columns)];
  const vectors = normalArray(random, count * length, 1);
  orthonormalise(vectors, count, length);
  return floatTensor(shape, rows <= columns ? vectors : transposed(vectors, count, length));
}

/** Modified Gram-Schmidt on `count` vectors of `length`, in place. */
function orthonormalise(vectors: Float32Array, count: number, length: number): void {
  for (let i = 0; i < count; i++) {
    const vector = vectors.subarray(i * length, (i + 1) * length);
    const scale = 1 / Math.sqrt(dot(vector, vector));
    for (let a = 0; a < length; a++) vector[a] *= scale;
    for (let j = i + 1; j < count; j++) {
      const other = vectors.subarray(j * length, (j + 1) * length);
      const share = dot(vector, other);
      for (let a = 0; a < length; a++) other[a] -= share * vector[a];
    }
  }
}

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

function transposed(matrix: Float32Array, rows: number, columns: number): Float32Array {
  const result = new Float32Array(matrix.length);
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) result[j * rows + i] = matrix[i * columns + j];
  return result;
}
