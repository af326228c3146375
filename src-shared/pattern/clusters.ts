// Rows of FC3 sorted into a few kinds by where they look: seeded k-means (Lloyd's iterations, k-means++
// start) on each row's energy over the h x w input positions, as shares of the row's energy.
import type { FcShape } from '../matrix/geometry';
import { randomFrom, type Random, type Seed } from '../tensor/random';

/** k kinds of rows. */
export interface RowClusters {
  /** Cluster of each row (O*h*w). */
  readonly clusterOfRow: Int32Array;
  /** Mean share of the energy per input position of each cluster: k maps of h*w values, the largest cluster first. */
  readonly centres: readonly Float64Array[];
  readonly sizes: readonly number[];
}

/** Energy shares of every row over the input positions: (O*h*w, h*w), summed over input channels; a zero row stays zero. */
export function rowMaps(matrix: Float32Array, { O, channels, h, w }: FcShape): Float64Array {
  const positions = h * w;
  const maps = new Float64Array(O * positions * positions);
  for (let row = 0, index = 0; row < O * positions; row++) {
    const map = maps.subarray(row * positions, (row + 1) * positions);
    for (let c = 0; c < channels; c++) for (let p = 0; p < positions; p++, index++) map[p] += matrix[index] ** 2;
    const energy = map.reduce((sum, value) => sum + value, 0);
    if (energy > 0) for (let p = 0; p < positions; p++) map[p] /= energy;
  }
  return maps;
}

/** Clusters the rows of a matrix into at most k kinds. The same seed gives the same clusters. */
export function clusterRows(matrix: Float32Array, shape: FcShape, k: number, seed: Seed, iterations = 20): RowClusters {
  const size = shape.h * shape.w;
  const maps = rowMaps(matrix, shape);
  const rows = maps.length / size;
  const rowAt = (row: number): Float64Array => maps.subarray(row * size, (row + 1) * size);
  let centres = startCentres(rowAt, rows, Math.min(k, rows), randomFrom(seed));
  let clusterOfRow = new Int32Array(rows);
  for (let iteration = 0; iteration < iterations; iteration++) {
    const next = Int32Array.from({ length: rows }, (_, row) => nearest(rowAt(row), centres).index);
    const settled = iteration > 0 && next.every((cluster, row) => cluster === clusterOfRow[row]);
    clusterOfRow = next;
    if (settled) break;
    centres = meansOf(rowAt, clusterOfRow, centres);
  }
  return largestFirst(clusterOfRow, centres);
}

/** k-means++: each further centre is a row drawn in proportion to its squared distance from the nearest centre so far. */
function startCentres(rowAt: (row: number) => Float64Array, rows: number, k: number, random: Random): Float64Array[] {
  const centres = [rowAt(random.integer(rows)).slice()];
  while (centres.length < k) {
    const weights = Array.from({ length: rows }, (_, row) => nearest(rowAt(row), centres).distance);
    let left = random.uniform() * weights.reduce((sum, weight) => sum + weight, 0);
    const chosen = weights.findIndex((weight) => (left -= weight) < 0);
    if (chosen < 0) break; // Every row equals a centre: there are no more kinds.
    centres.push(rowAt(chosen).slice());
  }
  return centres;
}

function nearest(map: Float64Array, centres: readonly Float64Array[]): { index: number; distance: number } {
  let best = { index: 0, distance: Number.POSITIVE_INFINITY };
  centres.forEach((centre, index) => {
    let distance = 0;
    for (let p = 0; p < map.length; p++) distance += (map[p] - centre[p]) ** 2;
    if (distance < best.distance) best = { index, distance };
  });
  return best;
}

/** Means of the clusters; an empty cluster keeps its centre. */
function meansOf(rowAt: (row: number) => Float64Array, clusterOfRow: Int32Array, centres: readonly Float64Array[]): Float64Array[] {
  const sums = centres.map((centre) => new Float64Array(centre.length));
  const counts = centres.map(() => 0);
  clusterOfRow.forEach((cluster, row) => {
    counts[cluster]++;
    rowAt(row).forEach((value, p) => (sums[cluster][p] += value));
  });
  return sums.map((sum, cluster) => (counts[cluster] === 0 ? centres[cluster] : sum.map((value) => value / counts[cluster])));
}

function largestFirst(clusterOfRow: Int32Array, centres: readonly Float64Array[]): RowClusters {
  const sizes = centres.map((_, cluster) => clusterOfRow.reduce((count, own) => count + (own === cluster ? 1 : 0), 0));
  const order = centres.map((_, cluster) => cluster).sort((a, b) => sizes[b] - sizes[a]);
  const rank = new Map(order.map((cluster, place) => [cluster, place]));
  return {
    clusterOfRow: clusterOfRow.map((cluster) => rank.get(cluster) ?? 0),
    centres: order.map((cluster) => centres[cluster]),
    sizes: order.map((cluster) => sizes[cluster]),
  };
}
