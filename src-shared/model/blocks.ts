// The blocks of both papers, train form, with the official modules' names.
import { largestOf } from '../base/extremes';
import { UserError } from '../base/user-error';
import { batchNorm, classifier, convBn, relu, residual, sequential } from './layers';
import type { LayerSpec, Pair, RepMlp, RepMlpNetBlock, Residual, Sequential } from './spec';

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
  const deepest = largestOf(config.num_blocks);
  if (deepest > MOST_BLOCKS) throw new UserError(`RepMLPNet: a stage has at most ${MOST_BLOCKS} blocks, got ${deepest}`);
}

/** State-dict order of a RepMLPNet: all stages before the embeddings between them. */
export const REPMLPNET_ORDER = ['conv_embedding', 'stages', 'embeds', 'head_norm', 'head'] as const;
