// Curves of several runs: means and deviations are those of the runs that have the epoch, worked out by hand.
import { describe, expect, it } from 'vitest';
import { config } from '../../../testing/training/fake-run';
import { headOf } from '../../../testing/figure/figure-examples';
import { runOf } from '../../../testing/figure/figure-sources';
import { seed } from '../../tensor/random';
import type { DisplayList } from '../page/display-list';
import { runCurves, type RunEpochs } from './run-curves';

const layout = { ...headOf(120, 8).layout, title: null };
const recipe = { ...headOf(120, 8), layout, kind: 'run-curves', runs: ['x'], seeds: 'together', shown: 'validation' } as const;

function run(name: string, losses: readonly number[], number: number, batchSize = 16): RunEpochs {
  const epochs = losses.map((loss, i) => ({
    type: 'epoch' as const,
    epoch: i + 1,
    train: { loss: loss / 2, metric: 0.25 },
    validation: { loss, metric: 0.5 },
    learningRate: 0.1,
    seconds: 1,
  }));
  return { ...runOf(losses.length), name, config: { ...config({ batchSize }), seed: seed(number) }, epochs };
}

const SEEDS = [run('base-s1', [1, 2], 1), run('base-s2', [3, 2], 2), run('base-s3', [5], 3)];

const rowsOf = ({ tables }: DisplayList) => tables[0].rows;
const textsOf = ({ marks }: DisplayList): string[] => marks.flatMap((mark) => (mark.kind === 'text' ? [mark.text] : []));

describe('runs that differ in their seeds alone', () => {
  const figure = runCurves.draw(recipe, SEEDS);

  it('are one line: the mean of the runs that have the epoch, with the sample deviation', () => {
    // Epoch 1: 1, 3, 5: mean 3, deviation sqrt((4 + 0 + 4) / 2) = 2. Epoch 2: 2, 2: mean 2, deviation 0.
    expect(rowsOf(figure).map((row) => row.slice(0, 3))).toEqual([
      [1, 3, 2],
      [2, 2, 0],
    ]);
  });

  it('have a band from the mean less to the mean plus the deviation', () => {
    const bands = figure.marks.flatMap((mark) => (mark.kind === 'area' ? [mark] : []));
    expect(bands.length).toBe(2);
    const [loss] = bands;
    const lines = figure.marks.flatMap((mark) => (mark.kind === 'path' && mark.stroke === loss.fill ? [mark] : []));
    // The loss at epoch 1 is 3, its band reaches from 1 to 5: as far up as down on a linear axis.
    const [x, mean] = lines.flatMap(({ points }) => points).filter(([px]) => Math.abs(px - loss.points[0][0]) < 0.01)[0];
    const ends = loss.points.filter(([px]) => Math.abs(px - x) < 0.01).map(([, y]) => y);
    expect(ends.length).toBe(2);
    expect((ends[0] + ends[1]) / 2).toBeCloseTo(mean, 6);
    expect(Math.abs(ends[0] - ends[1])).toBeGreaterThan(10);
  });

  it('are called by what their names share, with their number; runs that end early are said', () => {
    expect(figure.caption).toMatch(/^base, mean of 3 seeds: after epoch 2 \(2 of its 3 runs\), validation loss 2 ± 0, accuracy 0\.5 ± 0\./);
    expect(figure.caption).toMatch(/its runs end between epochs 1 and 2, later means are of those that go on/);
    expect(figure.caption).toMatch(/one sample standard deviation/);
  });

  it('are lines of their own where the recipe has them apart', () => {
    const apart = runCurves.draw({ ...recipe, seeds: 'apart' }, SEEDS);
    expect(rowsOf(apart)[0].filter((_, i) => [1, 3, 5].includes(i))).toEqual([1, 3, 5]);
    expect(apart.marks.some((mark) => mark.kind === 'area')).toBe(false);
    expect(textsOf(apart).join(' ')).toContain('base-s2, validation');
  });
});

it('runs of other settings are no seeds of each other', () => {
  const figure = runCurves.draw({ ...recipe, shown: 'both' }, [...SEEDS, run('other', [9, 9], 1, 32)]);
  expect(rowsOf(figure)[0].slice(0, 9)).toEqual([1, 1.5, 1, 3, 2, 4.5, Number.NaN, 9, Number.NaN]);
});

it('a logarithmic axis has equal factors at equal distances and leaves out what is not positive', () => {
  const figure = runCurves.draw({ ...recipe, seeds: 'apart', lossAxis: 'logarithmic' }, [run('a', [100, 10, 1, 0], 1)]);
  const [points] = figure.marks.flatMap((mark) => (mark.kind === 'path' && mark.points.length === 3 ? [mark.points] : []));
  const [first, second, third] = points.map(([, y]) => y);
  expect(second - first).toBeCloseTo(third - second, 6);
  expect(second - first).toBeGreaterThan(5);
});

it('more lines than can be told apart are refused', () => {
  const many = Array.from({ length: 13 }, (_, i) => run(`r${i}`, [1], i));
  expect(() => runCurves.draw({ ...recipe, seeds: 'apart' }, many)).toThrow(/13 lines of one kind cannot be told apart, 12 can/);
  expect(() => runCurves.draw({ ...recipe, seeds: 'apart', shown: 'both' }, many.slice(0, 5))).toThrow(/4 can/);
});

it('what is measured in training and in validation is called by its own name', () => {
  const scenes = SEEDS.map((one) => ({ ...one, config: { ...one.config, spec: { ...one.config.spec, task: 'segmentation' as const } } }));
  const titles = (['training', 'validation', 'both'] as const).map((shown) =>
    runCurves.draw({ ...recipe, shown }, scenes).tables[0].columns.at(-1),
  );
  expect(titles[0]).toMatch(/^pixels right, /);
  expect(titles[1]).toMatch(/^mIoU, /);
  expect(titles[2]).toMatch(/^metric, /);
});
