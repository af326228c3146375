// What figures are tested on: a small block with random matrices, a network's ledgers, and a recipe's head.
import { ledger } from '@shared/cost/ledger';
import { convToFc } from '@shared/merge/mathematics/fc-matrix';
import { fcShapeOf } from '@shared/matrix/geometry';
import { mergedSpec } from '@shared/model/merged-spec';
import type { BlockMatrices } from '@shared/merge/report';
import { isRepBlock, type NetworkSpec, type RepBlock } from '@shared/model/spec';
import { leavesOf } from '@shared/model/walk';
import { buildModel } from '@shared/model/zoo';
import { normalArray, randomFrom, seed } from '@shared/tensor/random';

/** The first block of a zoo model with random matrices: before noise, added a convolution. */
function example(model: string): { spec: NetworkSpec; path: string; block: RepBlock; matrices: BlockMatrices } {
  const spec = buildModel(model);
  const visit = leavesOf(spec).find(({ layer }) => isRepBlock(layer));
  if (!visit || !isRepBlock(visit.layer)) throw new Error(`${model} has no block`);
  const shape = fcShapeOf(visit.layer);
  const random = randomFrom(seed(1));
  const [rows, columns] = [shape.O * shape.h * shape.w, shape.channels * shape.h * shape.w];
  const K = Math.max(...visit.layer.kernels);
  const kernel = {
    O: shape.O,
    channels: shape.channels,
    K,
    weight: Float64Array.from(normalArray(random, shape.O * shape.channels * K * K, 0.2)),
    bias: new Float64Array(shape.O),
  };
  const before = normalArray(random, rows * columns, 0.05);
  const added = convToFc(kernel, shape);
  return {
    spec,
    path: visit.path,
    block: visit.layer,
    matrices: { path: visit.path, rows, columns, before, added, after: before.map((value, i) => value + added[i]) },
  };
}

export const small = example('pure-mlp-small');
const spec = buildModel('repmlp-res50-bottleneck-224');
/** Ledgers of both forms of one network. */
export const [train, merged] = [ledger(spec), ledger(mergedSpec(spec))];
export const costs = [train, merged];

/** Where a figure's numbers come from. */
export const source = { path: 'runs/one' };

/** What every recipe begins with. */
export function headOf(widthMm: number, fontPt: number) {
  const layout = { widthMm, fontPt, title: 'What the merge adds to a fully-connected layer & why' };
  return { format: 'repmlp-figure', version: 1, layout } as const;
}

/** A recipe of matrices, of a block's rows as in figure 5, and of cost bars. */
export const MATRICES = { ...headOf(170, 8), kind: 'matrices', source, colours: 'blue-orange', transform: 'symlog' } as const;
export const FIGURE5 = { ...headOf(170, 8), kind: 'figure5', source, outputChannel: 0, row: 5, column: 5, inputChannel: 1 } as const;
export const COST_BARS = { ...headOf(170, 8), kind: 'cost-bars', model: 'x', set: {}, metric: 'macs' } as const;
