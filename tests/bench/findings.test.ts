import { expect, it } from 'vitest';
import { differenceOf, judge, verdictText } from '../../bench/findings/judge';
import { alignmentText, resultsCsv, resultsJson, studyText, type StudyResult } from '../../bench/findings/report';
import { STUDIES, type Study } from '../../bench/findings/studies';
import { openEmbedded } from '../../src-shared/dataset/embedded/embedded';
import { buildModel } from '../../src-shared/model/zoo';
import { seed } from '../../src-shared/tensor/random';
import { checkFit } from '../../src-shared/training/recipe/fit';
import { recipe } from '../../src-shared/training/recipe/recipes';

it('a finding reproduces only if the mean difference is more than two standard errors in the paper’s direction', () => {
  expect(judge([3, 4, 3.5])).toBe('reproduces');
  expect(judge([3, -1, 4])).toBe('not shown: no difference beyond the seeds');
  expect(judge([0.1, 3, 9])).toBe('not shown: no difference beyond the seeds');
  expect(judge([-3, -4, -3.5])).toBe('not shown: it is the other way round here');
  expect(judge([3])).toBe('not shown: one seed tells no spread');
  expect(judge([3, Number.NaN])).toBe('not shown: a training failed');
});

it('"at least as good" has a margin, and is not shown where the seeds allow for more than that', () => {
  expect(judge([-0.2, 0.1, 0.3], 1)).toBe('reproduces: at least as good, to within 1 point');
  expect(judge([-3, 0.1, 3], 1)).toBe('not shown: no difference beyond the seeds');
  expect(judge([-3, -4, -3.5], 1)).toBe('not shown: it is the other way round here');
});

it('differences are taken seed by seed, and told with their mean, standard error and single values', () => {
  expect(verdictText(differenceOf([80, 84], [78, 80]))).toBe('+3.00 +- 1.00 points (+2.00, +4.00): reproduces');
});

it.each(STUDIES)('the study on $name compares networks that fit its data', ({ name, contestants, claims, recipe: recipeName }) => {
  const { train } = openEmbedded({ kind: 'embedded', name, seed: seed(1) });
  const models = contestants.map(({ model }) => model);
  for (const model of models) checkFit(buildModel(model), train);
  for (const { better, worse } of claims) expect(models).toEqual(expect.arrayContaining([better, worse]));
  expect(recipe(recipeName).epochs).toBeGreaterThan(0);
});

/** Made-up results: each network of the study a point below the one before it, falling by a tenth with the seed. */
function resultOf(study: Study, best: number): StudyResult {
  const trialsFrom = (top: number): { seed: number; metric: number; seconds: number }[] =>
    [1, 2, 3].map((number) => ({ seed: number, metric: top - number / 10, seconds: 10 }));
  const outcomes = study.contestants.map((contestant, i) => ({ ...contestant, trials: trialsFrom(best - i * (1 + best / 100)) }));
  return { study, size: study.full, outcomes };
}

it('a report names every network with its cost and the paper’s number, and every finding with its verdict', () => {
  for (const study of STUDIES) {
    const text = studyText(resultOf(study, 90));
    for (const { model, paper } of study.contestants) expect(text).toMatch(new RegExp(`${model} .*\\d M .*${paper}`));
    expect(text.split('the paper: ')).toHaveLength(study.claims.length + 1);
  }
});

it('the lead lost with the alignment needs both kinds of faces', () => {
  const [aligned, unaligned] = ['faces', 'faces-unaligned'].map((name) => STUDIES.find((study) => study.name === name) as Study);
  expect(alignmentText([resultOf(aligned, 90)])).toBe('');
  // Leads of 1.9 and 1.5 points, the same in every seed.
  expect(alignmentText([resultOf(aligned, 90), resultOf(unaligned, 50)])).toContain(
    '+0.40 +- 0.00 points (+0.40, +0.40, +0.40): reproduces',
  );
});

it('results are written as JSON with verdicts and as CSV with one line per training', () => {
  const results = STUDIES.map((study) => resultOf(study, 90));
  const written = JSON.parse(resultsJson(results, { seeds: 3 })) as { settings: object; studies: { findings: { verdict: string }[] }[] };
  expect(written.settings).toEqual({ seeds: 3 });
  expect(written.studies[0].findings[0].verdict).toBe('reproduces');
  const trials = STUDIES.reduce((sum, { contestants }) => sum + 3 * contestants.length, 0);
  expect(resultsCsv(results).trimEnd().split('\n')).toHaveLength(trials + 1);
});
