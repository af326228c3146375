// The axes of accuracy against cost: round numbers, whatever the runs are.
import { describe, expect, it } from 'vitest';
import { headOf } from '../../../testing/figure/figure-examples';
import type { TextMark } from '../page/display-list';
import { judgedName } from '../../run/run-cost';
import { accuracyCost } from './accuracy-cost';

const UNITS: Readonly<Record<string, number>> = { '': 1, k: 1e3, M: 1e6, G: 1e9 };

function axesOf(operations: readonly number[], metrics: readonly number[]): { readonly work: number[]; readonly accuracy: number[] } {
  const runs = operations.map((work, i) => ({
    run: `run-${i}`,
    model: 'm',
    task: 'classification' as const,
    params: 1,
    metric: metrics[i],
    operations: work,
  }));
  const recipe = { ...headOf(120, 8), kind: 'accuracy-cost' as const, runs: ['a'] };
  const texts = accuracyCost
    .draw(recipe, { metricName: 'accuracy', runs })
    .marks.filter((mark): mark is TextMark => mark.kind === 'text' && mark.fill !== '#1a1a1a');
  const matches = (anchor: string, pattern: RegExp) => texts.filter((mark) => mark.anchor === anchor && pattern.test(mark.text));
  const work = matches('middle', /^[\d.]+( [kMG])?$/).map(({ text }) => {
    const [number, unit = ''] = text.split(' ');
    return Number(number) * UNITS[unit];
  });
  return { work, accuracy: matches('end', / %$/).map(({ text }) => Number(text.replace(' %', '').replace('−', '-'))) };
}

const steps = (values: readonly number[]): number[] => values.slice(1).map((value, i) => value - values[i]);

describe('accuracy against cost', () => {
  it.each([
    [[4.74e6], [0.7]],
    [
      [4.47e6, 5.01e6],
      [0.61, 0.612],
    ],
    [
      [4.2e6, 5.3e8],
      [0.31, 0.95],
    ],
    [
      [1.2e5, 3.3e9, 7e6],
      [0.1, 0.1, 0.1],
    ],
  ])('marks runs of %j MACs with round numbers in equal steps', (operations, metrics) => {
    const { work, accuracy } = axesOf(operations, metrics);
    expect(work.length).toBeGreaterThanOrEqual(2);
    for (const value of work)
      expect(
        String(Number(value.toPrecision(12)))
          .replace(/[.]|0+$|e.*/g, '')
          .replace(/^0+/, '').length,
      ).toBeLessThanOrEqual(2);
    expect(accuracy.length).toBeGreaterThanOrEqual(2);
    const [first, ...others] = steps(accuracy);
    for (const step of others) expect(step).toBeCloseTo(first, 9);
  });

  it('names the metric after what the runs were judged by: pairs of faces, identities where there are none, or both', () => {
    const judged = (verification?: number) => {
      const validation = { loss: 1, metric: 0.5, ...(verification !== undefined && { verification }) };
      const checkpoint = { file: 'a', stateFile: null, form: 'train' as const, best: true, epoch: 1, step: 1, validation };
      return { checkpoints: [checkpoint] };
    };
    expect(judgedName('face', [judged(0.9), judged(0.8)])).toBe('verification accuracy');
    expect(judgedName('face', [judged(), judged()])).toBe('accuracy of identities');
    expect(judgedName('face', [judged(0.9), judged()])).toBe('accuracy of pairs or, without any, of identities');
    expect(judgedName('segmentation', [judged()])).toBe('mIoU');
  });
});
