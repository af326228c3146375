import { describe, expect, test } from 'vitest';
import { group, readReferenceTensors, referenceCases } from '../../../tests/reference';
import { mergedSpec } from '../merged-spec';
import type { Tensor, TensorInfo } from '../../tensor/tensor';
import { parametersOf } from '../parameters';
import type { NetworkSpec } from '../spec';
import { buildModel, zoo } from '../zoo';
import { recognise } from './recognise';

function infoOf(tensors: ReadonlyMap<string, Tensor>): TensorInfo[] {
  return [...tensors].map(([name, { dtype, shape }]) => ({ name, dtype, shape }));
}

function infoOfSpec(spec: NetworkSpec): TensorInfo[] {
  return parametersOf(spec).map(({ name, dtype, shape }) => ({ name, dtype, shape }));
}

describe('every zoo model is recognised from names and shapes', () => {
  test.each(zoo.map((entry) => entry.name))('%s in train form', (name) => {
    const { recognised } = recognise(infoOfSpec(buildModel(name)));
    expect({ model: recognised?.model, form: recognised?.form }).toEqual({ model: name, form: 'train' });
  });

  // Merging erases the kernel list and the difference between ablations B and A; those pairs share a merged form.
  const indistinct = /-no-local$/;
  test.each(zoo.map((entry) => entry.name).filter((name) => !indistinct.test(name)))('%s in merged form', (name) => {
    const { recognised } = recognise(infoOfSpec(mergedSpec(buildModel(name))));
    expect({ model: recognised?.model, form: recognised?.form }).toEqual({ model: name, form: 'merged' });
  });
});

test('settings that differ from the defaults are told', () => {
  const { recognised } = recognise(infoOfSpec(buildModel('repmlp-res50-bottleneck-224', { stages: 'c4', r: '8', g: '4', classes: '10' })));
  expect(recognised).toMatchObject({ model: 'repmlp-res50-bottleneck-224', settings: { stages: 'c4', r: '8', g: '4', classes: '10' } });
});

describe('the official blocks are recognised', () => {
  // Shapes do not tell a partition's two sides apart, nor C from O where no Global Perceptron or branch counts C.
  const ambiguous = /rect|width_only|height_only|cneqo|knone|2x1parts/;
  test.each(referenceCases.filter(({ id }) => !ambiguous.test(id)))('$id', ({ family, file }) => {
    const { recognised } = recognise(infoOf(group(readReferenceTensors(file), 'train')));
    expect(recognised?.form).toBe('train');
    if (family !== 'repmlpnet_model') expect(recognised?.model).toBe(family);
  });
});

test('an unknown network is answered with the nearest model, what differs, and the blocks inside', () => {
  const tensors = infoOfSpec(buildModel('repmlp-res50-bottleneck-224')).filter(({ name }) => name !== 'linear.bias');
  const { recognised, nearest, blocks } = recognise(tensors);
  expect(recognised).toBeNull();
  expect(nearest).toMatchObject({ model: 'repmlp-res50-bottleneck-224', form: 'train', difference: 'missing: linear.bias' });
  expect(blocks.map(({ prefix }) => prefix)).toContain('stage3.5.btnk_repmlp.');
});

describe('a block whose tensors cannot be computed with is told, with the tensor', () => {
  const tensors = infoOfSpec(buildModel('pure-mlp-small'));
  const foreign = (change: (info: TensorInfo) => TensorInfo[]) =>
    recognise(tensors.flatMap((info) => (info.name.startsWith('stage1.mix1.') ? change({ ...info, name: `trunk.${info.name}` }) : [])));

  test('integers for weights', () => {
    const { blocks } = foreign((info) => [info.name.endsWith('fc3.weight') ? { ...info, dtype: 'int64' } : info]);
    expect(blocks.map(({ problem }) => problem)).toEqual(['trunk.stage1.mix1.fc3.weight is int64, expected a float type']);
  });

  test('running statistics left out', () => {
    const { blocks } = foreign((info) => (info.name.endsWith('fc3_bn.running_var') ? [] : [info]));
    expect(blocks[0].problem).toMatch(/^trunk\.stage1\.mix1\.fc3_bn\.running_var is missing/);
  });

  test('no problem where everything is there', () => {
    expect(foreign((info) => [info]).blocks.map(({ problem }) => problem)).toEqual([null]);
  });

  test('integers in a known network', () => {
    const { recognised, nearest } = recognise(
      tensors.map((info) => (info.name === 'stage1.mix1.fc3.weight' ? { ...info, dtype: 'int64' } : info)),
    );
    expect(recognised).toBeNull();
    expect(nearest).toMatchObject({
      model: 'pure-mlp-small',
      difference: 'wrong type: stage1.mix1.fc3.weight is int64, expected a float type',
    });
  });
});

test('a foreign state dict shares nothing with any model', () => {
  expect(recognise([{ name: 'encoder.weight', dtype: 'float32', shape: [3, 3] }])).toEqual({
    recognised: null,
    nearest: null,
    blocks: [],
    astray: [],
  });
});

describe('a RepMLPNet with a bias in every FC3', () => {
  const biased = (infos: readonly TensorInfo[]): TensorInfo[] =>
    infos.flatMap((info) =>
      info.name.endsWith('fc3.weight') ? [info, { ...info, name: info.name.replace(/weight$/, 'bias'), shape: [info.shape[0]] }] : [info],
    );

  test.each(['net_k13_s4_c8_1part', 'net_unit_c8_s4_k13', 'net_tiny_model'])('%s is recognised in train form', (name) => {
    const { spec } = recognise(biased(infoOf(group(readReferenceTensors(`${name}.safetensors`), 'train')))).recognised ?? {};
    expect(spec?.form).toBe('train');
    expect(JSON.stringify(spec)).toContain('"fc3Bias":true');
  });

  test('in some of them only is no network that is known', () => {
    const infos = infoOf(group(readReferenceTensors('net_tiny_model.safetensors'), 'train'));
    const one = infos.findIndex(({ name }) => name.endsWith('fc3.weight'));
    expect(recognise([...biased(infos.slice(0, one + 1)), ...infos.slice(one + 1)]).recognised).toBeNull();
  });
});
