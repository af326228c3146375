// The blocks of both papers, train form, with the official modules' names, and `blockSpec`: one such
// block as a network of its own, described by the official constructor's arguments.
import { z } from 'zod';
import { assertNever } from '../base/assert-never';
import { UserError } from '../base/user-error';
import { batchNorm, classifier, convBn, relu, residual, sequential } from './layers';
import { checkedSpec } from './schema';
import type { LayerSpec, NetworkSpec, Pair, RepMlp, RepMlpNetBlock, Residual, Sequential } from './spec';
import { firstIssue, strictObject } from './strict-object';

/** Hyper-parameters of a v1 block, in the paper's letters. */
export type RepMlpSettings = Omit<RepMlp, 'kind' | 'name' | 'form'>;

/** The RepMLP block (2105.01883, figure 1). */
export function repMlp(name: string, settings: RepMlpSettings): RepMlp {
  return { kind: 'repmlp', name, ...settings, form: 'train' };
}

/** Channels and RepMLP settings of a block inside a ResNet stage. */
export interface ResidualBlockSettings extends Omit<RepMlpSettings, 'C' | 'O'> {
  readonly in: number;
  readonly mid: number;
  readonly out: number;
}

/** RepMLP Light Block (figure 6): 1x1 reduction, RepMLP, 1x1 expansion, shortcut. */
export function lightBlock(name: string, { in: inChannels, mid, out, ...map }: ResidualBlockSettings): Residual {
  const body = [
    convBn('light_conv1', inChannels, mid, 1, 'relu'),
    repMlp('light_repmlp', { ...map, C: mid, O: mid }),
    relu('relu'),
    convBn('light_conv3', mid, out, 1, 'none'),
  ];
  return residual(name, body, projection(inChannels, out), 'relu');
}

/** RepMLP Bottleneck (figure 4): 1x1, 3x3 with `r` x channel reduction, RepMLP, 3x3 expansion, 1x1, shortcut. */
export function bottleneckBlock(name: string, settings: ResidualBlockSettings & { readonly r: number }): Residual {
  const { in: inChannels, mid, out, r, ...map } = settings;
  const width = mid / r;
  const body = [
    convBn('btnk_conv1', inChannels, mid, 1, 'relu'),
    convBn('btnk_conv2', mid, width, 3, 'relu', { padding: 1 }),
    repMlp('btnk_repmlp', { ...map, C: width, O: width }),
    relu('relu'),
    convBn('btnk_conv4', width, mid, 3, 'relu', { padding: 1 }),
    convBn('btnk_conv5', mid, out, 1, 'none'),
  ];
  return residual(name, body, projection(inChannels, out), 'relu');
}

function projection(inChannels: number, outChannels: number): LayerSpec[] {
  return inChannels === outChannels ? [] : [convBn('shortcut', inChannels, outChannels, 1, 'none')];
}

export type RepMlpNetSettings = Omit<RepMlpNetBlock, 'kind' | 'name' | 'form'>;

/** The RepMLPNet block (2112.11081). */
export function repMlpNetBlock(name: string, settings: RepMlpNetSettings): RepMlpNetBlock {
  return { kind: 'repmlpNetBlock', name, ...settings, form: 'train' };
}

/** FFN of RepMLPNet: 1x1 conv C -> hidden, BN, GELU, 1x1 conv -> O (= C unless given), BN. The official conversion leaves its BNs. */
export function ffn(name: string, channels: number, hidden: number, outChannels = channels): Sequential {
  return sequential(name, [
    convBn('ffn_fc1', channels, hidden, 1, 'gelu', { fusedByMerge: false }),
    convBn('ffn_fc2', hidden, outChannels, 1, 'none', { fusedByMerge: false }),
  ]);
}

/** RepMLPNet unit: y = x + block(BN(x)); z = y + FFN(BN(y)). */
export function repMlpNetUnit(name: string, settings: RepMlpNetSettings, ffnExpansion: number): Sequential {
  const { C } = settings;
  return sequential(
    name,
    [
      residual('', [batchNorm('prebn1', C), repMlpNetBlock('repmlp_block', settings)]),
      residual('', [batchNorm('prebn2', C), ffn('ffn_block', C, C * ffnExpansion)]),
    ],
    ['repmlp_block', 'ffn_block', 'prebn1', 'prebn2'],
  );
}

/** Arguments of the official RepMLPNet constructor. */
export interface RepMlpNetConfig {
  readonly in_channels: number;
  readonly num_class: number;
  readonly patch_size: Pair;
  readonly num_blocks: readonly number[];
  readonly channels: readonly number[];
  readonly hs: readonly number[];
  readonly ws: readonly number[];
  readonly sharesets_nums: readonly number[];
  readonly reparam_conv_k: readonly number[];
  readonly globalperceptron_reduce: number;
}

/** Layers of a RepMLPNet: patch embedding, stages with 2x2 embeddings between them, BN, pool, linear. */
export function repMlpNetLayers(config: RepMlpNetConfig): LayerSpec[] {
  expectStages(config);
  const { channels, patch_size: patch, num_blocks: blocks } = config;
  const stages = channels.flatMap((C, i): LayerSpec[] => {
    const settings = {
      C,
      h: config.hs[i],
      w: config.ws[i],
      kernels: config.reparam_conv_k,
      reduction: config.globalperceptron_reduce,
      shareSets: config.sharesets_nums[i],
    };
    const units = Array.from({ length: blocks[i] }, (_, j) => repMlpNetUnit(`stages.${i}.${j}`, settings, 4));
    if (i === channels.length - 1) return units;
    return [...units, convBn(`embeds.${i}`, C, channels[i + 1], 2, 'relu', { stride: 2, fusedByMerge: false })];
  });
  const last = channels[channels.length - 1];
  return [
    convBn('conv_embedding', config.in_channels, channels[0], patch, 'relu', { stride: patch, fusedByMerge: false }),
    ...stages,
    batchNorm('head_norm', last),
    ...classifier('head', last, config.num_class),
  ];
}

/** Deeper stages than this are a slip of the pen; describing them would take the memory a network takes. */
const MOST_BLOCKS = 1000;

/** Throws UserError naming the list that has not one entry per stage, or a stage deeper than any network. */
function expectStages(config: RepMlpNetConfig): void {
  const stages = config.channels.length;
  for (const key of ['channels', 'num_blocks', 'hs', 'ws', 'sharesets_nums'] as const) {
    const { length } = config[key];
    if (length === 0 || length !== stages)
      throw new UserError(`RepMLPNet: ${key} needs one number per stage; it has ${length}, channels has ${stages}`);
  }
  const deepest = Math.max(...config.num_blocks);
  if (deepest > MOST_BLOCKS) throw new UserError(`RepMLPNet: a stage has at most ${MOST_BLOCKS} blocks, got ${deepest}`);
}

/** State-dict order of a RepMLPNet: all stages before the embeddings between them. */
export const REPMLPNET_ORDER = ['conv_embedding', 'stages', 'embeds', 'head_norm', 'head'] as const;

/** Families of single blocks the command line takes with `--block`. */
export const BLOCK_FAMILIES = [
  'repmlp_v1',
  'repmlp_v1_light_block',
  'repmlp_v1_bottleneck_block',
  'repmlpnet_block',
  'repmlpnet_unit',
  'repmlpnet_ffn',
  'repmlpnet_model',
] as const;
export type BlockFamily = (typeof BLOCK_FAMILIES)[number];

const size = z.number().int().positive();
const odd = size.refine((K) => K % 2 === 1, 'kernel sizes are odd');
const kernels = z
  .array(odd)
  .nullable()
  .transform((list) => list ?? []);
const deploy = z.boolean().optional();
const v1 = {
  H: size,
  W: size,
  h: size,
  w: size,
  reparam_conv_k: kernels,
  fc1_fc2_reduction: size.default(1),
  fc3_groups: size.default(1),
  deploy,
};
const blockConfigs = {
  repmlp_v1: strictObject({ in_channels: size, out_channels: size, ...v1 }),
  repmlp_v1_light_block: strictObject({ in_channels: size, mid_channels: size, out_channels: size, ...v1 }),
  repmlp_v1_bottleneck_block: strictObject({ in_channels: size, mid_channels: size, out_channels: size, r: size, ...v1 }),
  repmlpnet_block: strictObject({
    in_channels: size,
    out_channels: size,
    h: size,
    w: size,
    reparam_conv_k: kernels,
    globalperceptron_reduce: size,
    num_sharesets: size,
    deploy,
  }),
  repmlpnet_unit: strictObject({
    channels: size,
    h: size,
    w: size,
    reparam_conv_k: kernels,
    globalperceptron_reduce: size,
    ffn_expand: size.default(4),
    num_sharesets: size,
    deploy,
  }),
  repmlpnet_ffn: strictObject({ in_channels: size, hidden_channels: size.optional(), out_channels: size.optional() }),
  repmlpnet_model: strictObject({
    in_channels: size,
    num_class: size,
    patch_size: z.tuple([size, size]).default([4, 4]),
    num_blocks: z.array(size),
    channels: z.array(size),
    hs: z.array(size),
    ws: z.array(size),
    sharesets_nums: z.array(size),
    reparam_conv_k: kernels,
    globalperceptron_reduce: size.default(4),
    deploy,
  }),
};

/** Whether a text names a block family. */
export function isBlockFamily(name: string): name is BlockFamily {
  return (BLOCK_FAMILIES as readonly string[]).includes(name);
}

/**
 * One block (or RepMLPNet) as a network, from the official constructor's arguments. Blocks whose partitions are counted
 * from the input get one partition, a RepMLPNet the least input that all its stages can split; use `withInputSize` for larger ones.
 * Throws UserError naming the argument that is missing, unknown or impossible.
 */
export function blockSpec(family: BlockFamily, config: unknown): NetworkSpec {
  const parsed = blockConfigs[family].safeParse(config, { reportInput: true });
  if (!parsed.success) {
    throw new UserError(`configuration of block ${family}: ${firstIssue(parsed.error, 'the object')}`);
  }
  return checkedSpec(blockNetwork(family, parsed.data));
}

type ConfigOf<F extends BlockFamily> = z.infer<(typeof blockConfigs)[F]>;

function blockNetwork(family: BlockFamily, config: unknown): NetworkSpec {
  switch (family) {
    case 'repmlp_v1': {
      const c = config as ConfigOf<'repmlp_v1'>;
      return network(family, [c.in_channels, c.H, c.W], [repMlp('', { C: c.in_channels, O: c.out_channels, ...v1Map(c) })]);
    }
    case 'repmlp_v1_light_block': {
      const c = config as ConfigOf<'repmlp_v1_light_block'>;
      return network(family, [c.in_channels, c.H, c.W], [lightBlock('', { ...channelsOf(c), ...v1Map(c) })]);
    }
    case 'repmlp_v1_bottleneck_block': {
      const c = config as ConfigOf<'repmlp_v1_bottleneck_block'>;
      return network(family, [c.in_channels, c.H, c.W], [bottleneckBlock('', { ...channelsOf(c), r: c.r, ...v1Map(c) })]);
    }
    case 'repmlpnet_block': {
      const c = config as ConfigOf<'repmlpnet_block'>;
      if (c.in_channels !== c.out_channels)
        throw new UserError(
          `configuration of block ${family}: out_channels must equal in_channels (${c.in_channels}), got ${c.out_channels}`,
        );
      return network(family, [c.in_channels, c.h, c.w], [repMlpNetBlock('', netSettings(c.in_channels, c))]);
    }
    case 'repmlpnet_unit': {
      const c = config as ConfigOf<'repmlpnet_unit'>;
      return network(family, [c.channels, c.h, c.w], [repMlpNetUnit('', netSettings(c.channels, c), c.ffn_expand)]);
    }
    case 'repmlpnet_ffn': {
      const c = config as ConfigOf<'repmlpnet_ffn'>;
      return network(family, [c.in_channels, 1, 1], [ffn('', c.in_channels, c.hidden_channels ?? c.in_channels, c.out_channels)]);
    }
    case 'repmlpnet_model': {
      const c = config as ConfigOf<'repmlpnet_model'>;
      return { ...network(family, modelInput(c), repMlpNetLayers(c)), order: REPMLPNET_ORDER };
    }
    default:
      return assertNever(family);
  }
}

function network(name: string, [channels, height, width]: readonly number[], layers: readonly LayerSpec[]): NetworkSpec {
  return { format: 'repmlp-network', version: 1, name, task: 'classification', form: 'train', input: { channels, height, width }, layers };
}

function v1Map(c: ConfigOf<'repmlp_v1'> | ConfigOf<'repmlp_v1_light_block'>) {
  return { H: c.H, W: c.W, h: c.h, w: c.w, kernels: c.reparam_conv_k, reduction: c.fc1_fc2_reduction, groups: c.fc3_groups };
}

function channelsOf(c: ConfigOf<'repmlp_v1_light_block'>) {
  return { in: c.in_channels, mid: c.mid_channels, out: c.out_channels };
}

function netSettings(
  C: number,
  c: { h: number; w: number; reparam_conv_k: number[]; globalperceptron_reduce: number; num_sharesets: number },
): RepMlpNetSettings {
  return { C, h: c.h, w: c.w, kernels: c.reparam_conv_k, reduction: c.globalperceptron_reduce, shareSets: c.num_sharesets };
}

function modelInput(c: RepMlpNetConfig): number[] {
  return [c.in_channels, leastMap(c.hs) * c.patch_size[0], leastMap(c.ws) * c.patch_size[1]];
}

/** More partitions along a side than this are not looked for. */
const MOST_PARTITIONS = 4096;

/**
 * Least side of the first stage's map that every stage can split into its partitions, each stage's map being half the one
 * before; one partition where no side fits, for the walk to say which stage refuses.
 */
function leastMap(sides: readonly number[]): number {
  const fits = (first: number): boolean => sides.every((side, stage) => isMultiple(Math.floor(first / 2 ** stage), side));
  const counts = Array.from({ length: MOST_PARTITIONS }, (_, index) => index + 1);
  return sides[0] * (counts.find((count) => fits(sides[0] * count)) ?? 1);
}

function isMultiple(map: number, side: number): boolean {
  return map >= side && map % side === 0;
}
