// The verbs `receptive-field`, `int8` and `rerun` on the bundled network: JSON, figures, exit codes.
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Int8Report } from '../../src-shared/cost/int8/report';
import type { ReceptiveFieldReport } from '../../src-shared/pattern/receptive-field';
import type { RerunReport } from '../../src-shared/run/rerun';
import { repmlp, temporaryFolder } from './repmlp';

let folder: string;
beforeAll(async () => void (folder = await temporaryFolder()));
afterAll(() => rm(folder, { recursive: true, force: true }));

async function json<T>(...args: readonly string[]): Promise<{ code: number | null; json: T }> {
  const { code, stdout } = await repmlp([...args, '--json']);
  return { code, json: JSON.parse(stdout) as T };
}

describe('receptive-field', () => {
  test('tells both forms, the size of the input, the method and the locality beside it, and draws what it tells', async () => {
    const out = join(folder, 'field.svg');
    const found = await json<ReceptiveFieldReport>('receptive-field', 'bundled:pure-mlp-small', '--inputs', '2', '--out', out);
    expect(found.code).toBe(0);
    const { forms, inputSize, method, inputs, locality } = found.json;
    expect(forms.map(({ form }) => form)).toEqual(['train', 'merged']);
    expect(forms[0].map).toHaveLength(inputSize[0]);
    expect(forms[0].map.flat().filter((value) => value === 1)).toHaveLength(1);
    // Both forms are one function, so their gradients are the same but for rounding.
    const apart = forms[0].map.flat().map((value, at) => Math.abs(value - forms[1].map.flat()[at]));
    expect(apart.filter((value) => value > 1e-3)).toEqual([]);
    expect(method).toContain('mean over the inputs');
    expect(inputs).toMatchObject({ count: 2, seed: 1 });
    expect(locality.length).toBeGreaterThan(0);
    expect(await readFile(out, 'utf8')).toContain(`inputs of ${inputSize.join(' x ')}`);
  });

  test('from a layer that is not there is refused with those that are', async () => {
    const { code, stderr } = await repmlp(['receptive-field', 'bundled:pure-mlp-small', '--layer', 'nowhere']);
    expect([code, stderr]).toEqual([2, expect.stringMatching(/has no layer nowhere; layers with a map: /)]);
  });
});

describe('int8', () => {
  test('tells what each layer of both forms loses; finer scales lose less, and outliers are explained', async () => {
    const out = join(folder, 'int8.svg');
    const found = await json<Int8Report>('int8', 'bundled:pure-mlp-small', '--batch', '2', '--out', out);
    expect(found.code).toBe(0);
    const { forms } = found.json;
    expect(forms.map(({ form }) => form)).toEqual(['train', 'merged']);
    for (const { layers } of forms)
      for (const { weights } of layers)
        for (const { snr } of weights) {
          expect(snr.channel).toBeGreaterThanOrEqual(snr.tensor - 0.5);
          // A Gaussian weight of any size loses no more than its largest over 127 costs: 20 dB at the very least.
          expect(snr.tensor).toBeGreaterThan(20);
        }
    expect(await readFile(out, 'utf8')).toContain('<svg');
  });
});

describe('rerun', () => {
  test('of a run of this machine gives the same losses, metrics and bytes, and is never written over', async () => {
    const [run, again] = [join(folder, 'run'), join(folder, 'again')];
    const trained = await repmlp([
      'train',
      '--model',
      'pure-mlp-small',
      '--data',
      'shapes:train=64,validation=32',
      '--epochs',
      '1',
      '--backend',
      'wasm',
      '--out',
      run,
    ]);
    expect(trained.code).toBe(0);
    const same = await json<RerunReport>('rerun', run, again);
    expect(same.json).toMatchObject({ same: true, parting: null, weights: { identical: true, moved: 0 }, differences: [] });
    expect(same.code).toBe(0);
    const refused = await repmlp(['rerun', run, run]);
    expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining('is the run itself')]);
  });
});
