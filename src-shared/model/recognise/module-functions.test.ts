import { describe, expect, test } from 'vitest';
import type { ModuleSettings } from '../../checkpoint/checkpoint-file';
import { blockSpec } from '../block-families';
import { parametersOf } from '../parameters';
import type { NetworkSpec } from '../spec';
import { buildModel } from '../zoo';
import { NO_CHOICE } from './partition-readings';
import { understand } from './understand';

const CONV = 'torch.nn.modules.conv.Conv2d';
const NORM = 'torch.nn.modules.batchnorm.BatchNorm2d';
const SEQUENTIAL = 'torch.nn.modules.container.Sequential';
const RELU = 'torch.nn.modules.activation.ReLU';

const v1 = { in_channels: 4, out_channels: 4, H: 2, W: 8, h: 2, w: 8, reparam_conv_k: [1, 3], fc3_groups: 1 };
const block = blockSpec('repmlp_v1', v1);
const net = buildModel('repmlpnet-small');

/** A pickled network: its modules by path, in the order they were registered in, each a class and what it says. */
function pickled(spec: NetworkSpec, modules: readonly (readonly [path: string, className: string, values?: ModuleSettings['values']])[]) {
  const moduleSettings = new Map(modules.map(([path, className, values = {}]) => [path, { className, values }]));
  return { fileName: 'net.pth', tensors: parametersOf(spec).map(({ name, dtype, shape }) => ({ name, dtype, shape })), moduleSettings };
}

const branch = [
  ['repconv3', SEQUENTIAL],
  ['repconv3.conv', CONV],
  ['repconv3.bn', NORM],
] as const;

describe('a pickled conv branch', () => {
  test('of a convolution, a batch norm and what does nothing in eval mode is folded', () => {
    const file = pickled(block, [...branch, ['repconv3.drop', 'torch.nn.modules.dropout.Dropout']]);
    expect(understand(file).spec?.name).toBe('repmlp_v1');
  });

  test.each([RELU, 'mine.Noise', 'torch.nn.modules.pooling.AvgPool2d'])('with a %s in it is refused by its name', (className) => {
    expect(() => understand(pickled(block, [...branch, ['repconv3.act', className]]))).toThrow(`repconv3.act is a ${className}`);
  });

  test('inside an unknown network is refused as well', () => {
    const file = pickled(block, [...branch, ['repconv3.act', RELU]]);
    const tensors = [
      ...file.tensors.map((info) => ({ ...info, name: `b.${info.name}` })),
      { name: 'head.w', dtype: 'float32', shape: [2] } as const,
    ];
    const moduleSettings = new Map([...file.moduleSettings].map(([path, said]) => [`b.${path}`, said]));
    const { blocks } = understand({ ...file, tensors, moduleSettings });
    expect(blocks[0].problem).toMatch(/b\.repconv3\.act is a .*ReLU inside a conv branch/);
  });

  test('whose batch norm is applied first is refused', () => {
    const [holder, conv, norm] = branch;
    expect(() => understand(pickled(block, [holder, norm, conv]))).toThrow(/repconv3 applies its batch norm before its convolution/);
    const stem = ['', '.bn', '.conv'].map(
      (part) => [`conv_embedding${part}`, { '': SEQUENTIAL, '.bn': NORM, '.conv': CONV }[part] as string] as const,
    );
    expect(() => understand(pickled(net, stem))).toThrow(/conv_embedding applies its batch norm before/);
  });

  test('of a class that only has the name of a convolution is refused', () => {
    expect(() => understand(pickled(block, [['repconv3.conv', 'mine.Conv2d']]))).toThrow(/is a mine\.Conv2d/);
    expect(() => understand(pickled(block, [['repconv3.conv', 'torch.ao.nn.qat.modules.conv.Conv2d']]))).toThrow(/qat/);
    expect(understand(pickled(block, [['repconv3.conv', 'mmcv.cnn.bricks.wrappers.Conv2d']])).spec).not.toBeNull();
  });
});

describe('an activation among the modules of a network', () => {
  test.each(['ReLU', 'Sigmoid'])('that the Global Perceptron has, a %s, is no other function', (name) => {
    const path = 'stages.0.0.repmlp_block.gp.act';
    expect(understand(pickled(net, [[path, `torch.nn.modules.activation.${name}`]])).spec).not.toBeNull();
  });

  test.each(['SiLU', 'Hardswish', 'ReLU6', 'LeakyReLU', 'ReLU'])('a %s in a feed-forward network of GELU is refused', (name) => {
    const path = 'stages.0.0.ffn_block.act';
    expect(() => understand(pickled(net, [[path, `torch.nn.modules.activation.${name}`]]))).toThrow(/ffn_block\.act is a .*expected gelu/);
  });

  test('GELU is the exact one', () => {
    const at = (approximate: string) => pickled(net, [['stages.0.0.ffn_block.act', 'torch.nn.modules.activation.GELU', { approximate }]]);
    expect(understand(at('none')).spec).not.toBeNull();
    expect(() => understand(at('tanh'))).toThrow(/approximated by tanh/);
  });
});

test('a description of other partitions than the pickled module has is refused', () => {
  const file = pickled(block, [['', 'repmlp.RepMLP', { h: 2, w: 8, H: 2, W: 8, C: 4, O: 4 }]]);
  const square = blockSpec('repmlp_v1', { ...v1, H: 4, W: 4, h: 4, w: 4 });
  expect(() => understand(file, NO_CHOICE, square)).toThrow(/says h = 2, w = 8.*described has h = 4, w = 4/);
  expect(understand(file, NO_CHOICE, block).spec).not.toBeNull();
});

test('what was assumed of a block is said where a merged block stands before it', () => {
  const merged = [
    { name: 'a.fc3.weight', dtype: 'float32', shape: [36, 36, 1, 1] },
    { name: 'a.fc3.bias', dtype: 'float32', shape: [36] },
  ] as const;
  const train = parametersOf(blockSpec('repmlp_v1', { ...v1, H: 3, W: 3, h: 3, w: 3 })).map(({ name, dtype, shape }) => ({
    name: `b.${name}`,
    dtype,
    shape,
  }));
  const file = pickled(block, [['a', 'mine.Merged', { h: 3, w: 3 }]]);
  expect(understand({ ...file, tensors: [...merged, ...train] }).said.join()).toMatch(/assumed for b: 4 input channels/);
});

test('C, O and the partition of a merged block, which shapes cannot tell, come from its pickled module', () => {
  const tensors = [
    { name: 'fc3.weight', dtype: 'float32', shape: [8 * 6, 4 * 6, 1, 1] },
    { name: 'fc3.bias', dtype: 'float32', shape: [8 * 6] },
  ] as const;
  const said = { C: 8, O: 8, h: 2, w: 3, H: 2, W: 3, fc3_groups: 2 };
  const { spec } = understand({ ...pickled(block, [['', 'repmlp.RepMLP', said]]), tensors });
  expect(spec?.layers[0]).toMatchObject({ C: 8, O: 8, h: 2, w: 3, groups: 2 });
  expect(spec?.input).toEqual({ channels: 8, height: 2, width: 3 });
  expect(() => understand({ ...pickled(block, [['', 'repmlp.RepMLP', { ...said, w: 4 }]]), tensors })).toThrow(
    /its tensors have other sizes/,
  );
});

test.each(['prenorm', 'pre_bn', 'in_norm', 'PreBN'])('a batch norm called %s is not read as the one after its convolution', (name) => {
  const tensors = parametersOf(block).map(({ name: own, dtype, shape }) => ({
    name: own.replace('repconv3.bn', `repconv3.${name}`),
    dtype,
    shape,
  }));
  const { spec, recognition } = understand({ fileName: 'net.pth', tensors, moduleSettings: new Map() });
  expect([spec, recognition.blocks[0].problem]).toEqual([null, expect.stringMatching(/repconv3\.\w+ is (missing|not part)|is missing/)]);
});
