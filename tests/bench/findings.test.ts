import { expect, it } from 'vitest';
import { differenceOf, judge, meanText } from '../../bench/findings/judge';
import { STUDIES } from '../../bench/findings/studies';
import { openEmbedded } from '../../src-shared/dataset/embedded';
import { seed } from '../../src-shared/tensor/random';
import { buildModel } from '../../src-shared/model/zoo';
import { recipe } from '../../src-shared/training/recipes';
import { checkFit } from '../../src-shared/training/fit';

it('a finding reproduces only if every seed agrees and the mean is well beyond their spread', () => {
  expect(judge([3, 4, 3.5])).toBe('REPRODUCES');
  expect(judge([3, -1, 4])).toMatch(/^DOES NOT REPRODUCE: no difference/);
  expect(judge([0.1, 3, 9])).toMatch(/^DOES NOT REPRODUCE: no difference/);
  expect(judge([-3, -4, -3.5])).toMatch(/^DOES NOT REPRODUCE: it is the other way round/);
  expect(judge([3])).toMatch(/^no verdict from a single seed/);
  expect(judge([3, Number.NaN])).toMatch(/^no verdict, a training failed/);
});

it('differences are taken seed by seed, and shown with mean, sample deviation and single values', () => {
  expect(meanText(differenceOf([80, 84], [78, 80]))).toBe('3.00 +- 1.41 (2.0, 4.0)');
});

it.each(STUDIES)('the study on $name compares networks that fit its data', ({ name, models, claims, recipe: recipeName }) => {
  const { train } = openEmbedded({ kind: 'embedded', name, seed: seed(1) });
  for (const model of models) checkFit(buildModel(model), train);
  for (const { better, worse } of claims) expect(models).toEqual(expect.arrayContaining([better, worse]));
  expect(recipe(recipeName).epochs).toBeGreaterThan(0);
});
