// Leading singular vectors of a matrix, e.g. of one group's position-specific rest: M v_k = s_k u_k, by
// subspace iteration V <- orthonormalised (M^T M V) from a seeded random start. What a rest does in a few
// pictures: v_k is a pattern it looks for, u_k the pattern it answers with, s_k^2 / energy its share.
import { randomFrom, type Seed } from '../tensor/random';

/** One singular triple; vectors have unit length, the largest component of `right` is positive. */
export interface SingularTriple {
  readonly value: number;
  /** Share of the matrix's energy: s^2 / sum of w^2. */
  readonly energyShare: number;
  /** Output pattern, length rows. */
  readonly left: Float64Array;
  /** Input pattern, length columns. */
  readonly right: Float64Array;
}

/** Rows of one group (RepMLPNet: one share-set) of an FC3 matrix, a view. */
export function groupRows(matrix: Float32Array, groups: number, group: number): Float32Array {
  const length = matrix.length / groups;
  return matrix.subarray(group * length, (group + 1) * length);
}

/** The `count` largest singular triples of a row-major matrix with `columns` columns, largest first. */
export function leadingSingularVectors(
  matrix: Float32Array,
  columns: number,
  count: number,
  seed: Seed,
  iterations = 30,
): SingularTriple[] {
  const rows = matrix.length / columns;
  const random = randomFrom(seed);
  const rank = Math.min(count, rows, columns);
  const start = Array.from({ length: rank }, () => Float64Array.from({ length: columns }, () => random.normal()));
  let right = orthonormal(start);
  for (let iteration = 0; iteration < iterations; iteration++)
    right = orthonormal(right.map((v) => timesTransposed(matrix, columns, times(matrix, columns, v))));
  const energy = matrix.reduce((sum, value) => sum + value * value, 0);
  return right.map((v) => tripleOf(matrix, columns, v, energy)).sort((a, b) => b.value - a.value);
}

function tripleOf(matrix: Float32Array, columns: number, v: Float64Array, energy: number): SingularTriple {
  const largest = v.reduce((best, value) => (Math.abs(value) > Math.abs(best) ? value : best), 0);
  const right = largest < 0 ? v.map((value) => -value) : v;
  const image = times(matrix, columns, right);
  const value = Math.sqrt(dot(image, image));
  return { value, energyShare: energy === 0 ? 0 : value ** 2 / energy, left: value === 0 ? image : image.map((x) => x / value), right };
}

/** M v. */
function times(matrix: Float32Array, columns: number, v: Float64Array): Float64Array {
  return Float64Array.from({ length: matrix.length / columns }, (_, row) => {
    let sum = 0;
    for (let column = 0, index = row * columns; column < columns; column++, index++) sum += matrix[index] * v[column];
    return sum;
  });
}

/** M^T u. */
function timesTransposed(matrix: Float32Array, columns: number, u: Float64Array): Float64Array {
  const result = new Float64Array(columns);
  for (let row = 0, index = 0; row < u.length; row++) {
    for (let column = 0; column < columns; column++, index++) result[column] += matrix[index] * u[row];
  }
  return result;
}

/** Modified Gram-Schmidt; a vector that depends on the ones before it becomes zero. */
function orthonormal(vectors: readonly Float64Array[]): Float64Array[] {
  const basis: Float64Array[] = [];
  for (const vector of vectors) {
    const rest = Float64Array.from(vector);
    for (const unit of basis) {
      const along = dot(rest, unit);
      for (let k = 0; k < rest.length; k++) rest[k] -= along * unit[k];
    }
    const length = Math.sqrt(dot(rest, rest));
    const negligible = length <= 1e-12 * Math.sqrt(dot(vector, vector)); // Double precision leaves that much of a dependent vector.
    basis.push(negligible ? rest.fill(0) : rest.map((value) => value / length));
  }
  return basis;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let k = 0; k < a.length; k++) sum += a[k] * b[k];
  return sum;
}
