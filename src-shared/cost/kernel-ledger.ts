// The ledger of merged layers whose network is unknown: each by itself on a map of one size, since no weight file tells where a
// layer stands. Invariant: what is assumed is among what the ledger says of itself.
import { UserError } from '../base/user-error';
import type { Pair } from '../model/spec';
import { shapeText } from '../tensor/tensor';
import { conventionText, PAPER_CONVENTION, type Convention } from './convention';
import type { Ledger } from './ledger';
import { convolution, linear } from './primitives';
import { rowOf, type Macs, type Primitive } from './row';

/** A layer to count. */
export interface CountedKernel {
  readonly path: string;
  /** (O, C, K, L) or (O, I). */
  readonly shape: readonly number[];
  readonly hasBias: boolean;
  /** Groups of the convolution. */
  readonly groups: number;
}

/** The ledger of layers on a map (h, w), stride 1; a linear layer at one position. Throws UserError for a shape that is neither kernel nor matrix. */
export function kernelLedger(
  name: string,
  kernels: readonly CountedKernel[],
  map: Pair,
  convention: Convention = PAPER_CONVENTION,
): Ledger {
  const primitives = kernels.map((kernel) => primitiveOf(kernel, map));
  const layers = primitives.map((primitive, index) => rowOf(primitive, kernels[index].path, convention));
  const sum = (value: (row: (typeof layers)[number]) => number): number => layers.reduce((total, row) => total + value(row), 0);
  return {
    model: name,
    form: 'merged',
    input: [1, kernels.length === 0 ? 0 : kernels[0].shape[1] * kernels[0].groups, ...map],
    params: sum((row) => row.params),
    macs: sum((row) => row.macs) as Macs,
    operations: sum((row) => row.operations),
    bytes: sum((row) => row.bytes),
    batchNormElements: 0,
    layers,
    notCounted: ['everything of the file but its merged layers'],
    convention: `${conventionText(convention)}; ${mapAssumption(map)}`,
    rules: convention,
  };
}

/** What the counts rest on and no file tells. */
export function mapAssumption([h, w]: Pair): string {
  return (
    `assumed, as no weights tell it: every convolution on a map of ${h}x${w} with stride 1 and the map's size kept, ` +
    'one group unless it is depthwise, every linear layer at one position'
  );
}

function primitiveOf({ path, shape, hasBias, groups }: CountedKernel, [h, w]: Pair): Primitive {
  const [O, C, K, L] = shape;
  if (shape.length === 2) return linear(path, C, O, hasBias);
  if (shape.length !== 4) throw new UserError(`${path} has shape ${shapeText(shape)}: expected a kernel of 4 axes or a matrix of 2`);
  const window = { kernel: [K, L], stride: [1, 1], dilation: [1, 1], padding: [(K - 1) / 2, (L - 1) / 2] } as const;
  const conv = { in: C * groups, out: O, groups, ...window };
  return convolution(path, conv, hasBias, [C * groups, h, w], [1, O, h, w]);
}
