import { describe, expect, test } from 'vitest';
import type { ModuleSettings } from '../../checkpoint/checkpoint-file';
import { blockSpec } from '../block-families';
import { parametersOf } from '../parameters';
import type { NetworkSpec } from '../spec';
import { buildModel } from '../zoo';
import { understand } from './understand';

const net = { in_channels: 4, out_channels: 4, h: 2, w: 8, reparam_conv_k: [3], globalperceptron_reduce: 2, num_sharesets: 2 };
const v1 = { in_channels: 4, out_channels: 4, H: 8, W: 8, h: 4, w: 4, reparam_conv_k: [1, 3], fc3_groups: 1 };

function fileOf(spec: NetworkSpec, settings: Record<string, ModuleSettings['values']> = {}, className = 'torch.nn.modules.conv.Conv2d') {
  const moduleSettings = new Map(Object.entries(settings).map(([module, values]) => [module, { className, values }]));
  return { fileName: 'net.pth', tensors: parametersOf(spec).map(({ name, dtype, shape }) => ({ name, dtype, shape })), moduleSettings };
}

describe('partitions', () => {
  test('of a RepMLPNet block of area 16 are asked for', () => {
    const { questions } = understand(fileOf(blockSpec('repmlpnet_block', net)));
    expect(questions).toEqual([
      {
        block: '',
        partitions: [
          [4, 4],
          [2, 8],
          [8, 2],
          [1, 16],
          [16, 1],
        ],
      },
    ]); // prettier-ignore
  });

  test('are asked for where only portrait and landscape are left', () => {
    const block = blockSpec('repmlpnet_block', { ...net, h: 3, w: 2 });
    expect(understand(fileOf(block)).questions[0].partitions.slice(0, 2)).toEqual([
      [2, 3],
      [3, 2],
    ]); // prettier-ignore
  });

  test('that all give the same merge are not asked for', () => {
    const { questions, others } = understand(fileOf(blockSpec('repmlpnet_block', { ...net, reparam_conv_k: [1] })));
    expect([questions, others.size]).toEqual([[], 0]);
  });

  test('come from the pickled module', () => {
    const { spec, questions, said } = understand(fileOf(blockSpec('repmlpnet_block', net), { '': { h: 2, w: 8, S: 2 } }));
    expect(questions).toEqual([]);
    expect(spec?.layers[0]).toMatchObject({ h: 2, w: 8 });
    expect(said.join()).toMatch(/2x8 from the file's modules/);
  });

  test('of a module that its tensors do not fit are refused', () => {
    expect(() => understand(fileOf(blockSpec('repmlpnet_block', net), { '': { h: 3, w: 8 } }))).toThrow(/says h = 3, w = 8/);
  });

  test('of a v1 block are assumed square, which is said, with the others', () => {
    const { questions, said, others } = understand(fileOf(blockSpec('repmlp_v1', v1)));
    expect(questions).toEqual([]);
    expect(said.join()).toMatch(/assumed a partition of 4x4.*2x8, 8x2, 1x16 or 16x1 would fit/);
    expect([...others.values()][0].map(({ h, w }) => [h, w])).toEqual([
      [2, 8],
      [8, 2],
      [1, 16],
      [16, 1],
    ]); // prettier-ignore
  });

  test('of a published network are said to be those it is published with', () => {
    const { questions, said } = understand(fileOf(buildModel('repmlpnet-small')));
    expect([questions, said.join()]).toEqual([[], expect.stringMatching(/assumed square partitions/)]);
  });
});

describe('eps', () => {
  const block = blockSpec('repmlpnet_block', { ...net, h: 3, w: 3 });
  const norm = 'torch.nn.modules.batchnorm.BatchNorm2d';

  test('of a pickled batch norm is used, and said', () => {
    const file = fileOf(block, { fc3_bn: { eps: 1e-3 }, 'repconv3.bn': { eps: 1e-3 } }, norm);
    const { spec, said } = understand(file);
    expect(spec?.layers[0]).toMatchObject({ eps: 1e-3 });
    expect(said.join()).toMatch(/eps 0\.001 from the file's modules/);
    expect(() => understand(file, { partitions: [], eps: 1e-5 })).toThrow(/contradicts the file/);
  });

  test('that is zero is not taken for none', () => {
    expect(understand(fileOf(block), { partitions: [], eps: 0 }).spec?.layers[0]).toMatchObject({ eps: 0 });
  });
});

describe('a pickled module that computes something else is refused', () => {
  const block = blockSpec('repmlpnet_block', { ...net, h: 3, w: 3 });
  test.each<[string, ModuleSettings['values'], RegExp]>([
    ['stride', { stride: [2, 2] }, /repconv3\.conv has stride 2x2, expected 1x1/],
    ['dilation', { dilation: [2, 2] }, /has dilation 2x2/],
    ['padding', { padding: [0, 0] }, /has padding 0x0, expected 1x1/],
    ['padding mode', { padding_mode: 'reflect' }, /pads with 'reflect'/],
    ['groups', { groups: 1 }, /has 1 groups, expected 2/],
  ])('%s', (_, values, message) => {
    expect(() => understand(fileOf(block, { 'repconv3.conv': values }))).toThrow(message);
  });

  test('a class of its own', () => {
    expect(() => understand(fileOf(block, { 'repconv3.conv': {} }, 'mine.WSConv2d'))).toThrow(/is a mine\.WSConv2d/);
  });
});
