// A convolution's kernel as the matrix it is on a map of h x w positions (arXiv 2105.01883, section 3.3): what a merged kernel of
// any family looks like beside an FC3. A file tells neither stride nor groups: stride 1 and padding that keeps the size are assumed.
import { UserError } from '../base/user-error';
import { columnsOf, rowsOf, type MatrixGeometry } from '../matrix/geometry';
import type { Pair } from '../model/spec';
import { elementCount, shapeText, type Tensor } from '../tensor/tensor';
import { mapOfTensor } from './recipes/algebra/affine-map';
import { convToFc } from './recipes/algebra/arrangements';

/** Cells of the largest matrix: 1 GiB of float32. */
const MOST_CELLS = 2 ** 28;
/** Cells of a matrix on a map that nobody chose. */
const USUAL_CELLS = 2 ** 24;
/** Rows of the matrix that are held in double precision at once, in cells. */
const CHUNK_CELLS = 2 ** 20;

/** What a kernel's file does not tell and its matrix rests on. */
export const MAP_ASSUMPTION = 'stride 1, no dilation, zeros padded so that the map keeps its size';

/** Whether a tensor is a kernel (O, C, K, L). */
export function isKernel(shape: readonly number[]): boolean {
  return shape.length === 4 && elementCount(shape) > 0;
}

/** Whether a kernel has a cell in its middle: only then does it keep the size of a map. */
export function isOddKernel(shape: readonly number[]): boolean {
  return isKernel(shape) && shape[2] % 2 === 1 && shape[3] % 2 === 1;
}

/** Groups of a kernel as far as its shape shows them: one input channel per output is depthwise, else one group is assumed. */
export function groupsShown([O, C]: readonly number[]): number {
  return C === 1 ? O : 1;
}

/** The matrix a kernel (O, C, K, L) is on a map (h, w). Throws UserError for what is no odd kernel, or would make a matrix too large. */
export function kernelGeometry(name: string, shape: readonly number[], [h, w]: Pair): MatrixGeometry {
  const [O, channels, K, L] = shape;
  if (!isOddKernel(shape))
    throw new UserError(
      `${name} has shape ${shapeText(shape)}: a kernel (outputs, inputs, height, width) of odd height and width is seen as a matrix`,
    );
  const geometry: MatrixGeometry = { O, channels, h, w, family: 'repmlp', groups: groupsShown(shape), kernels: [Math.max(K, L)] };
  const cells = rowsOf(geometry) * columnsOf(geometry);
  if (cells > MOST_CELLS) {
    const [side] = usualMap(shape);
    throw new UserError(
      `${name} on a map of ${h}x${w} is a matrix of ${rowsOf(geometry)} x ${columnsOf(geometry)}, more than ${MOST_CELLS} cells; ` +
        `choose a smaller map, for example ${side}x${side}`,
    );
  }
  return geometry;
}

/** A map on which a kernel's matrix is of a size to be looked at: at least 7 and up to the kernel's own size, where that fits. */
export function usualMap(shape: readonly number[]): Pair {
  const [O, C, K, L] = shape;
  const fits = (side: number): boolean => O * C * side ** 4 <= USUAL_CELLS;
  let side = Math.max(7, K, L);
  while (side > 1 && !fits(side)) side--;
  return [side, side];
}

/** The matrix's values (O*h*w, C*h*w), row-major, each the kernel's own or 0. Throws UserError as `kernelGeometry` does. */
export function kernelMatrix(name: string, weight: Tensor, map: Pair): Float32Array<ArrayBuffer> {
  const geometry = kernelGeometry(name, weight.shape, map);
  const [rows, columns] = [rowsOf(geometry), columnsOf(geometry)];
  const matrix = convToFc(mapOfTensor(weight, null, false), geometry.h, geometry.w);
  const values = new Float32Array(rows * columns);
  const step = Math.max(1, Math.floor(CHUNK_CELLS / columns));
  const chunk = new Float64Array(Math.min(rows, step) * columns);
  for (let from = 0; from < rows; from += step) {
    const to = Math.min(rows, from + step);
    const part = chunk.subarray(0, (to - from) * columns);
    matrix.fill(part, from, to);
    values.set(part, from * columns);
  }
  return values;
}
