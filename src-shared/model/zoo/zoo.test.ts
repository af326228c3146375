// Parameters and MACs of every model against the official counts: src-shared/cost/zoo-ledger.test.ts.
import { describe, expect, test } from 'vitest';
import { referenceCosts } from '../../../tests/reference';
import { elementCount } from '../../tensor/tensor';
import { isTrainable, parametersOf } from '../parameters';
import { outputShapeOf } from '../walk';
import { buildModel, zoo } from './';

function learnable(name: string): number {
  return parametersOf(buildModel(name))
    .filter((p) => isTrainable(p.role))
    .reduce((sum, p) => sum + elementCount(p.shape), 0);
}

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
    expect(() => buildModel('resnet50', { g: '4' })).toThrow(/resnet50 has no setting g: known: size, classes, base/);
  });

  test('impossible settings name the layer and the reason', () => {
    expect(() => buildModel('repmlp-res50-bottleneck-224', { g: '7' })).toThrow(/groups = 7 must divide C = 64/);
  });
});
