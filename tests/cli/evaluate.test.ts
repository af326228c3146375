// Evaluation through the command line: both forms on the same samples, imported checkpoints, faces, scenes in
// sliding windows, and what is refused.
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, test } from 'vitest';
import { specMetadata } from '../../electron/files/checkpoint-network';
import { putCityscapes } from '../../testing/datasets/tiny-datasets';
import { writeCheckpointFile } from '../../electron/files';
import { initialWeights } from '../../src-shared/model/initialise';
import { buildModel } from '../../src-shared/model/zoo';
import { seed } from '../../src-shared/tensor/random';
import { floatTensor } from '../../src-shared/tensor/tensor';
import { repmlp, temporaryFolder, tensorsOf } from './repmlp';

const BUNDLED = fileURLToPath(new URL('../../assets/pure-mlp-small.safetensors', import.meta.url));
const IMPORTED = fileURLToPath(new URL('../reference/pth/net_tiny_train.pth', import.meta.url));
const MERGED = fileURLToPath(new URL('../reference/pth/net_tiny_deploy.pth', import.meta.url));
const SHAPES = ['--data', 'shapes:validation=50', '--backend', 'wasm'];

let folder: string;
beforeAll(async () => {
  folder = await temporaryFolder();
});

/** A file with fresh weights of a zoo model. */
async function fresh(model: string, settings: Readonly<Record<string, string>>): Promise<string> {
  const spec = buildModel(model, settings);
  const path = join(folder, `${model}.safetensors`);
  await writeCheckpointFile(path, initialWeights(spec, seed(1)), { force: true, metadata: specMetadata(spec) });
  return path;
}

interface Report {
  readonly metric: number;
  readonly metricName: string;
  readonly predictions: readonly number[];
}

test('--form both runs own and imported weights in both forms, which agree sample by sample', async () => {
  for (const file of [BUNDLED, IMPORTED]) {
    const { code, stdout } = await repmlp(['evaluate', file, ...SHAPES, '--form', 'both', '--json']);
    const found = JSON.parse(stdout) as { form: string; train: Report; merged: Report; agreement: object };
    expect({ code, form: found.form }).toEqual({ code: 0, form: 'both' });
    expect(found.agreement).toMatchObject({ of: 'samples', compared: 50, different: 0, agrees: true });
    expect(found.merged.predictions).toEqual(found.train.predictions);
  }
});

test('the text names the metric, each class and the verdict', async () => {
  const { stdout } = await repmlp(['evaluate', BUNDLED, ...SHAPES, '--form', 'both']);
  expect(stdout).toMatch(/^train form: accuracy \d+\.\d\d %, loss/m);
  expect(stdout).toMatch(/^class +accuracy, train +accuracy, merged$/m);
  expect(stdout).toMatch(/^train and merged form agree: the same class for 50 of 50 samples$/m);
});

test('weights that are no numbers agree with nothing: exit 1', async () => {
  const tensors = new Map(await tensorsOf(IMPORTED));
  const [name, { shape }] = [...tensors].findLast(([key]) => key.endsWith('.weight')) ?? ['', { shape: [] }];
  tensors.set(name, floatTensor(shape, new Float32Array(shape.reduce((product, size) => product * size, 1)).fill(NaN)));
  const path = join(folder, 'nan.pth');
  await writeCheckpointFile(path, tensors);
  const { code, stdout } = await repmlp(['evaluate', path, ...SHAPES, '--form', 'both']);
  expect(code).toBe(1);
  expect(stdout).toContain('train and merged form DISAGREE');
});

test('faces are told with ten folds and their spread, TAR at FAR and rank-1, by the similarity of pairs in both forms', async () => {
  const file = await fresh('facenet-small', { identities: '10' });
  const { code, stdout } = await repmlp(['evaluate', file, '--data', 'faces', '--form', 'both', '--backend', 'wasm']);
  expect(code).toBe(0);
  expect(stdout).toMatch(/verification accuracy \d+\.\d\d %\n {2}10 folds, 2000 pairs: accuracy \d+\.\d\d % \+- \d+\.\d\d %/);
  expect(stdout).toMatch(/ROC: area 0\.\d{4}, TAR \d+\.\d\d % at FAR 0.1, \d+\.\d\d % at FAR 0.01, \d+\.\d\d % at FAR 0.001/);
  expect(stdout).toMatch(/rank-1 identification \d+\.\d\d %: 60 probes among 200 distractors/);
  expect(stdout).toContain('the same similarity for 2000 of 2000 pairs');
});

test('scenes are judged at their own size, whole or in sliding windows, and the output says which', async () => {
  const data = join(folder, 'cityscapes');
  await putCityscapes(data, 7);
  const file = await fresh('pspnet-small', { classes: '19', size: '32' });
  for (const [options, seen] of [
    [[], 'scenes of 4x2 resized whole to 32x32'],
    [['--sliding'], 'scenes of 4x2 in windows of 32x32, 22 pixels apart'],
  ] as const) {
    const { stdout } = await repmlp(['evaluate', file, '--data', data, '--json', '--backend', 'wasm', ...options]);
    const found = JSON.parse(stdout) as { seen: string; metricName: string; confusion: number[][]; classIoU: (number | null)[] };
    expect(found.seen).toContain(seen);
    expect(found.metricName).toBe('mIoU');
    // Seven of the picture's eight pixels count, all of them road.
    expect(found.confusion.map((row) => row.reduce((sum, count) => sum + count, 0))).toEqual([7, ...new Array<number>(18).fill(0)]);
    expect(found.classIoU).toHaveLength(19);
  }
});

test('sliding windows for pictures with one label, merged weights for both forms and other numbers of classes are refused in a sentence', async () => {
  for (const [args, said] of [
    [[BUNDLED, ...SHAPES, '--sliding'], /^repmlp: --sliding is for scenes .*; pure-mlp-small does not label pixels\n$/],
    [[MERGED, ...SHAPES, '--form', 'both'], /holds the merged form; --form both takes the train form/],
    [[BUNDLED, '--data', 'streets'], /is for classifying pictures, streets\/validation for labelling scenes/],
    [[BUNDLED, '--data', 'faces'], /tells 10 classes apart, faces\/validation has 64: choose a data set of 10/],
  ] as const) {
    const { code, stderr, stdout } = await repmlp(['evaluate', ...args]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(said);
  }
});
