import { describe, expect, test } from 'vitest';
import { referenceCosts } from '../../../tests/reference';
import { elementCount } from '../../tensor/tensor';
import { isTrainable, parametersOf } from '../parameters';
import { outputShapeOf } from '../walk';
import { buildModel, zoo, type SettingTexts } from './index';

function learnable(name: string, settings: SettingTexts = {}): number {
  return parametersOf(buildModel(name, settings))
    .filter((p) => isTrainable(p.role))
    .reduce((sum, p) => sum + elementCount(p.shape), 0);
}

/** Zoo name and settings of each model in tests/reference/flops.json. */
const official: Readonly<Record<string, readonly [name: string, settings?: SettingTexts]>> = {
  'RepMLPNet-T224': ['repmlpnet-t224'],
  'RepMLPNet-T256': ['repmlpnet-t256'],
  'RepMLPNet-B224': ['repmlpnet-b224'],
  'RepMLPNet-B256': ['repmlpnet-b256'],
  'RepMLPNet-D256': ['repmlpnet-d256'],
  'RepMLPNet-L256': ['repmlpnet-l256'],
  'RepMLP-Res50-base-224': ['resnet50'],
  'RepMLP-Res50-light-224': ['repmlp-res50-light-224'],
  'RepMLP-Res50-bottleneck-224': ['repmlp-res50-bottleneck-224'],
  'ResNet-101 @224': ['resnet101'],
  'c4 only r=2 g=8 @224': ['repmlp-res50-bottleneck-224', { stages: 'c4', r: '2' }],
  'c4 only r=8 g=16 @224': ['repmlp-res50-bottleneck-224', { stages: 'c4', r: '8', g: '16' }],
  'c2+c3+c4+c5 g=8 r=2,2,4,4 @224': ['repmlp-res50-bottleneck-224', { stages: 'c2,c3,c4,c5', r: '2,2,4,4' }],
  'c2+c3+c4 g=8 r=2,2,4,4 @224': ['repmlp-res50-bottleneck-224', { stages: 'c2,c3,c4', r: '2,2,4' }],
  'light g=8 @224': ['repmlp-res50-light-224', { g: '8' }],
  'RepMLP-Res50-g8/16 @320': ['repmlp-res50-bottleneck-320', { g: '8,16' }],
  'RepMLP-Res50-g8/8 @320': ['repmlp-res50-bottleneck-320'],
  'RepMLP-Res50-g4/8 @320': ['repmlp-res50-bottleneck-320', { g: '4,8' }],
  'CIFAR-10 pure MLP': ['pure-mlp-cifar'],
  'CIFAR-10 pure MLP, K=1,3,5': ['pure-mlp-cifar', { kernels: '1,3,5' }],
  'CIFAR-10 w/o Local': ['pure-mlp-cifar-no-local'],
  'CIFAR-10 w/o Global': ['pure-mlp-cifar-no-global'],
  'CIFAR-10 RepMLP as conv9 (g=1)': ['pure-mlp-cifar-conv9', { g: '1' }],
  'CIFAR-10 RepMLP as conv9 (g=2)': ['pure-mlp-cifar-conv9'],
  'CIFAR-10 Wide ConvNet': ['wide-convnet-cifar'],
};

describe('learnable parameters equal the official count', () => {
  const models = [...referenceCosts.summary, ...referenceCosts.derived_v1_variants, ...referenceCosts.derived_cifar];
  test.each(Object.entries(official))('%s', (model, [name, settings]) => {
    expect(learnable(name, settings)).toBe(models.find((entry) => entry.model === model)?.train.params);
  });
});

test('ablation D has the pool BN the reference count leaves out (192 parameters), which the merge folds into FC1', () => {
  const reference = referenceCosts.derived_cifar.find((entry) => entry.model === 'CIFAR-10 FC3 as conv9 (g=2)');
  expect(learnable('pure-mlp-cifar-conv9-for-fc3') - 192).toBe(reference?.train.params);
});

describe('the zoo', () => {
  test.each(zoo.map((entry) => entry.name))('%s builds with consistent shapes', (name) => {
    expect(outputShapeOf(buildModel(name)).length).toBeGreaterThan(0);
  });

  test('an unknown name is answered with the nearest ones', () => {
    expect(() => buildModel('repmlpnet-b225')).toThrow(/did you mean repmlpnet-b22?[45]/);
  });

  test('an unknown setting is answered with those there are', () => {
    expect(() => buildModel('resnet50', { g: '4' })).toThrow(/resnet50 has no setting g: it takes size, classes, base/);
  });

  test('impossible settings name the layer and the reason', () => {
    expect(() => buildModel('repmlp-res50-bottleneck-224', { g: '7' })).toThrow(/groups = 7 must divide C = 64/);
  });
});
