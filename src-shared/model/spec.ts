// A network is one JSON tree of named layers. From it, and only from it, come the forward pass, the
// parameter names and shapes (those of the official PyTorch state_dict), the cost ledger, the merge
// plan and the diagram. Each re-parameterizable layer is in one of two forms: `train` (conv branches
// and batch norms beside the FC) or `merged` (the same function, fused).
//
// Names: a layer's path is its ancestors' names joined by dots, an empty name adds no segment. Leaves
// own parameters called `<path>.<suffix>`. The kinds of leaves are in leaves/, those of layers around them in composites.ts; each
// kind is one record there, and its type the schema's.
import type { LayerSpec } from './composites';
import type { Form } from './leaves/fields';
import type { RepMlp } from './leaves/repmlp';
import type { RepMlpNetBlock } from './leaves/repmlpnet';

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

/** The blocks whose conv branches merge into an FC matrix. */
export type RepBlock = RepMlp | RepMlpNetBlock;

export const TASKS = ['classification', 'face', 'segmentation'] as const;
export type Task = (typeof TASKS)[number];

/** A network: what `model.json` inside a run, and a hand-written spec, look like. */
export interface NetworkSpec {
  readonly format: 'repmlp-network';
  readonly version: 1;
  readonly name: string;
  readonly task: Task;
  readonly form: Form;
  /** Channels, height and width of one input image. */
  readonly input: { readonly channels: number; readonly height: number; readonly width: number };
  readonly layers: readonly LayerSpec[];
  /** Registration order of the top-level names where it differs from execution order. */
  readonly order?: readonly string[];
}

/** Weight of the new statistic in the running ones (PyTorch's `momentum`). */
export const BN_MOMENTUM = 0.1;

/** Whether a layer is one of the two re-parameterizable blocks. */
export function isRepBlock(layer: LayerSpec): layer is RepBlock {
  return layer.kind === 'repmlp' || layer.kind === 'repmlpNetBlock';
}
