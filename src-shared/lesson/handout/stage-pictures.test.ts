// What prepared stages show on paper: something for every stage that has a picture, and nothing of what a lesson hides.
import { describe, expect, test } from 'vitest';
import { convolutionScene } from '../../matrix/convolution-scene';
import type { VerifyReport } from '../../merge/report';
import { resolveScene } from '../../merge/convolution/resolve';
import { isTrainable, parametersOf } from '../../model/parameters';
import { buildModel } from '../../model/zoo';
import { LESSON_STAGES, type LessonStage } from '../parts';
import type { World } from '../world';
import type { HandoutLaboratory } from './laboratory';
import { stagePictures, stageSentence } from './stage-pictures';

const none = () => Promise.reject(new Error('not in this test'));
const scene = await resolveScene(convolutionScene({ h: 4, w: 4 }), { loadDigits: none, loadBlock: none });
const spec = buildModel('pure-mlp-small');
const laboratory: HandoutLaboratory = {
  scene: none,
  bundled: none,
  verdict: none,
  train: none,
  figure: ({ kind }) => Promise.resolve(`<svg>${kind}</svg>`),
  samples: (data) =>
    Promise.resolve({ name: data?.embedded ?? 'shapes', samples: [{ url: 'data:image/png;base64,AAAA', says: 'a <class>' }] }),
  curves: () => Promise.resolve('<svg>curves</svg>'),
};
const layer = (path: string, equivalent: boolean) => ({
  path,
  kind: 'relu',
  maxAbs: 0.5,
  maxRel: 0.25,
  scale: 2,
  tolerance: 0.01,
  equivalent,
  unusable: null,
  worst: { index: [0], train: 1, merged: 1.5 },
});
const verdict: VerifyReport = {
  equivalent: false,
  tolerance: 0.01,
  toleranceReason: 'because',
  storage: null,
  maxAbs: 0.5,
  maxRel: 0.25,
  argMaxAgreement: null,
  layers: [layer('stem', true), layer('stage2.mix1', false)],
  firstDivergentLayer: 'stage2.mix1',
  backend: 'cpu',
  inputs: { source: 'standard normal', shape: [1, 3, 32, 32], seed: 1 },
};
const world: World = {
  stage: 'home',
  scene,
  network: { spec, weights: 'bundled', file: null, groups: 0 },
  verdict: null,
  training: { state: 'finished', epochs: 1, metric: 0.5 },
  setup: { data: { embedded: 'faces', seed: 1 } },
};
const shown = (stage: LessonStage, change: Partial<World> = {}, hidden: readonly string[] = []) =>
  stagePictures({ ...world, stage, ...change }, hidden, laboratory);

test('every stage but those without a picture shows one, and those are named', async () => {
  const bare: LessonStage[] = [];
  for (const stage of LESSON_STAGES) if ((await shown(stage)) === '') bare.push(stage);
  expect(bare).toEqual(['lesson', 'settings']);
  expect(stageSentence('settings')).toContain('the stage Settings');
});

test('the data set shows the samples of the data that was prepared, each with its class', async () => {
  const html = await shown('dataset');
  expect(html).toContain('<img src="data:image/png;base64,AAAA" alt="a &lt;class&gt;">');
  expect(html).toContain('Samples of faces.');
});

describe('the merge', () => {
  test('shows its matrices before, and once judged every layer with what it differs by', async () => {
    expect(await shown('merge')).toContain(encodeURIComponent('<svg>matrices</svg>'));
    const html = await shown('merge', { verdict });
    expect(html.match(/<tr>/g)).toHaveLength(3);
    expect(html).toMatch(/Not equivalent/);
    // Which is the first is found in the table, not said.
    expect(html.match(/stage2\.mix1/g)).toHaveLength(1);
  });

  test('keeps from the paper what the lesson hides', async () => {
    expect(await shown('merge', { verdict }, ['verdict', 'layers'])).toBe('');
    expect(await shown('merge', { verdict }, ['verdict'])).not.toContain('Not equivalent');
  });
});

test('the ledger adds up to the number of parameters that the tensors have', async () => {
  const html = await shown('cost');
  const trainable = parametersOf(spec).filter(({ role }) => isTrainable(role));
  const sum = trainable.reduce((total, { shape }) => total + shape.reduce((product, size) => product * size, 1), 0);
  const [foot] = /<tfoot>[\s\S]*<\/tfoot>/.exec(html) ?? [''];
  expect(foot.replace(/\u2009/g, '')).toContain(`>${sum}<`);
});

test('weights that are not at hand are not drawn: another network has no matrices', async () => {
  const network = { ...world.network, spec: buildModel('resnet50'), weights: 'none' } as const;
  expect([await shown('matrix', { network }), await shown('pattern', { network }), await shown('checkpoint', { network })]).toEqual([
    '',
    '',
    '',
  ]);
  expect(await shown('model', { network })).toContain('The first 200 of them.');
});
