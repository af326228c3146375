import { describe, expect, test } from 'vitest';
import { familyCase, mergedCase, trainWeights } from '../../../testing/families/cases';
import { floatTensor, tensorInfos, type NamedTensors, type Tensor } from '../../tensor/tensor';
import { findGroups, type FindOptions, type FoundGroups } from './find-groups';
import { mergeGroups } from './merge-groups';

function below(prefix: string, weights: NamedTensors): [string, Tensor][] {
  return [...weights].map(([name, tensor]) => [`${prefix}.${name}`, tensor]);
}

const find = (weights: NamedTensors, options?: FindOptions): FoundGroups => findGroups(tensorInfos(weights), options);
const without = (weights: NamedTensors, pattern: RegExp): NamedTensors => new Map([...weights].filter(([name]) => !pattern.test(name)));
const places = ({ groups }: FoundGroups): string[] => groups.map(({ prefix, recipe, form }) => `${prefix}: ${recipe.name}, ${form}`);
const block = trainWeights(familyCase('repvgg_identity'));
const tensor = (...shape: number[]): Tensor => floatTensor(shape, new Float32Array(shape.reduce((a, b) => a * b, 1)).fill(1));

describe('groups in any state dict', () => {
  test('of several families are found where they stand, merged ones among them, and merging leaves the rest as it is', () => {
    const done = mergedCase(familyCase('mobileone_stress')).weights;
    const weights = new Map([
      ['encoder.weight', tensor(2, 2)] as const,
      ...below('trunk.3', block),
      ...below('neck.0.mixer', trainWeights(familyCase('dbb_internal12'))),
      ...below('stage.1', done),
      ...below('head', trainWeights(familyCase('repvit_bn_linear'))),
    ]);
    const found = find(weights);
    expect(places(found)).toEqual([
      'trunk.3: repvgg, train',
      'neck.0.mixer: dbb, train',
      'stage.1: mobileone, merged',
      'head: bn-linear, train',
    ]);
    const { weights: merged, left } = mergeGroups(weights, found);
    expect(left).toEqual([]);
    expect([...merged.keys()]).toEqual([
      'encoder.weight',
      'trunk.3.rbr_reparam.weight',
      'trunk.3.rbr_reparam.bias',
      'neck.0.mixer.dbb_reparam.weight',
      'neck.0.mixer.dbb_reparam.bias',
      ...[...done.keys()].map((name) => `stage.1.${name}`),
      'head.weight',
      'head.bias',
    ]);
    expect(merged.get('encoder.weight')).toBe(weights.get('encoder.weight'));
  });

  test.each([
    [
      'no running statistics',
      without(block, /dense\.bn\.running/),
      /no running statistics: the merge needs b\.rbr_dense\.bn\.running_mean and b\.rbr_dense\.bn\.running_var/,
    ],
    ['a batch norm gone', without(block, /1x1\.bn/), /the batch norm b\.rbr_1x1\.bn is missing/],
    ['half an affine norm', without(block, /dense\.bn\.bias/), /b\.rbr_dense\.bn has a weight and no bias/],
    [
      'an unknown branch',
      new Map([...block, ['rbr_new.conv.weight', tensor(8, 8, 3, 3)]]),
      /a tensor this family does not know: b\.rbr_new\.conv\.weight/,
    ],
    ['a bias nobody expects', new Map([...block, ['rbr_dense.conv.bias', tensor(8)]]), /does not know: b\.rbr_dense\.conv\.bias/],
    [
      'a norm of another width',
      new Map([...block, ['rbr_identity.running_var', tensor(7)]]),
      /b\.rbr_identity\.running_var has shape 7; expected 8/,
    ],
    [
      'integers',
      new Map([...block, ['rbr_dense.conv.weight', { shape: [8, 8, 3, 3], dtype: 'int8' as const, data: new Int8Array(576) }]]),
      /holds int8/,
    ],
    [
      'the outer norm gone',
      without(trainWeights(familyCase('repvit_dw')), /^bn\./),
      /outer batch norm is missing: this looks like the legacy form/,
    ],
    [
      'a branch number gone',
      without(trainWeights(familyCase('mobileone_dw_4branches')), /rbr_conv\.1\./),
      /kxk number 1 is missing: there are numbers up to 3/,
    ],
    ['a dilated norm gone', without(trainWeights(familyCase('unirep_k7')), /dil_bn_k3_2/), /dilatedBn is missing at k=3,r=2/],
    [
      'an adapter without its layer',
      without(trainWeights(familyCase('lora_rslora')), /^layers\.1\.fc1/),
      /give the base model's weights too/,
    ],
    [
      'a second adapter beside the first',
      new Map([
        ...trainWeights(familyCase('lora_in_memory_old')),
        ['base_model.model.model.layers.3.self_attn.q_proj.lora_magnitude_vector', tensor(20)],
      ]),
      /does not know: .*lora_magnitude_vector/,
    ],
  ] as const)('with %s are left whole, with the reason', (_, weights, reason) => {
    const placed = new Map(reason.source.includes('lora') || reason.source.includes('base model') ? weights : below('b', weights));
    const found = find(placed);
    expect(places(found)).toEqual([]);
    expect(found.left[0].reason).toMatch(reason);
    expect(mergeGroups(placed, found).weights).toEqual(placed);
  });

  test('that two families spell the same are not guessed: the question is asked, and an answer or the rest of the file decides', () => {
    const yolo = trainWeights(familyCase('yolov9_repconvn'));
    expect(find(yolo).left[0].reason).toMatch(
      /several families have these names: .*yolov9-repconvn \(RepVGG, eps 0\.001\).*rtdetrv2-csp|rtdetrv2-csp.*yolov9-repconvn/,
    );
    expect(places(find(yolo, { named: ['yolov9-repconvn'] }))).toEqual([': yolov9-repconvn, train']);
    expect(places(find(new Map(below('model.2.m.0.cv1', yolo))))).toEqual(['model.2.m.0.cv1: yolov9-repconvn, train']);
    expect(places(find(new Map(below('backbone.stages.0.blocks.1.conv2', yolo))))).toEqual([
      'backbone.stages.0.blocks.1.conv2: rtdetrv2-csp, train',
    ]);
    expect(places(find(new Map(below('backbone.ERBlock_2.0', block))))).toEqual(['backbone.ERBlock_2.0: repvgg-yolov6, train']);
  });

  test('whose names do not show what they are wait for being named', () => {
    const residual = trainWeights(familyCase('repvit_residual_group_conv_wrong'));
    const found = find(residual);
    expect(places(found)).toEqual([]);
    expect(found.left[0].reason).toMatch(/may be a shortcut around one convolution called m.*name the recipe repvit-residual-conv/);
  });

  test('of a convolution and a norm side by side are merged only where the channels show their order', () => {
    const pair = (outputs: number, inputs: number): NamedTensors =>
      new Map([
        ['x.conv.weight', tensor(outputs, inputs, 3, 3)],
        ...['weight', 'bias', 'running_mean', 'running_var'].map((part) => [`x.bn.${part}`, tensor(outputs)] as const),
      ]);
    expect(places(find(pair(8, 3)))).toEqual(['x: conv-bn, train']);
    expect(find(pair(8, 8)).left.map(({ reason }) => reason)).toEqual([
      expect.stringMatching(/before or after the convolution does not show/),
    ]);
    expect(places(find(pair(8, 8), { named: ['conv-then-bn'] }))).toEqual(['x: conv-then-bn, train']);
  });

  test('taken by something else are not looked at', () => {
    expect(find(block, { taken: new Set(block.keys()) })).toEqual({ groups: [], left: [] });
  });

  test('batch norms and adapters in no group are named', () => {
    const weights = new Map([
      ['a.bn7.running_var', tensor(3)],
      ['b.lora_A.mine.weight', tensor(2, 3)],
    ]);
    expect(find(weights).left.map(({ at, reason }) => `${at}: ${reason}`)).toEqual([
      'a.bn7: a batch norm in no block that is known here: it stays as it is',
      'b: a low-rank adapter under names that are not known here: it stays as it is',
    ]);
  });
});

describe('blocks whose branches are added after an activation are left with that reason', () => {
  const unit = (at: string, norm: string, shape: readonly number[]): [string, Tensor][] => [
    [`${at}.conv.weight`, tensor(...shape)],
    ...['weight', 'bias', 'running_mean', 'running_var'].map((name): [string, Tensor] => [`${at}.${norm}.${name}`, tensor(shape[0])]),
  ];

  const findIn = (entries: readonly (readonly [string, Tensor])[]): FoundGroups => find(new Map(entries));

  test('the outer branches of a CSPRep layer; the RepVGG block inside merges all the same', () => {
    const at = 'model.encoder.fpn_blocks.0';
    const { groups, left } = findIn([
      ...unit(`${at}.conv1`, 'norm', [6, 8, 1, 1]),
      ...unit(`${at}.conv2`, 'norm', [6, 8, 1, 1]),
      ...unit(`${at}.bottlenecks.0.conv1`, 'norm', [6, 6, 3, 3]),
      ...unit(`${at}.bottlenecks.0.conv2`, 'norm', [6, 6, 1, 1]),
    ]);
    expect(groups.map(({ prefix, recipe }) => [prefix, recipe.name])).toEqual([[`${at}.bottlenecks.0`, 'rtdetr-repvgg']]);
    expect(left.find(({ recipe }) => recipe !== null)).toMatchObject({
      at,
      recipe: 'no-merge-rtdetr-csp',
      reason: expect.stringMatching(/^activation before the sum: conv1 and conv2/),
    });
  });

  test('selective kernels, whose sum depends on the input besides', () => {
    const { groups, left } = findIn([
      ...unit('layer1.0.conv2.paths.0', 'bn', [4, 4, 3, 3]),
      ...unit('layer1.0.conv2.paths.1', 'bn', [4, 4, 3, 3]),
      ['layer1.0.conv2.attn.fc_reduce.weight', tensor(2, 4, 1, 1)],
      ['layer1.0.conv2.attn.fc_select.weight', tensor(8, 2, 1, 1)],
    ]);
    expect(groups).toEqual([]);
    expect(left.find(({ recipe }) => recipe === 'no-merge-selective-kernel')).toMatchObject({
      at: 'layer1.0.conv2',
      reason: expect.stringMatching(/activation before the sum.*depend on the input/),
    });
  });

  test('bottlenecks of YOLOv8, while a pair of convolution and batch norm inside that shows its order merges', () => {
    const { groups, left } = findIn([...unit('model.2.m.0.cv1', 'bn', [3, 8, 3, 3]), ...unit('model.2.m.0.cv2', 'bn', [8, 3, 3, 3])]);
    expect(left.find(({ recipe }) => recipe === 'no-merge-ultralytics-bottleneck')).toMatchObject({
      at: 'model.2.m.0',
      reason: expect.stringMatching(/activation before the sum: the shortcut/),
    });
    expect(groups.map(({ prefix, recipe }) => [prefix, recipe.name])).toEqual([
      ['model.2.m.0.cv1', 'conv-bn'],
      ['model.2.m.0.cv2', 'conv-bn'],
    ]);
  });

  test('and convolutions of other shapes under those names are not', () => {
    const { left } = findIn([...unit('a.fpn_blocks.0.conv1', 'norm', [6, 6, 3, 3]), ...unit('a.fpn_blocks.0.conv2', 'norm', [6, 6, 1, 1])]);
    expect(left.filter(({ recipe }) => recipe?.startsWith('no-merge'))).toEqual([]);
  });
});

describe('a merge', () => {
  test('without a number that the weights do not hold leaves the group and asks for it', () => {
    const weights = trainWeights(familyCase('repadapter_groups2'));
    const { merged, left } = mergeGroups(weights, find(weights));
    expect(merged).toEqual([]);
    expect(left.map(({ reason }) => reason)).toEqual(
      Array(2).fill(expect.stringMatching(/not in the weights, and needed: scale \(the adapter's scale s/)),
    );
  });

  test('says what it assumed', () => {
    const { merged } = mergeGroups(block, find(block));
    expect(merged.map(({ assumed }) => assumed)).toEqual([['eps = 0.00001']]);
    expect(mergeGroups(block, find(block), { settings: { eps: 1e-3 } }).merged[0].assumed).toEqual([]);
  });

  test('of a transposed host that was not said to be one stays undone, and so do its neighbours that seem to fit', () => {
    const weights = new Map([
      ...trainWeights(familyCase('lora_fan_in_fan_out')),
      ...[...trainWeights(familyCase('lora_rank_pattern'))].filter(([name]) => name.includes('a.q_proj')),
    ]);
    const { merged, left } = mergeGroups(weights, find(weights), { settings: { alpha: 32 } });
    expect(merged).toEqual([]);
    expect(left.map(({ at }) => at).sort()).toEqual(['a.q_proj', 'transformer.h.0.attn.c_attn']);
    expect(left.find(({ at }) => at === 'a.q_proj')?.reason).toMatch(/may only seem to/);
  });

  test('of a file that holds the merged layer and its branches drops the branches where they agree, and refuses where they do not', () => {
    const train = trainWeights(familyCase('rtdetr_silu'));
    const merged = mergeGroups(train, find(train)).weights;
    const both = new Map([...train, ...merged]);
    expect(places(find(both))).toEqual([': rtdetr-repvgg, both']);
    expect([...mergeGroups(both, find(both)).weights.keys()]).toEqual([...merged.keys()]);
    const old = merged.get('conv.bias') as Tensor;
    const stale = new Map([...both, ['conv.bias', { ...old, data: (old.data as Float32Array).map((value) => value + 0.5) }]]);
    expect(mergeGroups(stale, find(stale)).left[0].reason).toMatch(/holds conv\.bias and also the branches, and they disagree by 0\.500/);
  });

  test.each([NaN, Infinity])('of weights with %s leaves the group and says where', (value) => {
    const dense = block.get('rbr_dense.conv.weight') as Tensor;
    const data = (dense.data as Float32Array).slice();
    data[75] = value;
    const spoilt = new Map([...block, ['rbr_dense.conv.weight', { ...dense, data }]]);
    expect(mergeGroups(spoilt, find(spoilt)).left[0].reason).toMatch(
      /rbr_reparam\.weight would be .* at output 1: the weights it is made of hold NaN or infinity/,
    );
  });

  test('of a negative variance leaves the group and says where', () => {
    const variance = floatTensor([8], new Float32Array(8).fill(-1));
    const spoilt = new Map([...block, ['rbr_identity.running_var', variance]]);
    expect(mergeGroups(spoilt, find(spoilt)).left[0].reason).toMatch(/rbr_identity\.running_var is -1 at channel 0: no variance/);
  });

  test('takes the wrapper off every name of a wrapped model', () => {
    const weights = new Map([...trainWeights(familyCase('lora_in_memory_old')), ['base_model.model.norm.weight', tensor(3)]]);
    const { weights: merged } = mergeGroups(weights, find(weights), { settings: { alpha: 1 } });
    expect([...merged.keys()].sort()).toEqual(['model.layers.3.self_attn.q_proj.weight', 'norm.weight']);
  });
});
