// Values of the convolution stage's scene: its matrix, the followed row, column and weight, batch norms folded in. All are read
// from the stage's own model of it, never computed a second time.
import { arithmeticOf, cellCounts, type Arithmetic } from '../../merge/convolution/arithmetic';
import { cellOfFollowed, marksOf, rowAt } from '../../merge/convolution/positions';
import { equalityOf, kernelOfScene, normOf, normsApart, type SceneModel } from '../../merge/convolution/scene-model';
import { columnOf } from '../../matrix/geometry';
import { numberValue, textValue, truthValue, type LessonValue } from './value';

/** A number of the scene; null while there is none. */
const ofScene = (name: string, says: string, of: (model: SceneModel) => number | null): LessonValue =>
  numberValue(name, says, ({ scene }) => (scene ? of(scene) : null));

/** The row that is followed: of a window its own, else of the followed cell. */
function followedRow(model: SceneModel): number {
  return rowAt(model.sizes, cellOfFollowed(model));
}

function followedColumn(model: SceneModel): number {
  return columnOf(model.sizes, cellOfFollowed(model));
}

function arithmetic(model: SceneModel): Arithmetic {
  return arithmeticOf(model, cellOfFollowed(model));
}

/** Values of a row of the shown matrix that are not zero. */
function nonzeroInRow({ sizes: { columns }, shown: { matrix } }: SceneModel, row: number): number {
  return matrix.subarray(row * columns, (row + 1) * columns).reduce((count, value) => count + (value === 0 ? 0 : 1), 0);
}

function nonzeroInColumn({ sizes: { columns, rows }, shown: { matrix } }: SceneModel, column: number): number {
  let count = 0;
  for (let row = 0; row < rows; row++) if (matrix[row * columns + column] !== 0) count++;
  return count;
}

const nonzero = ({ shown: { matrix } }: SceneModel): number => matrix.reduce((count, value) => count + (value === 0 ? 0 : 1), 0);

/** How many different values the matrix holds besides zero. */
const differentValues = ({ shown: { matrix } }: SceneModel): number => new Set(Array.from(matrix).filter((value) => value !== 0)).size;

const scaleOf = ({ scene: { kernels } }: SceneModel): number | null => normOf(kernels[0])?.scale[0] ?? null;
const shiftOf = ({ scene: { kernels } }: SceneModel): number | null => normOf(kernels[0])?.shift[0] ?? null;

const normField = ({ scene: { kernels } }: SceneModel, field: 'gamma' | 'beta' | 'mean' | 'variance'): number | null =>
  kernels[0].norm?.[field][0] ?? null;

/** The kernel's middle weight of output channel 0 and input channel 0. */
function middle({ weight, K }: { readonly weight: Float64Array; readonly K: number }): number {
  return weight[(K * K) >> 1];
}

export const sceneValues: readonly LessonValue[] = [
  ofScene('picture.pixels', 'pixels of the input, all channels together', ({ sizes }) => sizes.columns),
  ofScene('picture.height', 'rows of pixels', ({ sizes }) => sizes.h),
  ofScene('picture.width', 'pixels in a row', ({ sizes }) => sizes.w),
  ofScene('output.pixels', 'pixels of the output, all channels together', ({ sizes }) => sizes.rows),
  ofScene('output.height', 'rows of pixels of the output', ({ sizes }) => sizes.Ho),
  ofScene('output.width', 'pixels in a row of the output', ({ sizes }) => sizes.Wo),
  ofScene('scene.pad', 'zeros around the picture', ({ sizes }) => sizes.pad),
  ofScene('scene.stride', 'steps of the window', ({ sizes }) => sizes.stride),
  ofScene('scene.inputs', 'input channels', ({ sizes }) => sizes.C),
  ofScene('scene.outputs', 'output channels', ({ sizes }) => sizes.O),
  ofScene('scene.groups', 'groups of channels', ({ sizes }) => sizes.groups),
  ofScene('scene.kernels', 'kernels whose outputs are added', ({ scene }) => scene.kernels.length),
  truthValue('scene.folded', 'whether the batch norms are inside the kernels', ({ scene }) => scene?.scene.folded ?? null),
  truthValue('scene.normsApart', 'whether batch norms still stand between the kernels and their sum', ({ scene }) =>
    scene ? normsApart(scene.scene) : null,
  ),
  truthValue('scene.fc', 'whether a fully-connected layer stands beside the kernels', ({ scene }) => (scene ? scene.fc !== null : null)),
  textValue('scene.shown', 'what the matrix is of: "whole", "kernels", "fc", or the place of one kernel', ({ scene }) =>
    scene ? String(scene.shown.part) : null,
  ),
  textValue('scene.follows', '"window", "weight", "pixel" or "cell": what is followed', ({ scene }) => scene?.scene.follow.kind ?? null),
  ofScene('kernel.size', 'height and width of the largest kernel', ({ sizes }) => sizes.K),
  ofScene('kernel.weights', 'weights of the kernel that the matrix is made of', (model) => cellCounts(model).weights),
  ofScene('kernel.middle', 'the middle weight of the kernel that the matrix is made of', ({ shown }) =>
    shown.kernel ? middle(shown.kernel) : null,
  ),
  ofScene('kernel.bias', 'what is added to every output of channel 0', ({ shown }) => shown.bias[0]),
  ofScene('matrix.rows', 'rows of the matrix: one for every output pixel', ({ sizes }) => sizes.rows),
  ofScene('matrix.columns', 'columns of the matrix: one for every input pixel', ({ sizes }) => sizes.columns),
  ofScene('matrix.cells', 'cells of the matrix', (model) => cellCounts(model).all),
  ofScene(
    'matrix.reached',
    'cells that the kernel can reach; all others are zero whatever its weights are',
    (model) => cellCounts(model).reached,
  ),
  ofScene('matrix.nonzero', 'cells that are not zero', nonzero),
  ofScene('matrix.different', 'how many different values there are besides zero', differentValues),
  ofScene('row.index', 'the followed row, counted from 0', followedRow),
  ofScene(
    'row.cells',
    'cells of the window that lie on the picture: what the row holds of the kernel',
    (model) => arithmetic(model).window.filter(({ outside }) => !outside).length,
  ),
  ofScene(
    'row.outside',
    'cells of the window that fall outside the picture',
    (model) => arithmetic(model).window.filter(({ outside }) => outside).length,
  ),
  ofScene('row.nonzero', 'cells of the row that are not zero', (model) => nonzeroInRow(model, followedRow(model))),
  ofScene('row.result', 'the output that the row computes', (model) => arithmetic(model).result),
  ofScene('column.index', 'the followed column, counted from 0', followedColumn),
  ofScene('column.nonzero', 'cells of the column that are not zero: outputs that the pixel goes into', (model) =>
    nonzeroInColumn(model, followedColumn(model)),
  ),
  ofScene('weight.cells', 'cells of the matrix that hold the followed weight; 0 where none is followed', (model) =>
    model.scene.follow.kind === 'weight' ? marksOf(model).cells.length : 0,
  ),
  ofScene('norm.gamma', "gamma of the first kernel's batch norm, channel 0", (model) => normField(model, 'gamma')),
  ofScene('norm.beta', 'its beta', (model) => normField(model, 'beta')),
  ofScene('norm.mean', 'its running mean', (model) => normField(model, 'mean')),
  ofScene('norm.variance', 'its running variance', (model) => normField(model, 'variance')),
  ofScene('norm.scale', "what the first kernel's batch norm multiplies channel 0 by: gamma / sqrt(variance + eps)", scaleOf),
  ofScene('norm.shift', 'what it adds then: beta - mean x scale', shiftOf),
  ofScene('bare.middle', "the first kernel's middle weight without its batch norm", ({ scene }) =>
    middle(kernelOfScene({ ...scene, folded: false }, 0)),
  ),
  ofScene('folded.middle', "the first kernel's middle weight with its batch norm inside", ({ scene }) =>
    middle(kernelOfScene({ ...scene, folded: true }, 0)),
  ),
  ofScene('folded.bias', 'the bias its batch norm leaves, channel 0', ({ scene }) => kernelOfScene({ ...scene, folded: true }, 0).bias[0]),
  ofScene(
    'together.difference',
    'the largest difference between all parts run one by one and added, and the one matrix',
    (model) => equalityOf(model).largestDifference,
  ),
];

/** Cells that can be drawn before they are shown. */
export interface Grid {
  readonly rows: number;
  readonly columns: number;
  /** Row-major. */
  readonly on: readonly boolean[];
  /** What each of its cells is. */
  readonly says: string;
}

/** The first channel of what is followed: pixels a row reads, outputs a pixel goes into, or outputs that are not zero. */
export function gridOf(model: SceneModel, of: 'row' | 'column' | 'output'): Grid {
  const { sizes, shown, output } = model;
  const { h, w, Ho, Wo, columns } = sizes;
  if (of === 'row') {
    const start = followedRow(model) * columns;
    return { rows: h, columns: w, on: Array.from(shown.matrix.subarray(start, start + h * w), (value) => value !== 0), says: 'pixel' };
  }
  const column = followedColumn(model);
  const on = (row: number): boolean => (of === 'column' ? shown.matrix[row * columns + column] : output[row]) !== 0;
  return { rows: Ho, columns: Wo, on: Array.from({ length: Ho * Wo }, (_, row) => on(row)), says: 'output' };
}
