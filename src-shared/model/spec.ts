// A network is one JSON tree of named layers. From it, and only from it, come the forward pass, the
// parameter names and shapes (those of the official PyTorch state_dict), the cost ledger, the merge
// plan and the diagram. Each re-parameterizable layer is in one of two forms: `train` (conv branches
// and batch norms beside the FC) or `merged` (the same function, fused).
//
// Names: a layer's path is its ancestors' names joined by dots, an empty name adds no segment. Leaves
// own parameters called `<path>.<suffix>`; see parameters.ts.

/** Form of a layer or network: before or after re-parameterization. */
export type Form = 'train' | 'merged';

/** [height, width] of a kernel, stride, padding or map. */
export type Pair = readonly [number, number];

export type ActivationFunction = 'none' | 'relu' | 'gelu' | 'sigmoid' | 'prelu';

/** What a 2-D convolution needs besides its name. Padding is symmetric, with zeros. */
export interface ConvGeometry {
  readonly in: number;
  readonly out: number;
  readonly kernel: Pair;
  readonly stride: Pair;
  readonly padding: Pair;
  readonly dilation: Pair;
  readonly groups: number;
}

/** Layers applied one after the other. `order` is the registration order of child names where it differs (state-dict order only). */
export interface Sequential {
  readonly kind: 'sequential';
  readonly name: string;
  readonly layers: readonly LayerSpec[];
  readonly order?: readonly string[];
}

/** y = activation(body(x) + shortcut(x)); an empty shortcut is the identity. */
export interface Residual {
  readonly kind: 'residual';
  readonly name: string;
  readonly body: readonly LayerSpec[];
  readonly shortcut: readonly LayerSpec[];
  readonly activation: 'none' | 'relu';
  readonly order?: readonly string[];
}

/** y = the branches' outputs concatenated along the channels (pyramid pooling); a branch without layers is the identity. */
export interface Concat {
  readonly kind: 'concat';
  readonly name: string;
  readonly branches: readonly (readonly LayerSpec[])[];
}

/** A side head: passes its input through unchanged; in training its own output feeds an auxiliary loss. */
export interface SideHead {
  readonly kind: 'sideHead';
  readonly name: string;
  readonly layers: readonly LayerSpec[];
}

/** Conv2d: `weight` (out, in/groups, kh, kw), optional `bias` (out). */
export interface Conv2d extends ConvGeometry {
  readonly kind: 'conv2d';
  readonly name: string;
  readonly bias: boolean;
}

/**
 * Convolution, batch norm, activation. Train form: `conv.weight`, `bn.*`; merged form: `conv.weight`, `conv.bias`.
 * `fusedByMerge`: whether the official conversion fuses this pair (it does in the v1 networks, not in RepMLPNet).
 */
export interface ConvBn extends ConvGeometry {
  readonly kind: 'convBn';
  readonly name: string;
  readonly activation: ActivationFunction;
  readonly fusedByMerge: boolean;
  readonly form: Form;
  /** See `epsOf`. */
  readonly eps?: number;
}

/** BatchNorm over the channel axis: `weight` (gamma), `bias` (beta), `running_mean`, `running_var`, `num_batches_tracked`. Momentum 0.1. */
export interface BatchNorm {
  readonly kind: 'batchNorm';
  readonly name: string;
  readonly channels: number;
  /** See `epsOf`. */
  readonly eps?: number;
}

/** Fully-connected layer on (N, in): `weight` (out, in), optional `bias` (out). */
export interface Linear {
  readonly kind: 'linear';
  readonly name: string;
  readonly in: number;
  readonly out: number;
  readonly bias: boolean;
}

/** Cosine classifier of AM-Softmax: y = cos(x, weight row); `weight` (out, in), no bias. */
export interface CosineLinear {
  readonly kind: 'cosineLinear';
  readonly name: string;
  readonly in: number;
  readonly out: number;
}

/**
 * The RepMLP block of arXiv 2105.01883 (figure 1): (N, C, H, W) -> (N, O, H, W), partitions of h x w, `groups` (g) for FC3
 * and every conv branch, conv branches with the odd `kernels` K, `reduction` of the Global Perceptron's hidden width.
 * The Global Perceptron exists where H != h or W != w.
 */
export interface RepMlp {
  readonly kind: 'repmlp';
  readonly name: string;
  readonly C: number;
  readonly O: number;
  readonly H: number;
  readonly W: number;
  readonly h: number;
  readonly w: number;
  readonly kernels: readonly number[];
  readonly reduction: number;
  readonly groups: number;
  /** Ablation C of the paper: no Global Perceptron although the map is partitioned. */
  readonly withoutGlobal?: boolean;
  readonly form: Form;
  /** See `epsOf`. */
  readonly eps?: number;
}

/**
 * The Global Perceptron of a v1 block on its own (ablation D, where a convolution stands for FC3): y = x + FC2(ReLU(FC1(BN(pool(x)))))
 * spread over each partition. Parameters `fc1_fc2.*` and, in train form, `avg.bn.*`.
 */
export interface GlobalPerceptron {
  readonly kind: 'globalPerceptron';
  readonly name: string;
  readonly C: number;
  readonly H: number;
  readonly W: number;
  readonly h: number;
  readonly w: number;
  readonly reduction: number;
  readonly form: Form;
  /** See `epsOf`. */
  readonly eps?: number;
}

/**
 * The RepMLPNet block of arXiv 2112.11081: C channels in `shareSets` (S) share-sets, partitions of h x w counted from the
 * input, depthwise conv branches over S channels, squeeze-and-excite Global Perceptron of width C / `reduction`.
 */
export interface RepMlpNetBlock {
  readonly kind: 'repmlpNetBlock';
  readonly name: string;
  readonly C: number;
  readonly h: number;
  readonly w: number;
  readonly kernels: readonly number[];
  readonly reduction: number;
  readonly shareSets: number;
  readonly form: Form;
  /** See `epsOf`. */
  readonly eps?: number;
  /** Whether FC3 has a bias before its batch norm too, `fc3.bias` (S*h*w): not in the official code, but in others'. */
  readonly fc3Bias?: boolean;
}

/** Element-wise activation; `prelu` owns `weight` (channels). */
export interface Activation {
  readonly kind: 'activation';
  readonly name: string;
  readonly function: ActivationFunction;
  readonly channels: number;
}

/** Max or average pooling over windows, padding not counted in averages. */
export interface Pool {
  readonly kind: 'pool';
  readonly name: string;
  readonly function: 'max' | 'average';
  readonly kernel: Pair;
  readonly stride: Pair;
  readonly padding: Pair;
}

/** Average over `bins` = [rows, columns] regions (adaptive pooling); [1, 1] is the global average. */
export interface AdaptiveAveragePool {
  readonly kind: 'adaptiveAveragePool';
  readonly name: string;
  readonly bins: Pair;
}

/** (N, C, H, W) -> (N, C*H*W). */
export interface Flatten {
  readonly kind: 'flatten';
  readonly name: string;
}

/** Bilinear resize to `size` = [height, width], corners aligned. */
export interface Resize {
  readonly kind: 'resize';
  readonly name: string;
  readonly size: Pair;
}

/** Zeroes a random share `rate` in training: of a map's channels, whole ones per sample (PyTorch's Dropout2d), or of single features. */
export interface Dropout {
  readonly kind: 'dropout';
  readonly name: string;
  readonly rate: number;
}

export type CompositeSpec = Sequential | Residual | Concat | SideHead;
export type LeafSpec =
  | Conv2d
  | ConvBn
  | BatchNorm
  | Linear
  | CosineLinear
  | RepMlp
  | GlobalPerceptron
  | RepMlpNetBlock
  | Activation
  | Pool
  | AdaptiveAveragePool
  | Flatten
  | Resize
  | Dropout;
export type LayerSpec = CompositeSpec | LeafSpec;

/** The blocks whose conv branches merge into an FC matrix. */
export type RepBlock = RepMlp | RepMlpNetBlock;

export type Task = 'classification' | 'face' | 'segmentation';

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

/** eps of a batch norm whose layer does not say otherwise (PyTorch's default). */
export const BN_EPSILON = 1e-5;

/** eps of all batch norms of a layer: what is added to the variance before its root is taken. */
export function epsOf(layer: { readonly eps?: number }): number {
  return layer.eps ?? BN_EPSILON;
}

/** Weight of the new statistic in the running ones (PyTorch's `momentum`). */
export const BN_MOMENTUM = 0.1;

/** Whether a layer contains others. */
export function isComposite(layer: LayerSpec): layer is CompositeSpec {
  return layer.kind === 'sequential' || layer.kind === 'residual' || layer.kind === 'concat' || layer.kind === 'sideHead';
}

/** Whether a layer is one of the two re-parameterizable blocks. */
export function isRepBlock(layer: LayerSpec): layer is RepBlock {
  return layer.kind === 'repmlp' || layer.kind === 'repmlpNetBlock';
}

/** Whether a v1 block has a Global Perceptron: its map is larger than one partition in either axis. */
export function hasGlobalPerceptron(block: RepMlp): boolean {
  return !block.withoutGlobal && (block.H !== block.h || block.W !== block.w);
}

/** Joins a parent's path and a name; either may be empty. */
export function joinPath(parent: string, name: string): string {
  return parent === '' ? name : name === '' ? parent : `${parent}.${name}`;
}
