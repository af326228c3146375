import { expect, test } from 'vitest';
import { variantsOf } from './ablation';

test('the variants of the pure MLP are the ablations of the paper, from whichever of them one starts', () => {
  const variants = variantsOf('pure-mlp-small');
  expect(variants[0]).toBe('pure-mlp-small');
  expect(variants).toContain('pure-mlp-small-no-local');
  expect(variants).toContain('pure-mlp-small-no-global');
  expect(variantsOf('pure-mlp-small-no-local')).toEqual(variants);
});

test('a network without variants stands alone', () => {
  expect(variantsOf('resnet50')).toEqual(['resnet50']);
});
