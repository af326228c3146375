// A convolution scene as the linear maps it is made of: each kernel, their sum, the FC and all of it as one matrix, by the merge's own
// code. Padding and stride only choose: a convolution that keeps the size is written as a matrix (section 3.3 of arXiv 2105.01883) on
// a map large enough, the rows of the output positions are kept, and the columns of pixels that exist.
// Invariant: y = scale (M x + bias) + shift for every part, all in double precision; matrices are (O*Ho*Wo, C*h*w), row-major.
import { kernelSize, largestKernel, outputSizeOf, type ConvolutionScene, type SceneKernel } from '../../matrix/convolution-scene';
import { scaleShiftOf, type ScaleShift } from '../mathematics/batch-norm';
import { sumOfBranches, type Kernel } from '../mathematics/kernels';
import { allRows, mapOfValues, rowsOf, type AffineMap } from '../recipes/algebra/affine-map';
import { blockDiagonal, convToFc } from '../recipes/algebra/arrangements';

/** The sizes of a scene, its output's and its largest kernel's among them. */
export interface SceneSizes extends Pick<ConvolutionScene, 'C' | 'O' | 'groups' | 'h' | 'w' | 'pad' | 'stride'> {
  readonly Ho: number;
  readonly Wo: number;
  readonly K: number;
  /** Of the matrix: O*Ho*Wo and C*h*w. */
  readonly rows: number;
  readonly columns: number;
}

/** A part of what is added: one kernel by its place, all kernels, the FC, or everything. */
export type ScenePart = ConvolutionScene['matrix'];

/** A part as a matrix. */
export interface LinearPart {
  readonly part: ScenePart;
  /** (rows, columns), zeros between groups. */
  readonly matrix: Float64Array;
  /** Added to the products, one a row; zeros where nothing is. */
  readonly bias: Float64Array;
  /** The batch norm that is done after it, per output channel; null where it is inside or there is none. */
  readonly after: ScaleShift | null;
  /** The kernel that the matrix is made of, (O, C/groups, K, K); null for the FC alone. */
  readonly kernel: Kernel | null;
}

export interface SceneModel {
  readonly scene: ConvolutionScene;
  readonly sizes: SceneSizes;
  /** (C, h, w). */
  readonly picture: Float64Array;
  readonly fc: SceneFc | null;
  /** What the scene shows in the middle. */
  readonly shown: LinearPart;
  /** (O, Ho, Wo): what the shown part makes of the picture. */
  readonly output: Float64Array;
}

/** A fully-connected layer beside the kernels. */
export interface SceneFc {
  /** (O*Ho*Wo, (C/groups)*h*w) as it is stored. */
  readonly weight: Float64Array;
  /** One a row. */
  readonly bias: Float64Array;
}

/** What a scene refers to, as numbers; the picture is (C, h, w). */
export interface SceneInputs {
  readonly picture: Float64Array;
  readonly fc: SceneFc | null;
}

export function sizesOf(scene: ConvolutionScene): SceneSizes {
  const { C, O, groups, h, w, pad, stride } = scene;
  const { Ho, Wo } = outputSizeOf(scene);
  return { C, O, groups, h, w, pad, stride, Ho, Wo, K: largestKernel(scene), rows: O * Ho * Wo, columns: C * h * w };
}

/** The scene as numbers. Throws RangeError where the inputs do not fit its sizes. */
export function sceneModel(scene: ConvolutionScene, { picture, fc }: SceneInputs): SceneModel {
  const sizes = sizesOf(scene);
  expectLength('the picture', picture, sizes.columns);
  if (fc) expectLength('the FC', fc.weight, (sizes.rows * sizes.columns) / sizes.groups);
  if (fc) expectLength("the FC's bias", fc.bias, sizes.rows);
  const shown = linearPart(scene, fc, shownPart(scene));
  return { scene, sizes, picture, fc, shown, output: outputOf(shown, picture, sizes) };
}

function expectLength(what: string, values: Float64Array, length: number): void {
  if (values.length !== length) throw new RangeError(`${what} needs ${length} values, got ${values.length}`);
}

/** Whether batch norms stand between the kernels and their sum: then there is no one kernel yet. */
export function normsApart({ kernels, folded }: ConvolutionScene): boolean {
  return !folded && kernels.some(({ norm }) => norm !== null);
}

/** What can be shown in the middle. */
export function partsOf(scene: ConvolutionScene): ScenePart[] {
  const each = scene.kernels.map((_, k): ScenePart => k);
  if (normsApart(scene)) return scene.fc ? [...each, 'fc'] : each;
  return [...(scene.fc ? (['whole', 'fc', 'kernels'] as const) : (['whole'] as const)), ...(scene.kernels.length > 1 ? each : [])];
}

/** The part that is shown: the one asked for, or the nearest there is. */
export function shownPart(scene: ConvolutionScene): ScenePart {
  const parts = partsOf(scene);
  if (parts.includes(scene.matrix)) return scene.matrix;
  return parts[0];
}

/** A part of the scene as matrix, bias and what comes after. Sums have the batch norms inside, whether or not the scene shows them folded. */
export function linearPart(scene: ConvolutionScene, fc: SceneFc | null, part: ScenePart): LinearPart {
  const sizes = sizesOf(scene);
  if (part === 'fc') return fcPart(fc, sizes);
  const kernel = typeof part === 'number' ? kernelOfScene(scene, part) : sumOfKernels(scene);
  const matrix = kernelAsMatrix(kernel, sizes);
  const bias = perPosition(kernel.bias, sizes);
  if (part === 'whole' && fc) {
    addInto(matrix, fullFc(fc, sizes));
    addInto(bias, fc.bias);
  }
  const after = typeof part === 'number' && !scene.folded ? normOf(scene.kernels[part]) : null;
  return { part, matrix, bias, after, kernel };
}

function fcPart(fc: SceneFc | null, sizes: SceneSizes): LinearPart {
  if (!fc) throw new RangeError('the scene has no FC to show');
  return { part: 'fc', matrix: fullFc(fc, sizes), bias: fc.bias.slice(), after: null, kernel: null };
}

/** The stored FC with its zeros between groups. */
function fullFc({ weight }: SceneFc, { rows, columns, groups }: SceneSizes): Float64Array {
  return allRows(blockDiagonal(mapOfValues([rows, columns / groups], weight, null), groups));
}

function addInto(target: Float64Array, values: Float64Array): void {
  values.forEach((value, k) => (target[k] += value));
}

/** Each output channel's value at each of its positions. */
function perPosition(values: Float64Array, { rows, Ho, Wo }: SceneSizes): Float64Array {
  return Float64Array.from({ length: rows }, (_, row) => values[Math.floor(row / (Ho * Wo))]);
}

const NO_NORM = (O: number): ScaleShift => ({ scale: new Float64Array(O).fill(1), shift: new Float64Array(O) });

/** A kernel's batch norm as scale and shift; null without one. */
export function normOf({ norm }: SceneKernel): ScaleShift | null {
  return norm && scaleShiftOf(norm);
}

/** The values of a kernel, (O, C/groups, K, K): of an identity, one where input and output channel are the same. */
export function bareWeight(kernel: SceneKernel, { O, C, groups }: Pick<ConvolutionScene, 'O' | 'C' | 'groups'>): Float64Array {
  if (kernel.kind === 'weights') return Float64Array.from(kernel.weight);
  const channels = C / groups;
  return Float64Array.from({ length: O * channels }, (_, at) => (at % channels === Math.floor(at / channels) % channels ? 1 : 0));
}

/** Kernel `k` in its own size: with its batch norm inside where the scene is folded, else as it is. */
export function kernelOfScene(scene: ConvolutionScene, k: number): Kernel {
  return summed(scene, [scene.kernels[k]], scene.folded);
}

/** All kernels, batch norms inside, centred and added. */
export function sumOfKernels(scene: ConvolutionScene): Kernel {
  return summed(scene, scene.kernels, true);
}

function summed(scene: ConvolutionScene, kernels: readonly SceneKernel[], folded: boolean): Kernel {
  const { O, C, groups } = scene;
  const branches = kernels.map((kernel) => ({
    K: kernelSize(kernel),
    weight: bareWeight(kernel, scene),
    norm: (folded ? normOf(kernel) : null) ?? NO_NORM(O),
  }));
  const sum = sumOfBranches(branches, { O, channels: C / groups });
  if (!sum) throw new RangeError('a scene has one kernel at least');
  return sum;
}

/** A kernel as the matrix (rows, columns) it is on the scene's picture. */
export function kernelAsMatrix({ O, channels, K, weight }: Kernel, sizes: SceneSizes): Float64Array {
  const { h, w, groups } = sizes;
  const margin = marginOf(sizes);
  const wide = convToFc(mapOfValues([O, channels, K, K], weight, null), h + 2 * margin, w + 2 * margin);
  return allRows(blockDiagonal(chosenCells(wide, channels, sizes), groups));
}

/** Pixels to add on every side so that the window's centre never leaves the map. */
function marginOf({ pad, K }: SceneSizes): number {
  return Math.max(0, pad - (K - 1) / 2);
}

/** The rows at which the window of a padded, strided convolution stands, and of them the columns of the picture. */
function chosenCells(wide: AffineMap, channels: number, sizes: SceneSizes): AffineMap {
  const { O, Ho, Wo, h, w, stride, pad, K } = sizes;
  const margin = marginOf(sizes);
  const [H, W] = [h + 2 * margin, w + 2 * margin];
  const centre = (position: number): number => position * stride - pad + (K - 1) / 2 + margin;
  const fill = (target: Float64Array, from: number, to: number): void => {
    for (let row = from, at = 0; row < to; row++) {
      const [o, i, j] = [Math.floor(row / (Ho * Wo)), Math.floor(row / Wo) % Ho, row % Wo];
      const source = (o * H + centre(i)) * W + centre(j);
      const values = rowsOf(wide, source, source + 1);
      for (let line = 0; line < channels * h; line++, at += w) {
        const start = (Math.floor(line / h) * H + (line % h) + margin) * W + margin;
        target.set(values.subarray(start, start + w), at);
      }
    }
  };
  return { shape: [O * Ho * Wo, channels * h * w], bias: null, fill };
}

/** What a part makes of a picture (C, h, w): (O, Ho, Wo). */
export function outputOf({ matrix, bias, after }: LinearPart, picture: Float64Array, { rows, columns, Ho, Wo }: SceneSizes): Float64Array {
  return Float64Array.from({ length: rows }, (_, row) => {
    let sum = 0;
    for (let column = 0; column < columns; column++) sum += matrix[row * columns + column] * picture[column];
    const o = Math.floor(row / (Ho * Wo));
    return after ? after.scale[o] * (sum + bias[row]) + after.shift[o] : sum + bias[row];
  });
}

/** How the sum of the parts' outputs, each computed on its own with its batch norm after it, compares with one matrix for all. */
export interface Equality {
  /** (O, Ho, Wo). */
  readonly apart: Float64Array;
  readonly together: Float64Array;
  readonly largestDifference: number;
}

/** Runs every branch and the FC on their own and adds, then the one matrix. */
export function equalityOf({ scene, sizes, picture, fc }: SceneModel): Equality {
  const unfolded = { ...scene, folded: false };
  const parts: ScenePart[] = [...scene.kernels.map((_, k) => k), ...(fc ? (['fc'] as const) : [])];
  const apart = new Float64Array(sizes.rows);
  for (const part of parts) addInto(apart, outputOf(linearPart(unfolded, fc, part), picture, sizes));
  const together = outputOf(linearPart(scene, fc, 'whole'), picture, sizes);
  const largestDifference = apart.reduce((most, value, k) => Math.max(most, Math.abs(value - together[k])), 0);
  return { apart, together, largestDifference };
}
