// A checkpoint of the fuzz: its tensors, and beside them what each stands for in words of its own, so that the
// right merge can be computed from the file's tensors without the product's reading of them.
import type { ModuleSettings } from '@shared/checkpoint/checkpoint-file';
import { blockSpec, type BlockFamily } from '@shared/model/block-families';
import { toDialect, dialectOf } from '@shared/model/canonical/dialects';
import { leafParameters, parametersOf, type Parameter } from '@shared/model/parameters';
import { hasGlobalPerceptron, isRepBlock, type NetworkSpec, type RepBlock } from '@shared/model/spec';
import { leavesOf } from '@shared/model/walk';
import { normalArray, type Random } from '@shared/tensor/random';
import { elementCount, floatTensor, type Tensor } from '@shared/tensor/tensor';

/** A weight as the file holds it: under one name, or in parts. */
export type Weight =
  | { readonly how: 'plain'; readonly names: readonly [string] }
  | { readonly how: 'masked' | 'weightNorm'; readonly names: readonly [string, string] }
  | { readonly how: 'spectral'; readonly names: readonly [string, string, string] };

export interface Norm {
  readonly module: string;
  readonly affine: boolean;
  readonly eps: number;
}

export interface Branch {
  readonly K: number;
  readonly conv: Weight;
  readonly bias: string | null;
  readonly norm: Norm;
}

/** One block and where everything of it stands in the file. */
export interface TrueBlock {
  readonly prefix: string;
  readonly sizes: RepBlock;
  readonly fc3: Weight;
  readonly fc3Bias: string | null;
  readonly fc3Norm: Norm;
  readonly branches: readonly Branch[];
  /** FC1 of a v1 block and the batch norm before it. */
  readonly fc1: { readonly weight: string; readonly bias: string; readonly norm: Norm } | null;
}

/** A checkpoint in the hands of the mutations, which change it in place. */
export interface Described {
  tensors: Map<string, Tensor>;
  blocks: TrueBlock[];
  settings: Map<string, ModuleSettings>;
  /** Nobody can say what the file computes any more: then it must be refused, or the forms called different. */
  unknown: boolean;
  /** Two mutations together made something that may be read either way: nothing is asked of it. */
  undecided: boolean;
  /** What was done to single tensors, for the report of a failure. */
  readonly done: string[];
  readonly kind: string;
}

const among = <T>(random: Random, choices: readonly T[]): T => choices[random.integer(choices.length)];

/** A good checkpoint: a block alone, blocks inside an unknown network, or a whole RepMLPNet, official or in mmpretrain's names. */
export function goodCheckpoint(random: Random): Described {
  const kind = among(random, [
    ...Array<string>(3).fill('v1'),
    'net',
    'net',
    'net',
    ...Array<string>(6).fill('inside'),
    'unit',
    'unit',
    'model',
    'mmpretrain',
  ]);
  switch (kind) {
    case 'v1':
      return whole(kind, 'repmlp_v1', v1Config(random), random);
    case 'net':
      return whole(kind, 'repmlpnet_block', netConfig(random), random);
    case 'unit': {
      const { in_channels, h, w, reparam_conv_k, globalperceptron_reduce, num_sharesets } = netConfig(random);
      const sizes = { h, w, reparam_conv_k, globalperceptron_reduce, num_sharesets };
      return whole(kind, 'repmlpnet_unit', { channels: in_channels, ffn_expand: 2, ...sizes }, random);
    }
    case 'inside':
      return inside(random);
    default:
      return whole(kind, 'repmlpnet_model', modelConfig(random), random);
  }
}

const kernelsOf = (random: Random): number[] => [1, 3, 5].filter(() => random.uniform() < 0.6);

function v1Config(random: Random) {
  const [h, w, groups] = [1 + random.integer(3), 1 + random.integer(4), among(random, [1, 1, 2])];
  const [hp, wp] = random.uniform() < 0.5 ? [1, 1] : [1 + random.integer(2), 2];
  const [C, O] = [groups * (1 + random.integer(2)), groups * (1 + random.integer(2))];
  const sizes = { H: h * hp, W: w * wp, h, w, reparam_conv_k: kernelsOf(random), fc1_fc2_reduction: 1, fc3_groups: groups };
  return { in_channels: C, out_channels: hp * wp === 1 ? C : O, ...sizes };
}

function netConfig(random: Random) {
  const S = 1 + random.integer(2);
  const C = S * (1 + random.integer(2));
  const sizes = { h: 1 + random.integer(3), w: 1 + random.integer(4), reparam_conv_k: kernelsOf(random) };
  return { in_channels: C, out_channels: C, ...sizes, globalperceptron_reduce: 1, num_sharesets: S };
}

function modelConfig(random: Random) {
  return {
    in_channels: 3,
    num_class: 2,
    patch_size: [2, 2],
    num_blocks: [1, 1],
    channels: [4, 8],
    hs: [4, 2],
    ws: [4, 2],
    sharesets_nums: [among(random, [1, 2]), 2],
    reparam_conv_k: [1, 3].filter(() => random.uniform() < 0.8),
    globalperceptron_reduce: 2,
  };
}

function drawn({ shape, role }: Parameter, random: Random): Tensor {
  if (role === 'counter') return { shape, dtype: 'int64', data: new BigInt64Array(1) };
  const values = normalArray(random, elementCount(shape), 0.5);
  return floatTensor(shape, role === 'runningVariance' ? values.map((value) => 0.5 + Math.abs(value)) : values);
}

function whole(kind: string, family: BlockFamily, config: object, random: Random): Described {
  const spec = blockSpec(family, config);
  const tensors = new Map(parametersOf(spec).map((parameter) => [parameter.name, drawn(parameter, random)]));
  const blocks = blocksIn(spec);
  const described: Described = { kind, tensors, blocks, settings: new Map(), unknown: false, undecided: false, done: [] };
  if (kind === 'mmpretrain') inMmpretrainsNames(described);
  return described;
}

function blocksIn(spec: NetworkSpec): TrueBlock[] {
  return leavesOf(spec).flatMap(({ layer, path }) => (isRepBlock(layer) ? [trueBlock(layer, path === '' ? '' : `${path}.`)] : []));
}

/** Blocks under any prefix, other tensors before and after them. */
function inside(random: Random): Described {
  const tensors = new Map<string, Tensor>([['encoder.weight', floatTensor([2, 2], normalArray(random, 4, 1))]]);
  const blocks: TrueBlock[] = [];
  for (let i = 0; i < 1 + random.integer(2); i++) {
    const net = random.uniform() < 0.5;
    const spec = net ? blockSpec('repmlpnet_block', netConfig(random)) : blockSpec('repmlp_v1', v1Config(random));
    const [layer] = spec.layers;
    if (!isRepBlock(layer)) throw new Error('a block is a block');
    const prefix = `${among(random, ['trunk', 'net.mixer', 'layers.3'])}.b${i}.`;
    for (const parameter of leafParameters(layer, '')) tensors.set(prefix + parameter.name, drawn(parameter, random));
    blocks.push(trueBlock({ ...layer, name: prefix.slice(0, -1) }, prefix));
  }
  tensors.set('decoder.bias', floatTensor([3], normalArray(random, 3, 1)));
  return { kind: 'inside', tensors, blocks, settings: new Map(), unknown: false, undecided: false, done: [] };
}

function trueBlock(sizes: RepBlock, prefix: string): TrueBlock {
  const norm = (name: string): Norm => ({ module: prefix + name, affine: true, eps: 1e-5 });
  const plain = (name: string): Weight => ({ how: 'plain', names: [`${prefix}${name}.weight`] });
  const fc1 = { weight: `${prefix}fc1_fc2.fc1.weight`, bias: `${prefix}fc1_fc2.fc1.bias`, norm: norm('avg.bn') };
  return {
    prefix,
    sizes,
    fc3: plain('fc3'),
    fc3Bias: null,
    fc3Norm: norm('fc3_bn'),
    branches: sizes.kernels.map((K) => ({ K, conv: plain(`repconv${K}.conv`), bias: null, norm: norm(`repconv${K}.bn`) })),
    fc1: sizes.kind === 'repmlp' && hasGlobalPerceptron(sizes) ? fc1 : null,
  };
}

function inMmpretrainsNames(described: Described): void {
  const dialect = dialectOf(['backbone.patch_embed.projection.weight', 'backbone.stages.0.0.repmlp_block.fc3.weight']);
  if (dialect === null) throw new Error('mmpretrain is a known dialect');
  renameAll(described, (name) => toDialect(dialect, name));
  described.blocks = described.blocks.map((block) => withNames(block, (name) => (name.startsWith('stages.') ? `backbone.${name}` : name)));
}

/** Gives every tensor another name, in its place; what is said of blocks does not follow. */
export function renameAll(described: Described, to: (name: string) => string): void {
  described.tensors = new Map([...described.tensors].map(([name, tensor]) => [to(name), tensor]));
}

/** What is said of a block with other names in it. */
export function withNames(block: TrueBlock, to: (name: string) => string): TrueBlock {
  return JSON.parse(JSON.stringify(block), (_, value: unknown) => (typeof value === 'string' ? to(value) : value)) as TrueBlock;
}
