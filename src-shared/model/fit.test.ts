import { describe, expect, test } from 'vitest';
import { group, readReferenceTensors, referenceCases, type ReferenceCase } from '../../tests/reference';
import { floatTensor } from '../tensor/tensor';
import { UserError } from '../base/user-error';
import { blockSpec } from './block-families';
import { checkWeights, fitOf, isFitting, misfitText } from './fit';

const reference = referenceCases.find(({ id }) => id === 'v1_k13_g2_gp2x2') as ReferenceCase;
const spec = blockSpec(reference.family, reference.config);
const weights = () => group(readReferenceTensors(reference.file), 'train');

describe('weights that fit', () => {
  test('pass', () => {
    expect(() => checkWeights(spec, weights())).not.toThrow();
  });

  test('may lack the counters of batch norms', () => {
    const withoutCounters = new Map([...weights()].filter(([name]) => !name.endsWith('num_batches_tracked')));
    expect(() => checkWeights(spec, withoutCounters)).not.toThrow();
  });
});

describe('weights that do not fit are refused, naming', () => {
  test('what is missing', () => {
    const incomplete = weights();
    incomplete.delete('repconv3.conv.weight');
    expect(() => checkWeights(spec, incomplete)).toThrow(UserError);
    expect(() => checkWeights(spec, incomplete)).toThrow(/missing: repconv3\.conv\.weight$/);
  });

  test('what is unexpected', () => {
    const extra = weights().set('repconv7.conv.weight', floatTensor([1], Float32Array.of(1)));
    expect(() => checkWeights(spec, extra)).toThrow(/unexpected: repconv7\.conv\.weight$/);
  });

  test('what has another shape, and which', () => {
    const wrong = weights().set('fc3_bn.bias', floatTensor([4], new Float32Array(4)));
    expect(() => checkWeights(spec, wrong)).toThrow(/wrong shape: fc3_bn\.bias is 4, expected 64/);
  });

  test('integers where real numbers belong', () => {
    const integers = weights().set('fc3_bn.bias', { shape: [64], dtype: 'int32', data: new Int32Array(64) });
    expect(() => checkWeights(spec, integers)).toThrow(/wrong type: fc3_bn\.bias is int32, expected a float type$/);
  });
});

test('a long list is cut, and says how much was cut', () => {
  const fit = fitOf(spec, []);
  expect(isFitting(fit)).toBe(false);
  expect(misfitText(fit)).toMatch(/and \d+ more$/);
});
