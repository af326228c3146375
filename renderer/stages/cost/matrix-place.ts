// Which matrix an operation or a group of the ledger leads to: its own weight where the weights in focus hold
// it, FC3 for a block. Invariant: a matrix is found only where it is as large as the ledger counts it, so that a
// layer of the same name in another network is not taken for it.
import type { LedgerRow } from '@shared/cost/row';
import { columnsOf, rowsOf, type FcShape } from '@shared/matrix/geometry';
import { fcShapeOf } from '@shared/matrix/geometry';
import { isRepBlock, joinPath, type NetworkSpec } from '@shared/model/spec';
import { leavesOf } from '@shared/model/walk';
import { matrixShapeOf } from '@shared/tensor/matrix-shape';
import { elementCount, type TensorInfo } from '@shared/tensor/tensor';

/** What the ledger's rows can lead to in some weights. */
export interface Matrices {
  /** RepMLP blocks by path. */
  readonly blocks: ReadonlyMap<string, FcShape>;
  /** Shapes of the weights that can be seen as a matrix, by name. */
  readonly tensors: ReadonlyMap<string, readonly number[]>;
}

/** FC3 of a block, before and after the merge, or one weight as it is. */
export type MatrixPlace =
  | { readonly kind: 'block'; readonly block: string; readonly shape: FcShape }
  | { readonly kind: 'tensor'; readonly tensor: string };

/** The matrices that weights have, of a network where it is known; `mergeable` are the paths of their train-form blocks. */
export function matricesOf(spec: NetworkSpec | null, tensors: readonly TensorInfo[], mergeable: readonly string[]): Matrices {
  const shown = new Map(tensors.flatMap((tensor) => (matrixShapeOf(tensor) ? [[tensor.name, tensor.shape] as const] : [])));
  const blocks = (spec === null ? [] : leavesOf(spec)).flatMap(({ layer, path }) => {
    if (!isRepBlock(layer) || !mergeable.includes(path)) return [];
    const shape = fcShapeOf(layer);
    const [rows, columns] = shown.get(joinPath(path, 'fc3.weight')) ?? [];
    return rows === rowsOf(shape) && columns === columnsOf(shape) ? [[path, shape] as const] : [];
  });
  return { blocks: new Map(blocks), tensors: shown };
}

type Operation = Pick<LedgerRow, 'name' | 'layer' | 'params'>;

/** One operation leads to its own weight, else to its block; several lead to their first block, else their first weight. */
export function placeOf(rows: readonly Operation[], { blocks, tensors }: Matrices): MatrixPlace | null {
  const own = rows.filter(({ name, params }) => isWeightOf(params, tensors.get(`${name}.weight`)));
  const layer = rows.find((row) => blocks.has(row.layer))?.layer;
  const shape = layer === undefined ? undefined : blocks.get(layer);
  const inside = rows.length === 1 && own.length === 1 && own[0].name !== joinPath(own[0].layer, 'fc3');
  if (layer !== undefined && shape && !inside) return { kind: 'block', block: layer, shape };
  return own.length > 0 ? { kind: 'tensor', tensor: `${own[0].name}.weight` } : null;
}

/** Whether a weight is all that an operation learns, apart from a bias for each of its rows. */
function isWeightOf(params: number, shape: readonly number[] | undefined): boolean {
  if (!shape) return false;
  const rest = params - elementCount(shape);
  return rest === 0 || rest === shape[0];
}

/** A place in words. */
export function placeText(place: MatrixPlace): string {
  return place.kind === 'block' ? `FC3 of ${place.block || 'the block'}` : place.tensor;
}
