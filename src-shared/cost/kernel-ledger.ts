// The ledger of layers whose network is unknown: each by itself on a map of one size, since no weight file tells where a
// layer stands. Invariant: what is assumed is among what the ledger says of itself.
import { z } from 'zod';
import { count, sizes, type Stored } from '../base/sent';
import { UserError } from '../base/user-error';
import type { Form, Pair } from '../model/spec';
import { shapeText } from '../tensor/tensor';
import { conventionText, PAPER_CONVENTION, type Convention } from './convention';
import type { Ledger } from './ledger';
import { batchNorm, convolution, linear } from './primitives';
import { rowOf, type Macs, type Primitive } from './row';

const countedKernel = z.object({
  kind: z.literal('kernel'),
  path: z.string(),
  /** (O, C, K, L) or (O, I). */
  shape: sizes,
  hasBias: z.boolean(),
  /** Groups of the convolution. */
  groups: count,
});
/** A convolution or linear layer to count. */
export type CountedKernel = Stored<z.infer<typeof countedKernel>>;

const countedNorm = z.object({
  kind: z.literal('norm'),
  path: z.string(),
  channels: count,
  /** Whether it has gamma and beta. */
  learned: z.boolean(),
  /** On a map; else on a vector. */
  onMap: z.boolean(),
});
/** A batch norm to count. */
export type CountedNorm = Stored<z.infer<typeof countedNorm>>;

export const countedLayerSchema = z.discriminatedUnion('kind', [countedKernel, countedNorm]);
export type CountedLayer = Stored<z.infer<typeof countedLayerSchema>>;

/** The map where none is asked for. */
export const USUAL_COST_MAP: Pair = [14, 14];

/** Which layers are counted, and what of. */
export interface CountedForm {
  /** Name of the file. */
  readonly name: string;
  readonly form: Form;
  readonly layers: readonly CountedLayer[];
}

/** The ledger of layers on a map (h, w), stride 1; a linear layer at one position. Throws UserError for a shape that is neither kernel nor matrix. */
export function kernelLedger({ name, form, layers: counted }: CountedForm, map: Pair, convention: Convention = PAPER_CONVENTION): Ledger {
  const primitives = counted.map((layer) => primitiveOf(layer, map));
  const layers = primitives.map((primitive, index) => rowOf(primitive, counted[index].path, convention));
  const sum = (value: (row: (typeof layers)[number]) => number): number => layers.reduce((total, row) => total + value(row), 0);
  const first = counted.find((layer) => layer.kind === 'kernel');
  return {
    model: name,
    form,
    input: [1, first === undefined ? 0 : first.shape[1] * first.groups, ...map],
    params: sum((row) => row.params),
    macs: sum((row) => row.macs) as Macs,
    operations: sum((row) => row.operations),
    bytes: sum((row) => row.bytes),
    batchNormElements: primitives.reduce((total, { elements }) => total + elements.batchNorm, 0),
    layers,
    notCounted: [
      form === 'merged' ? 'everything of the file but its merged layers' : 'everything of the file but the branches of its groups',
    ],
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

function primitiveOf(layer: CountedLayer, [h, w]: Pair): Primitive {
  if (layer.kind === 'norm') {
    const norm = batchNorm(layer.path, layer.channels, layer.onMap ? [1, layer.channels, h, w] : [1, layer.channels]);
    return layer.learned ? norm : { ...norm, parameters: [] };
  }
  const { path, shape, hasBias, groups } = layer;
  const [O, C, K, L] = shape;
  if (shape.length === 2) return linear(path, C, O, hasBias);
  if (shape.length !== 4) throw new UserError(`${path} has shape ${shapeText(shape)}: expected a kernel of 4 axes or a matrix of 2`);
  const window = { kernel: [K, L], stride: [1, 1], dilation: [1, 1], padding: [(K - 1) / 2, (L - 1) / 2] } as const;
  const conv = { in: C * groups, out: O, groups, ...window };
  return convolution(path, conv, hasBias, [C * groups, h, w], [1, O, h, w]);
}
