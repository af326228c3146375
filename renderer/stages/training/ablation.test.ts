import { expect, test } from 'vitest';
import { variantsOf } from './ablation';

test('the variants of the pure MLP are the ablations of the paper, from whichever of them one starts', () => {
  const variants = variantsOf('pure-mlp-small');
  expect(variants[0]).toBe('pure-mlp-small');
  expect(variants).toContain('pure-mlp-small-no-local');
  expect(variants).toContain('pure-mlp-small-no-global');
  expect(variantsOf('pure-mlp-small-no-local')).toEqual(variants);
});

test('a network of faces or scenes is set against the same one with RepMLP, at its own size', () => {
  for (const [plain, other] of [
    ['facenet-small', 'repmlp-facenet-small'],
    ['facenet', 'repmlp-facenet'],
    ['pspnet-small', 'repmlp-pspnet-small'],
    ['pspnet50', 'repmlp-pspnet50'],
  ]) {
    expect(variantsOf(plain)).toEqual([other, plain]);
    expect(variantsOf(other)).toEqual([other, plain]);
  }
});

test('a network without variants stands alone', () => {
  expect(variantsOf('resnet50')).toEqual(['resnet50']);
});
