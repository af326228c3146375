import { expect, test } from 'vitest';
import { analyseBlock, type BlockPattern } from '@shared/pattern/analyse';
import { blockMatrices } from '@shared/merge/mathematics/matrices';
import { noiseWeights } from '@shared/model/noise-weights';
import { isRepBlock } from '@shared/model/spec';
import { leavesOf } from '@shared/model/walk';
import { buildModel } from '@shared/model/zoo';
import { kindsAnswer, localAnswer, placeAnswer, whereAnswer } from './answers';

/** A block of a pattern with the given radii (pixels) and shares; nothing else of it is read. */
function patternOf(radii: readonly [before: number, after: number, random: number], invariant: readonly [number, number]): BlockPattern {
  const matrix = (halfEnergyRadius: number, invariantShare: number) => ({ locality: { halfEnergyRadius }, invariantShare });
  const [before, after] = [matrix(radii[0], invariant[0]), matrix(radii[1], invariant[1])];
  return { before, after, baselines: { random: matrix(radii[2], 0).locality } } as BlockPattern;
}

test('a layer is local where half of its energy lies within clearly less than chance gives', () => {
  expect(localAnswer(patternOf([4, 1, 4], [0, 0]))).toMatchObject({ verdict: 'Yes' });
  expect(localAnswer(patternOf([4, 3.2, 4], [0, 0]))).toMatchObject({ verdict: 'No' });
  expect(localAnswer(patternOf([4.12, 1, 4], [0, 0])).sentence).toContain('within 1 px');
});

test('place matters by the share that no convolution has', () => {
  const verdict = (share: number): string => placeAnswer(patternOf([1, 1, 1], [0.5, share])).verdict;
  expect([1, 0.8, 0.5, 0.2].map(verdict)).toEqual(['Little', 'Little', 'Partly', 'Mostly']);
});

test('a layer looks inside where its border gets less energy, at the border where it gets more', () => {
  const verdict = (inputBorder: number | null): string => whereAnswer({ inputBorder, input: [1] }).verdict;
  expect([0.5, 0.95, 1.3, null].map(verdict)).toEqual(['Inside', 'Everywhere alike', 'At the border', 'Everywhere']);
});

test('the commonest kind of row is named with the place it looks hardest at', () => {
  const kinds = [
    { size: 1, map: [1, 0, 0, 0], exampleRow: 0 },
    { size: 3, map: [0, 0.2, 0.8, 0], exampleRow: 1 },
  ];
  expect(kindsAnswer(kinds, 2)).toEqual({
    verdict: '2 kinds',
    sentence: 'sorted by where they look; the commonest, 75.0 % of the rows, looks hardest at y 1, x 0.',
  });
});

test('random weights are called neither local nor alike at every place; a weight that is NaN leaves no answer', () => {
  const spec = buildModel('pure-mlp-small-no-local');
  const block = leavesOf(spec).find(({ layer }) => isRepBlock(layer));
  if (!block || !isRepBlock(block.layer)) throw new Error('the network has blocks');
  const weights = noiseWeights(spec);
  const analysed = (): BlockPattern => {
    if (!isRepBlock(block.layer)) throw new Error('a block stays one');
    return analyseBlock(blockMatrices(spec, weights, block.path), block.layer);
  };
  expect([localAnswer(analysed()).verdict, placeAnswer(analysed()).verdict]).toEqual(['No', 'Mostly']);
  const fc3 = weights.get(`${block.path}.fc3.weight`);
  if (fc3?.dtype !== 'float32') throw new Error('FC3 is float32');
  fc3.data[0] = NaN;
  expect([localAnswer(analysed()).verdict, placeAnswer(analysed()).verdict]).toEqual(['No number', 'No number']);
});
