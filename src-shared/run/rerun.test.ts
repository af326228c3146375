// Runs written by hand whose steps are told of at different places: what is compared are sums up to the steps that both tell of.
import { describe, expect, test } from 'vitest';
import { runOf } from '../../testing/figure/figure-sources';
import type { TrainingEvent } from '../training/recipe/event';
import { rerunReport } from './rerun';

const LOSSES = [4, 3, 2.5, 2, 1.75, 1.5];

/** Step events that tell the losses some at a time, ending at the given steps. */
function told(losses: readonly number[], ends: readonly number[]): TrainingEvent[] {
  return ends.map((step, at) => {
    const own = losses.slice(at === 0 ? 0 : ends[at - 1], step);
    const pace = { imagesPerSecond: 1, secondsPerStep: 1, secondsLeft: 0, tensors: 0, bytes: 0 };
    return {
      type: 'step',
      epoch: 1,
      step,
      stepsPerEpoch: 6,
      loss: own.reduce((sum, loss) => sum + loss, 0) / own.length,
      metric: 0,
      learningRate: 1,
      ...pace,
    };
  });
}

function epoch(losses: readonly number[], metric = 0.5): TrainingEvent {
  const train = { loss: losses.reduce((sum, loss) => sum + loss, 0) / losses.length, metric };
  return { type: 'epoch', epoch: 1, train, validation: { loss: 1, metric }, learningRate: 1, seconds: 1 };
}

const identical = { epoch: 1, identical: true, tensors: 3, moved: 0, most: null };
const run = (events: readonly TrainingEvent[]) => ({ record: runOf(1), events });

describe('a run and its repetition', () => {
  test('are the same though they told of their steps in other portions', () => {
    const report = rerunReport(
      run([...told(LOSSES, [1, 3, 6]), epoch(LOSSES)]),
      run([...told(LOSSES, [2, 3, 5, 6]), epoch(LOSSES)]),
      identical,
    );
    expect(report).toMatchObject({ same: true, parting: null, compared: 3, differences: [] });
  });

  test('part between the last common step that is the same and the first that is not', () => {
    const other = LOSSES.with(3, 2 + 1e-6);
    const report = rerunReport(run(told(LOSSES, [1, 2, 3, 5, 6])), run(told(other, [1, 3, 5, 6])), identical);
    expect(report.same).toBe(false);
    expect(report.parting).toMatchObject({ after: { epoch: 1, step: 3 }, by: { epoch: 1, step: 5 } });
  });

  test('that differ in their weights or their metrics alone are not the same', () => {
    const events = [...told(LOSSES, [6]), epoch(LOSSES)];
    expect(rerunReport(run(events), run(events), { ...identical, identical: false, moved: 1 }).same).toBe(false);
    expect(rerunReport(run(events), run([...told(LOSSES, [6]), epoch(LOSSES, 0.75)]), identical).same).toBe(false);
    expect(rerunReport(run(events), run([]), identical)).toMatchObject({ same: false, compared: 0, final: null });
  });

  test('are on one device however fast it was found to be', () => {
    const on = (device: string) => ({ ...run(told(LOSSES, [6])), record: { ...runOf(1), device } });
    const found = rerunReport(on('WebAssembly, 2 threads: 5.6 GFLOP/s. Why'), on('WebAssembly, 2 threads: 10 GFLOP/s. Why'), identical);
    expect(found.differences).toEqual([]);
    const other = rerunReport(on('WebAssembly, 2 threads: 5.6 GFLOP/s'), on('WebAssembly, 4 threads: 5.6 GFLOP/s'), identical);
    expect(other.differences.map(({ what }) => what)).toEqual(['device']);
  });

  test('name the versions, the backend and the data that are not the same', () => {
    const before = run(told(LOSSES, [6]));
    const again = { ...before, record: { ...before.record, backend: 'wasm' as const, tfjsVersion: '1', dataHash: 'x' } };
    expect(rerunReport(before, again, identical).differences.map(({ what }) => what)).toEqual(['tfjsVersion', 'backend', 'dataHash']);
  });
});
