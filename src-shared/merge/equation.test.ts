import { expect, test } from 'vitest';
import { noiseWeights } from '../model/noise-weights';
import { isRepBlock } from '../model/spec';
import { leavesOf } from '../model/walk';
import { buildModel } from '../model/zoo';
import { equationOf, shownStep, type ArrayTerm, type ShownStep } from './equation';
import { mergeSteps } from './mathematics/steps';

/** The steps of the first block of a network, as the window gets them. */
function stepsOf(name: string): ShownStep[] {
  const spec = buildModel(name);
  const block = leavesOf(spec).find(({ layer }) => isRepBlock(layer));
  if (!block || !isRepBlock(block.layer)) throw new Error(`${name} has blocks`);
  return mergeSteps(block.layer, noiseWeights(spec), block.path).map((step) => shownStep(step, 512));
}

const arraysOf = (step: ShownStep): ArrayTerm[] =>
  equationOf(step)
    .flat()
    .flatMap((term) => (term.kind === 'array' ? [term] : []));

test.each(['pure-mlp-small', 'repmlpnet-small', 'pure-mlp-small-no-local'])(
  'every array that a step of %s makes stands in its equation, behind an equals sign',
  (name) => {
    for (const step of stepsOf(name)) {
      const madeOnes = arraysOf(step).flatMap(({ array, made }) => (made ? [array] : []));
      expect(new Set(madeOnes)).toEqual(new Set(step.after));
      for (const line of equationOf(step)) {
        const equals = line.findIndex((term) => term.kind === 'sign' && term.text.endsWith('='));
        expect(line.slice(equals + 1).some((term) => term.kind === 'array' && term.made)).toBe(true);
      }
    }
  },
);

test('matrices that are added have the shape of their sum, and what is lit of it is where the second adds something', () => {
  const step = stepsOf('pure-mlp-small').find(({ id }) => id === 'add');
  if (!step) throw new Error('the block has branches');
  const [first, second, sum] = arraysOf(step);
  expect([first.array.shape, second.array.shape]).toEqual([sum.array.shape, sum.array.shape]);
  const [a, b, c] = [first, second, sum].map(({ array }) => array.picture.data);
  let lit = 0;
  c.forEach((value, index) => {
    if (sum.kept?.(index)) expect(value).toBe(a[index]);
    else lit++;
  });
  expect(lit).toBe(b.filter((value) => value !== 0).length);
  expect(lit).toBeGreaterThan(0);
});
