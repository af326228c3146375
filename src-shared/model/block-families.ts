// One block (or RepMLPNet) as a network of its own, described by the official constructor's arguments: what `--block FAMILY
// --config FILE` names. A family is one record: the arguments it takes, and the network they make.
import { z } from 'zod';
import { UserError } from '../base/user-error';
import {
  bottleneckBlock,
  ffn,
  lightBlock,
  REPMLPNET_ORDER,
  repMlp,
  repMlpNetBlock,
  repMlpNetLayers,
  repMlpNetUnit,
  type RepMlpNetConfig,
  type RepMlpNetSettings,
} from './blocks';
import { checkedSpec } from './schema';
import type { LayerSpec, NetworkSpec } from './spec';
import { firstIssue, strictObject } from './strict-object';

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
const inside = { in_channels: size, mid_channels: size, out_channels: size };
const net = { h: size, w: size, reparam_conv_k: kernels, globalperceptron_reduce: size, num_sharesets: size, deploy };

type Arguments<Shape extends z.ZodRawShape> = z.infer<z.ZodObject<Shape>>;

/** The network that a family makes of the constructor's arguments, as JSON gives them. */
type Build = (family: string, config: unknown) => NetworkSpec;

function family<Schema extends z.ZodType>(schema: Schema, build: (config: z.infer<Schema>, family: string) => NetworkSpec): Build {
  return (name, config) => {
    const parsed = schema.safeParse(config, { reportInput: true });
    if (!parsed.success) throw new UserError(`configuration of block ${name}: ${firstIssue(parsed.error, 'the object')}`);
    return build(parsed.data, name);
  };
}

const FAMILIES = {
  repmlp_v1: family(strictObject({ in_channels: size, out_channels: size, ...v1 }), (c, name) =>
    network(name, [c.in_channels, c.H, c.W], [repMlp('', { C: c.in_channels, O: c.out_channels, ...v1Map(c) })]),
  ),
  repmlp_v1_light_block: family(strictObject({ ...inside, ...v1 }), (c, name) =>
    network(name, [c.in_channels, c.H, c.W], [lightBlock('', { ...channelsOf(c), ...v1Map(c) })]),
  ),
  repmlp_v1_bottleneck_block: family(strictObject({ ...inside, r: size, ...v1 }), (c, name) =>
    network(name, [c.in_channels, c.H, c.W], [bottleneckBlock('', { ...channelsOf(c), r: c.r, ...v1Map(c) })]),
  ),
  repmlpnet_block: family(strictObject({ in_channels: size, out_channels: size, ...net }), (c, name) => {
    if (c.in_channels !== c.out_channels)
      throw new UserError(`configuration of block ${name}: out_channels must equal in_channels (${c.in_channels}), got ${c.out_channels}`);
    return network(name, [c.in_channels, c.h, c.w], [repMlpNetBlock('', netSettings(c.in_channels, c))]);
  }),
  repmlpnet_unit: family(strictObject({ channels: size, ffn_expand: size.default(4), ...net }), (c, name) =>
    network(name, [c.channels, c.h, c.w], [repMlpNetUnit('', netSettings(c.channels, c), c.ffn_expand)]),
  ),
  repmlpnet_ffn: family(strictObject({ in_channels: size, hidden_channels: size.optional(), out_channels: size.optional() }), (c, name) =>
    network(name, [c.in_channels, 1, 1], [ffn('', c.in_channels, c.hidden_channels ?? c.in_channels, c.out_channels)]),
  ),
  repmlpnet_model: family(
    strictObject({
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
    (c, name) => ({ ...network(name, modelInput(c), repMlpNetLayers(c)), order: REPMLPNET_ORDER }),
  ),
};

export type BlockFamily = keyof typeof FAMILIES;
/** Families of single blocks the command line takes with `--block`. */
export const BLOCK_FAMILIES = Object.keys(FAMILIES) as BlockFamily[];

/** Whether a text names a block family. */
export function isBlockFamily(name: string): name is BlockFamily {
  return Object.hasOwn(FAMILIES, name);
}

/**
 * One block (or RepMLPNet) as a network, from the official constructor's arguments. Blocks whose partitions are counted
 * from the input get one partition, a RepMLPNet the least input that all its stages can split; use `withInputSize` for larger ones.
 * Throws UserError naming the argument that is missing, unknown or impossible.
 */
export function blockSpec(family: BlockFamily, config: unknown): NetworkSpec {
  return checkedSpec(FAMILIES[family](family, config));
}

function network(name: string, [channels, height, width]: readonly number[], layers: readonly LayerSpec[]): NetworkSpec {
  return { format: 'repmlp-network', version: 1, name, task: 'classification', form: 'train', input: { channels, height, width }, layers };
}

function v1Map(c: Arguments<typeof v1>) {
  return { H: c.H, W: c.W, h: c.h, w: c.w, kernels: c.reparam_conv_k, reduction: c.fc1_fc2_reduction, groups: c.fc3_groups };
}

function channelsOf(c: Arguments<typeof inside>) {
  return { in: c.in_channels, mid: c.mid_channels, out: c.out_channels };
}

function netSettings(C: number, c: Arguments<typeof net>): RepMlpNetSettings {
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
