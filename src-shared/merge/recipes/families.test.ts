import { describe, expect, test } from 'vitest';
import { group } from '../../../tests/reference';
import { caseTensors, familyCases, mergedCase, type FamilyCase } from '../../../testing/families/cases';
import { blockOutputs } from '../../../testing/families/outputs';
import { blockSpec } from '../../model/block-families';
import { toFloat64 } from '../../tensor/convert';
import type { NamedTensors, Tensor } from '../../tensor/tensor';
import { mergeNetwork } from '../merge-network';

/** Families that the program merges as networks of its own, not by recipes. */
const OWN = ['repmlpnet_multipart'];
const cases = familyCases.filter(({ family }) => !OWN.includes(family));
const exact = cases.filter(({ exact_single_conv_exists }) => exact_single_conv_exists !== false);

/** What the official code's merge should have been. */
function truth(one: FamilyCase): NamedTensors {
  const tensors = caseTensors(one);
  const fixed = group(tensors, 'fixed');
  return fixed.size > 0 ? fixed : group(tensors, 'deploy');
}

/** Five times how far the official numbers are from double precision; corrected ones are rounded once: one unit in the last place. */
function allowed({ metrics }: FamilyCase, tensor: Tensor): number {
  const largest = toFloat64(tensor).reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const halfStored = tensor.dtype === 'float16' ? 2 ** -11 : 2 ** -23;
  return Math.max(5 * (metrics.max_abs_deploy_params_minus_independent64 ?? 0), halfStored * Math.max(1, largest));
}

function difference(a: Tensor, b: Tensor): number {
  const [x, y] = [toFloat64(a), toFloat64(b)];
  return x.reduce((most, value, i) => Math.max(most, Math.abs(value - y[i])), 0);
}

describe('every reference block merges to the official tensors', () => {
  test.each(exact.map((one) => [one.id, one] as const))('%s', (_, one) => {
    const { weights, left } = mergedCase(one);
    expect(left).toEqual([]);
    const wanted = new Map([...truth(one)].filter(([name]) => !/^conv[12]\./.test(name) || !one.family.startsWith('rtdetr')));
    expect([...weights.keys()].sort()).toEqual([...wanted.keys()].sort());
    for (const [name, tensor] of wanted) {
      const ours = weights.get(name);
      expect([name, ours?.shape, ours?.dtype]).toEqual([name, tensor.shape, tensor.dtype]);
      if (ours && tensor.dtype !== 'int64') expect(difference(ours, tensor), name).toBeLessThanOrEqual(allowed(one, tensor));
    }
  });
});

describe('every merged block computes what the training form computes, on a large input and at the border', () => {
  const runnable = exact.filter((one) => blockOutputs(one, new Map()) !== null);
  test('nearly all cases can be run', () => {
    expect(exact.filter((one) => !runnable.includes(one)).map(({ family }) => family)).toEqual([]);
  });
  test.each(runnable.map((one) => [one.id, one] as const))('%s', (_, one) => {
    const outputs = blockOutputs(one, mergedCase(one).weights) ?? [];
    expect(outputs.length).toBeGreaterThan(0);
    for (const { what, ours, truth: y64 } of outputs) {
      const {
        max_abs_deploy_minus_y64: official,
        max_abs_fixed_minus_y64: fixed,
        max_abs_train_minus_y64: train,
        small_max_abs_deploy_minus_y64: small,
      } = one.metrics;
      // The training form's own float32 error counts too: a block whose merge is luckier than it is no stricter judge.
      const error = one.official_conversion_equivalent ? Math.max(official, small ?? 0, train ?? 0) : (fixed ?? train);
      expect(ours.length, what).toBe(y64.length);
      const worst = ours.reduce((most, value, i) => Math.max(most, Math.abs(value - y64[i])), 0);
      expect(worst, what).toBeLessThanOrEqual(5 * error);
    }
  });
});

describe('RepMLPNets of several parts, which merge as the networks they are', () => {
  const nets = familyCases.filter(({ family }) => OWN.includes(family));
  test.each(nets.map((one) => [one.id, one] as const))('%s has the official tensors', (_, one) => {
    const tensors = caseTensors(one);
    const spec = blockSpec('repmlpnet_model', one.config);
    const { weights } = mergeNetwork(spec, group(tensors, 'train'));
    const wanted = group(tensors, 'deploy');
    expect([...weights.keys()].sort()).toEqual([...wanted.keys()].sort());
    for (const [name, tensor] of wanted) {
      const ours = weights.get(name);
      expect([name, ours?.shape]).toEqual([name, tensor.shape]);
      if (ours && tensor.dtype !== 'int64') expect(difference(ours, tensor), name).toBeLessThanOrEqual(allowed(one, tensor));
    }
  });
  test('there are two of them', () => expect(nets.length).toBe(2));
});

describe('what has no exact single convolution is refused', () => {
  test.each(cases.filter((one) => one.exact_single_conv_exists === false).map((one) => [one.id, one] as const))('%s', (_, one) => {
    const { weights, merged, left, train } = mergedCase(one);
    expect(merged).toEqual([]);
    expect(weights).toEqual(train);
    expect(left.map(({ reason }) => reason).join()).toMatch(/no exact single convolution exists.*bias.*outermost rows and columns/);
  });
});
