// A network is one JSON tree of named layers. From it, and only from it, come the forward pass, the
// parameter names and shapes (those of the official PyTorch state_dict), the cost ledger, the merge
// plan and the diagram. Each re-parameterizable layer is in one of two forms: `train` (conv branches
// and batch norms beside the FC) or `merged` (the same function, fused).
//
// Names: a layer's path is its ancestors' names joined by dots, an empty name adds no segment. Leaves
// own parameters called `<path>.<suffix>`. The kinds of leaves are in leaves/, those of layers around them in composites.ts; each
// kind is one record there, and its type the schema's.
import { z } from 'zod';
import { layerSchema, type LayerSpec } from './composites';
import { form, size } from './leaves/fields';
import { repmlp, type RepMlp } from './leaves/repmlp';
import { repmlpNetBlock, type RepMlpNetBlock } from './leaves/repmlpnet';
import { strictObject } from './strict-object';

export { isComposite, type CompositeSpec, type Concat, type LayerSpec, type Residual, type Sequential, type SideHead } from './composites';
export type { LeafSpec } from './leaves';
export type { Conv2d, ConvBn } from './leaves/convolution';
export type { Activation, BatchNorm, Dropout } from './leaves/elementwise';
export { BN_EPSILON, epsOf, type ActivationFunction, type ConvGeometry, type Form, type Pair } from './leaves/fields';
export type { CosineLinear, Linear } from './leaves/linear';
export type { AdaptiveAveragePool, Flatten, Pool, Resize } from './leaves/resampling';
export { hasGlobalPerceptron, type GlobalPerceptron, type RepMlp } from './leaves/repmlp';
export type { RepMlpNetBlock } from './leaves/repmlpnet';
export { joinPath } from './leaves/tensors';

export const repBlockSchema = z.discriminatedUnion('kind', [repmlp.schema, repmlpNetBlock.schema]);
/** The blocks whose conv branches merge into an FC matrix. */
export type RepBlock = RepMlp | RepMlpNetBlock;

export const TASKS = ['classification', 'face', 'segmentation'] as const;
export type Task = (typeof TASKS)[number];

const layers: z.ZodType<readonly LayerSpec[], readonly LayerSpec[]> = z.array(layerSchema).min(1);
const order: z.ZodType<readonly string[], readonly string[]> = z.array(z.string());

/** A network: what `model.json` inside a run, and a hand-written spec, look like. */
export const networkSchema = strictObject({
  format: z.literal('repmlp-network'),
  version: z.literal(1),
  name: z.string().min(1),
  task: z.enum(TASKS),
  form,
  /** Channels, height and width of one input image. */
  input: strictObject({ channels: size, height: size, width: size }),
  layers,
  /** Registration order of the top-level names where it differs from execution order. */
  order: order.optional(),
});
export type NetworkSpec = Readonly<z.infer<typeof networkSchema>>;

/** Weight of the new statistic in the running ones (PyTorch's `momentum`). */
export const BN_MOMENTUM = 0.1;

/** Whether a layer is one of the two re-parameterizable blocks. */
export function isRepBlock(layer: LayerSpec): layer is RepBlock {
  return layer.kind === 'repmlp' || layer.kind === 'repmlpNetBlock';
}
