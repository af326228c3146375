// The verb `diff`: a planted change, forms, names, and what cannot be run; exit codes and JSON as a user sees them.
import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { initialWeights } from '../../src-shared/model/initialise';
import { buildModel } from '../../src-shared/model/zoo';
import { mergeNetwork } from '../../src-shared/merge/merge-network';
import { randomizeBatchNorm } from '../../src-shared/proof/seeded-inputs';
import type { DiffReport } from '../../src-shared/proof/diff/report';
import { seed } from '../../src-shared/tensor/random';
import { floatTensor, type NamedTensors, type Tensor } from '../../src-shared/tensor/tensor';
import { repmlp, saved, temporaryFolder } from './repmlp';

const spec = buildModel('pure-mlp-small');
const weights = randomizeBatchNorm(spec, initialWeights(spec, seed(1)), seed(2));
const fc3 = [...weights.keys()].filter((name) => name.endsWith('fc3.weight'))[1];

/** The weights with one value of a tensor changed. */
function planted(name: string, at: number, by: number): NamedTensors {
  const { shape, data } = weights.get(name) as Tensor;
  const changed = (data as Float32Array).slice();
  changed[at] += by;
  return new Map([...weights, [name, floatTensor(shape, changed)]]);
}

let folder: string;
let original: string;
beforeAll(async () => {
  folder = await temporaryFolder();
  original = await saved(folder, 'a.safetensors', weights);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function diff(a: string, b: string, ...more: readonly string[]): Promise<{ code: number | null; report: DiffReport }> {
  const { code, stdout } = await repmlp(['diff', a, b, '--json', ...more]);
  return { code, report: JSON.parse(stdout) as DiffReport };
}

describe('diff', () => {
  test('finds one planted weight: its layer, its cell, the place it looks at, and that the function differs', async () => {
    const columns = (weights.get(fc3) as Tensor).shape[1];
    const changed = await saved(folder, 'planted.pth', planted(fc3, 3 * columns + 7, 0.25));
    const { code, report } = await diff(original, changed);
    expect(code).toBe(1);
    expect(report).toMatchObject({
      same: false,
      verdict: 'differs',
      firstDivergentLayer: fc3.replace('.fc3.weight', ''),
      compared: { tensors: weights.size },
    });
    expect(report.moved).toHaveLength(1);
    expect(report.moved[0]).toMatchObject({ name: fc3, changed: 1, rank: 1, worst: { index: [3, 7, 0, 0] } });
    expect(report.moved[0].worst.place).toMatch(/^row 3, column 7: to output channel 0 at \(\d, 3\) from input channel 0 at \(\d, \d\)/);
    expect(report.looks.map(({ name, maps }) => [name, maps.map(({ of }) => of)])).toEqual([[fc3, ['input', 'output', 'displacement']]]);
  });

  test('a file and its copy under a prefix and in another format are one function, and nothing had to be run', async () => {
    const prefixed = new Map([...weights].map(([name, tensor]) => [`student.encoder.${name}`, tensor]));
    const { code, report } = await diff(original, await saved(folder, 'prefixed.npz', prefixed));
    expect(code).toBe(0);
    expect(report).toMatchObject({ same: true, verdict: 'same', moved: [], run: null });
  });

  test('train and merged form are one function, in either order, and a merged file with a changed weight is not', async () => {
    const { weights: merged } = mergeNetwork(spec, weights);
    const file = await saved(folder, 'merged.safetensors', merged);
    for (const [a, b] of [
      [original, file],
      [file, original],
    ]) {
      const { code, report } = await diff(a, b);
      expect(report).toMatchObject({ same: true, compared: { form: 'merged' } });
      expect(code).toBe(0);
    }
    const { shape, data } = merged.get(fc3) as Tensor;
    const wrong = (data as Float32Array).slice();
    wrong[5] += 0.5;
    const { code, report } = await diff(
      original,
      await saved(folder, 'wrong.safetensors', new Map([...merged, [fc3, floatTensor(shape, wrong)]])),
    );
    expect([code, report.verdict, report.moved[0].name]).toEqual([1, 'differs', fc3]);
  });

  test('of networks that are not known the weights are compared, and what moved proves nothing', async () => {
    const odd = (value: number): NamedTensors => new Map([['thing.weight', floatTensor([3, 2, 3, 3], new Float32Array(54).fill(value))]]);
    const [one, two] = [await saved(folder, 'odd-1.safetensors', odd(1)), await saved(folder, 'odd-2.safetensors', odd(2))];
    const { code, report } = await diff(one, two);
    expect(code).toBe(1);
    expect(report).toMatchObject({ same: false, verdict: 'unproven', a: { model: null }, run: null });
    expect(report.moved[0]).toMatchObject({ name: 'thing.weight', maxAbs: 1, relative: 1, changed: 54 });
    expect((await diff(one, one)).code).toBe(0);
  });

  test('a missing file is bad input: one sentence, nothing on stdout', async () => {
    const { code, stdout, stderr } = await repmlp(['diff', original, `${folder}/none.pth`]);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/there is no such file/);
  });
});
