// Times beside counts: rates follow from work and time alone, and doubtful times say so.
import { expect, test } from 'vitest';
import { buildModel } from '../model/zoo/index';
import { ledger } from './ledger';
import { timedForm } from './timing';

const counted = ledger(buildModel('pure-mlp-small'));
const [heavy] = [...counted.layers].sort((a, b) => b.macs - a.macs);
const report = (medianMs: number, spreadMs: number, software = false) => ({
  backend: 'webgl' as const,
  device: 'SwiftShader',
  software,
  layers: [{ path: heavy.layer, medianMs, spreadMs }],
});

test('the rate of a layer is two FLOPs per multiply-accumulate of the whole batch over its time', () => {
  const macs = counted.layers.filter(({ layer }) => layer === heavy.layer).reduce((sum, row) => sum + row.macs, 0);
  const [timed] = timedForm(counted, report(2, 0.1), 8).layers;
  expect(timed.macs).toBe(8 * macs);
  expect(timed.gflops).toBeCloseTo((2 * 8 * macs) / 2e-3 / 1e9, 9);
  expect(timed.doubt).toBeNull();
});

test('a wide spread, a time of zero and software graphics are called out', () => {
  expect(timedForm(counted, report(2, 1), 1).layers[0].doubt).toMatch(/50 %/);
  expect(timedForm(counted, report(0, 0), 1).layers[0]).toMatchObject({ gflops: null, doubt: expect.stringMatching(/clock/) as string });
  expect(timedForm(counted, report(2, 0, true), 1).doubts).toEqual([expect.stringMatching(/says? nothing about a GPU/)]);
  expect(timedForm(counted, report(2, 0), 1).doubts).toEqual([]);
});
