// One pass over an FC3 matrix that gathers everything the pattern measures need: sums and squares of its
// weights by displacement and by position. Weights are read once, in memory order.
import { columnsOf, outputOf, rowsOf, type FcShape } from '../matrix/geometry';
import { displacementCount } from './displacement';

/** Sums over the weights w[(o, i, j), (c, a, b)] of one matrix; energy means the sum of squares. */
export interface Energies {
  readonly shape: FcShape;
  /** Sum of w^2 over all weights. */
  readonly total: number;
  /** Sum of w per displacement: (O, channels, 2h-1, 2w-1). */
  readonly sums: Float64Array;
  /** Energy per displacement: (O, 2h-1, 2w-1). */
  readonly byDisplacement: Float64Array;
  /** Energy per output position: (O, h, w). */
  readonly byOutput: Float64Array;
  /** Energy per input position: (O, h, w). */
  readonly byInput: Float64Array;
}

/** Gathers the sums of a matrix of (O*h*w, channels*h*w) values, row-major. Throws RangeError where its length does not fit. */
export function energiesOf(matrix: Float32Array, shape: FcShape): Energies {
  const { O, channels, h, w } = shape;
  if (matrix.length !== rowsOf(shape) * columnsOf(shape))
    throw new RangeError(
      `a matrix of (${O}*${h}*${w}, ${channels}*${h}*${w}) has ${rowsOf(shape) * columnsOf(shape)} values, got ${matrix.length}`,
    );
  const D = displacementCount(shape);
  const sums = new Float64Array(O * channels * D);
  const byDisplacement = new Float64Array(O * D);
  const byOutput = new Float64Array(O * h * w);
  const byInput = new Float64Array(O * h * w);
  for (let row = 0; row < rowsOf(shape); row++) byOutput[row] = gatherRow(matrix, shape, row, sums, byDisplacement, byInput);
  return { shape, total: byOutput.reduce((sum, energy) => sum + energy, 0), sums, byDisplacement, byOutput, byInput };
}

/** Adds one row (o, i, j) to the tables; returns its energy. Runs along b are contiguous in every table. */
function gatherRow(
  matrix: Float32Array,
  shape: FcShape,
  row: number,
  sums: Float64Array,
  byDisplacement: Float64Array,
  byInput: Float64Array,
): number {
  const { channels, h, w } = shape;
  const { o, i, j } = outputOf(shape, row);
  const width = 2 * w - 1;
  const D = (2 * h - 1) * width;
  let energy = 0;
  let index = row * columnsOf(shape);
  for (let c = 0; c < channels; c++) {
    for (let a = 0; a < h; a++) {
      const displacement = (a - i + h - 1) * width + (w - 1 - j);
      const sumAt = (o * channels + c) * D + displacement;
      const energyAt = o * D + displacement;
      const inputAt = (o * h + a) * w;
      for (let b = 0; b < w; b++, index++) {
        const weight = matrix[index];
        const square = weight * weight;
        sums[sumAt + b] += weight;
        byDisplacement[energyAt + b] += square;
        byInput[inputAt + b] += square;
        energy += square;
      }
    }
  }
  return energy;
}
