// State dicts that hold one of the papers' blocks and nothing else, or a RepMLPNet of free dimensions.
import { UserError } from '../../base/user-error';
import { blockSpec, type BlockFamily } from '../block-families';
import type { NetworkSpec, RepBlock, RepMlp, RepMlpNetBlock } from '../spec';
import { findBlocks, type FoundBlock } from './blocks';
import type { ShapeBook } from './shapes';

/** A candidate network and what had to be assumed for it. */
export interface SingleSpec {
  readonly spec: NetworkSpec;
  readonly assumed: readonly string[];
}

/** Candidates by the block's place: bare, in a light block, in a bottleneck, in a RepMLPNet unit; an FFN; a RepMLPNet. */
export function singleBlockSpecs(book: ShapeBook): SingleSpec[] {
  if (book.has('conv_embedding.conv.weight')) return repMlpNetSpec(book);
  if (book.has('ffn_fc1.conv.weight'))
    return candidate(
      'repmlpnet_ffn',
      { in_channels: book.size('ffn_fc1.conv.weight', 1), hidden_channels: book.size('ffn_fc1.conv.weight', 0) },
      [],
    );
  const found = findBlocks(book);
  if (found.length !== 1) return [];
  const [{ prefix, readings, assumed }] = found;
  return ofDifferentShapes(readings).flatMap((block) => familyCandidates(book, prefix, block, assumed));
}

/** One reading of each set of tensor shapes. */
function ofDifferentShapes(readings: readonly RepBlock[]): RepBlock[] {
  const shapeKey = (block: RepBlock): string =>
    block.kind === 'repmlp' ? `${block.C} ${block.O} ${block.groups} ${block.h * block.w}` : '';
  return [...new Map([...readings].reverse().map((block) => [shapeKey(block), block])).values()].reverse();
}

function familyCandidates(book: ShapeBook, prefix: string, block: RepBlock, assumed: readonly string[]): SingleSpec[] {
  if (block.kind === 'repmlpNetBlock') {
    if (prefix === '')
      return candidate('repmlpnet_block', { in_channels: block.C, out_channels: block.C, ...netArguments(block) }, assumed);
    const expansion = book.size('ffn_block.ffn_fc1.conv.weight', 0) / block.C;
    return candidate('repmlpnet_unit', { channels: block.C, ...netArguments(block), ffn_expand: expansion }, assumed);
  }
  if (prefix === '') return candidate('repmlp_v1', { in_channels: block.C, out_channels: block.O, ...v1Arguments(block) }, assumed);
  if (prefix === 'light_repmlp.')
    return candidate('repmlp_v1_light_block', { ...outerChannels(book, 'light_conv1', 'light_conv3'), ...v1Arguments(block) }, assumed);
  if (prefix !== 'btnk_repmlp.') return [];
  const channels = outerChannels(book, 'btnk_conv1', 'btnk_conv5');
  return candidate('repmlp_v1_bottleneck_block', { ...channels, r: channels.mid_channels / block.C, ...v1Arguments(block) }, assumed);
}

function outerChannels(book: ShapeBook, first: string, last: string) {
  return {
    in_channels: book.size(`${first}.conv.weight`, 1),
    mid_channels: book.size(`${first}.conv.weight`, 0),
    out_channels: book.size(`${last}.conv.weight`, 0),
  };
}

function v1Arguments({ H, W, h, w, kernels, reduction, groups }: RepMlp) {
  return { H, W, h, w, reparam_conv_k: kernels, fc1_fc2_reduction: reduction, fc3_groups: groups };
}

function netArguments({ h, w, kernels, reduction, shareSets }: RepMlpNetBlock) {
  return { h, w, reparam_conv_k: kernels, globalperceptron_reduce: reduction, num_sharesets: shareSets };
}

function candidate(family: BlockFamily, config: object, assumed: readonly string[]): SingleSpec[] {
  try {
    return [{ spec: blockSpec(family, config), assumed }];
  } catch (error) {
    if (error instanceof UserError) return [];
    throw error;
  }
}

function repMlpNetSpec(book: ShapeBook): SingleSpec[] {
  const stages = book.captures(/^stages\.(\d+)\./);
  const found = findBlocks(book);
  const firsts = stages.map((stage) => found.find(({ prefix }) => prefix === `stages.${stage}.0.repmlp_block.`));
  const blocks = firsts.flatMap((first: FoundBlock | undefined) => (first?.block.kind === 'repmlpNetBlock' ? [first.block] : []));
  if (blocks.length === 0 || blocks.length !== stages.length) return [];
  const config = {
    in_channels: book.size('conv_embedding.conv.weight', 1),
    num_class: book.size('head.weight', 0),
    patch_size: [book.size('conv_embedding.conv.weight', 2), book.size('conv_embedding.conv.weight', 3)],
    num_blocks: stages.map((stage) => book.captures(new RegExp(`^stages\\.${stage}\\.(\\d+)\\.`)).length),
    channels: blocks.map((block) => block.C),
    hs: blocks.map((block) => block.h),
    ws: blocks.map((block) => block.w),
    sharesets_nums: blocks.map((block) => block.shareSets),
    reparam_conv_k: blocks[0].kernels,
    globalperceptron_reduce: blocks[0].reduction,
  };
  return candidate('repmlpnet_model', config, [...new Set(found.flatMap((entry) => entry.assumed))]);
}
