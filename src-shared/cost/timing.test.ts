// Times beside counts: rates follow from work and time alone, and doubtful times say so.
import { expect, test } from 'vitest';
import { blockSpec } from '../model/block-families';
import { buildModel } from '../model/zoo';
import { ledger } from './ledger';
import { timedForm, timesPerBatch } from './timing';

const counted = ledger(buildModel('pure-mlp-small'));
const [heavy] = [...counted.layers].sort((a, b) => b.macs - a.macs);
const report = (medianMs: number, spreadMs: number, software = false, clockMs = 0.1) => ({
  backend: 'webgl' as const,
  device: 'SwiftShader',
  software,
  clockMs,
  layers: [{ path: heavy.layer, medianMs, spreadMs }],
});

test('the rate of a layer is two FLOPs per multiply-accumulate of the whole batch over its time', () => {
  const macs = counted.layers.filter(({ layer }) => layer === heavy.layer).reduce((sum, row) => sum + row.macs, 0);
  const [timed] = timedForm(counted, report(2, 0.1), 8).layers;
  expect(timed.macs).toBe(8 * macs);
  expect(timed.gflops).toBeCloseTo((2 * 8 * macs) / 2e-3 / 1e9, 9);
  expect(timed.doubt).toBeNull();
});

test('a wide spread, a time of zero, a blurred clock and software graphics are called out', () => {
  expect(timedForm(counted, report(2, 1), 1).layers[0].doubt).toMatch(/50 %/);
  expect(timedForm(counted, report(0, 0), 1).layers[0]).toMatchObject({ gflops: null, doubt: expect.stringMatching(/clock/) as string });
  expect(timedForm(counted, report(2, 0, true), 1).doubts).toEqual([expect.stringMatching(/says? nothing about a GPU/)]);
  expect(timedForm(counted, report(2, 0, false, 16), 1).doubts).toEqual([expect.stringMatching(/clock moves in steps of 16 ms/)]);
  expect(timedForm(counted, report(2, 0), 1).doubts).toEqual([]);
});

test('a block of its own is timed under its name', () => {
  const block = ledger(blockSpec('repmlpnet_ffn', { in_channels: 4 }));
  const alone = ledger(
    blockSpec('repmlpnet_block', {
      in_channels: 4,
      out_channels: 4,
      h: 4,
      w: 4,
      reparam_conv_k: [1],
      globalperceptron_reduce: 2,
      num_sharesets: 2,
    }),
  );
  const report = (path: string) => ({
    backend: 'cpu' as const,
    device: 'JavaScript',
    software: false,
    clockMs: 0.1,
    layers: [{ path, medianMs: 1, spreadMs: 0 }],
  });
  expect(timedForm(block, report('ffn_fc1'), 1).layers[0]).toMatchObject({ layer: 'ffn_fc1', macs: 16 });
  expect(timedForm(alone, report(''), 1).layers[0]).toMatchObject({ layer: 'repmlpnet_block', macs: alone.macs });
});

test('batch sizes are compared per image, train form against merged form', () => {
  const merged = { ...counted, form: 'merged' as const };
  const forms = [timedForm(counted, report(4, 0), 1), timedForm(merged, report(2, 0), 1), timedForm(counted, report(8, 0), 4)];
  const [one, four] = timesPerBatch(forms);
  expect(one).toMatchObject({ batch: 1, train: { msPerImage: 4 }, merged: { msPerImage: 2 }, speedUp: 2 });
  expect(four).toMatchObject({ batch: 4, train: { msPerImage: 2 }, merged: null, speedUp: null });
});
