import { describe, expect, test } from 'vitest';
import { blockSpec } from './block-families';
import { parseNetworkSpec } from './schema';
import { buildModel } from './zoo';

const conv = {
  kind: 'conv2d',
  name: 'conv',
  in: 3,
  out: 4,
  kernel: [3, 3],
  stride: [1, 1],
  padding: [1, 1],
  dilation: [1, 1],
  groups: 1,
  bias: true,
};
const described = (...layers: object[]) => ({
  format: 'repmlp-network',
  version: 1,
  name: 'by hand',
  task: 'classification',
  form: 'train',
  input: { channels: 3, height: 8, width: 8 },
  layers: [conv, ...layers],
});
const block = { kind: 'repmlp', name: 'block', C: 4, O: 4, H: 8, W: 8, h: 8, w: 8, kernels: [1], reduction: 1, groups: 1, form: 'train' };

test('a description written by hand is taken', () => {
  expect(parseNetworkSpec(described(block)).layers).toHaveLength(2);
});

test('an order may name the common beginning of several layers', () => {
  const [first, second] = ['stages.0', 'stages.1'].map((name) => ({ ...block, name }));
  expect(parseNetworkSpec({ ...described(first, second), order: ['stages', 'conv'] }).order).toEqual(['stages', 'conv']);
});

describe('a mistake in a description is named with its place', () => {
  test.each<[string, object, RegExp]>([
    ['a missing field', described({ ...block, groups: undefined }), /layers\.1\.groups: is missing; it takes a number/],
    ['an unknown field', described({ ...block, group: 2 }), /layers\.1\.group: is no field here; did you mean "groups"\? Known: .*groups/],
    ['a slip that leaves a field missing', described({ ...block, groups: undefined, group: 2 }), /layers\.1\.group: .*"groups"/],
    ['a slip in an optional field', { ...described(block), ordre: ['conv'] }, /ordre: is no field here; did you mean "order"/],
    ['a field of the input', { ...described(), input: { channels: 3, height: 8, widht: 8 } }, /input\.widht: .*did you mean "width"/],
    ['a kind that is none', described({ ...block, kind: 'conv3d' }), /layers\.1\.kind: is "conv3d"; did you mean "conv2d"/],
    ['a word that is none of the choices', described({ ...block, form: 'trian' }), /layers\.1\.form: is "trian"; did you mean "train"/],
    ['a text for a number', described({ ...block, C: '4' }), /layers\.1\.C: takes a number, got string/],
    ['a broken number', described({ ...block, C: 2.5 }), /layers\.1\.C: takes an integer, got 2\.5/],
    ['a number out of range', described({ ...block, C: 0 }), /layers\.1\.C: too small: .*got 0/],
    ['an even kernel', described({ ...block, kernels: [1, 4] }), /layers\.1\.kernels\.1: kernel sizes are odd, got 4/],
    ['an order that names no layer', { ...described(block), order: ['conv', 'blok'] }, /order: there is no layer called "blok".*"block"/],
    [
      'an order inside a layer that names no layer',
      described({ kind: 'sequential', name: 'trunk', layers: [block], order: ['blok'] }),
      /layer trunk: order: there is no layer called "blok"/,
    ],
    ['partitions that do not divide', described({ ...block, h: 3 }), /layer block: h = 3 must divide H = 8/],
    ['a map that does not fit', described({ ...block, C: 8, O: 8 }), /layer block: .*\[8, 8, 8\], got \[4, 8, 8\]/],
    ['two layers of one name', described({ ...conv, in: 4 }), /two layers own a parameter called conv\.weight/],
    ['a merged layer in a train network', described({ ...block, form: 'merged' }), /layer block: is in merged form/],
    ['a PReLU for other channels', described({ kind: 'activation', name: 'a', function: 'prelu', channels: 0 }), /layer a: expected 0/],
  ])('%s', (_, json, sentence) => {
    expect(() => parseNetworkSpec(json)).toThrow(sentence);
  });
});

const model = {
  in_channels: 3,
  num_class: 10,
  num_blocks: [1, 1],
  channels: [8, 16],
  hs: [4, 2],
  ws: [4, 2],
  sharesets_nums: [2, 4],
  reparam_conv_k: [1],
};

describe('impossible settings are named', () => {
  test.each<[string, object, RegExp]>([
    ['an argument with a slip in its name', { ...model, reparam_conv_ks: [1] }, /reparam_conv_ks: .*did you mean "reparam_conv_k"/],
    ['a list shorter than the stages', { ...model, hs: [4] }, /hs needs one number per stage; it has 1, channels has 2/],
    ['no stages at all', { ...model, channels: [] }, /channels needs one number per stage/],
    ['a stage too deep to be meant', { ...model, num_blocks: [1, 1e6] }, /at most 1000 blocks/],
  ])('%s', (_, config, sentence) => {
    expect(() => blockSpec('repmlpnet_model', config)).toThrow(sentence);
  });

  test('a reduction that leaves a part of a channel', () => {
    const config = { in_channels: 16, mid_channels: 8, out_channels: 16, r: 3, H: 8, W: 8, h: 4, w: 4, reparam_conv_k: [1] };
    expect(() => blockSpec('repmlp_v1_bottleneck_block', config)).toThrow(/do not divide|must divide/);
  });

  test('an empty list on the command line', () => {
    expect(() => buildModel('repmlpnet-small', { channels: '' })).toThrow(/one number per stage/);
  });
});

test('an FFN may widen: its last layer has the output channels', () => {
  const { layers } = blockSpec('repmlpnet_ffn', { in_channels: 4, hidden_channels: 8, out_channels: 6 });
  expect(JSON.stringify(layers)).toContain('"out":6');
});
