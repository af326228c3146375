import { expect, test } from 'vitest';
import { familyCase, trainWeights } from '../../../testing/families/cases';
import { tensorInfos } from '../../tensor/tensor';
import { settingsOfAdapter } from './adapter-config';
import { findGroups } from './find-groups';
import { mergeGroups } from './merge-groups';

test('alpha, rank-stabilised scale and alphas of single modules come from the configuration', () => {
  const config = {
    peft_type: 'LORA',
    lora_alpha: 8,
    use_rslora: true,
    fan_in_fan_out: false,
    alpha_pattern: { 'v_proj|o_proj': 6, '.*q_proj': 3 },
  };
  expect(settingsOfAdapter(config, ['a.q_proj', 'a.v_proj', 'a.k_proj'], 'c.json')).toEqual({
    alpha: 8,
    rslora: 1,
    fan_in_fan_out: 0,
    'a.v_proj:alpha': 6,
    'a.q_proj:alpha': 3,
  });
});

test('with a configuration a file of ranks and alphas of its own merges whole', () => {
  const weights = trainWeights(familyCase('lora_rank_pattern'));
  const found = findGroups(tensorInfos(weights));
  const config = { lora_alpha: 8, alpha_pattern: { v_proj: 6 } };
  const settings = settingsOfAdapter(
    config,
    found.groups.map(({ prefix }) => prefix),
    'c.json',
  );
  expect(mergeGroups(weights, found, { settings }).left).toEqual([]);
});

test.each([
  [{ r: 4 }, /c\.json is no configuration of a low-rank adapter: lora_alpha/],
  [{ lora_alpha: 8, use_dora: true }, /DoRA/],
  [{ lora_alpha: 8, lora_bias: true }, /bias/],
  [{ lora_alpha: 8, alpha_pattern: { '(': 3 } }, /no regular expression/],
])('%j is refused', (config, message) => {
  expect(() => settingsOfAdapter(config, ['a'], 'c.json')).toThrow(message);
});
