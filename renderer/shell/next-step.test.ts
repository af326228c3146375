// The story: what each stage offers next.
import { beforeEach, expect, test } from 'vitest';
import type { ListedRun, OpenedCheckpoint } from '@shared/link/studio';
import { buildModel } from '@shared/model/zoo';
import { seed } from '@shared/tensor/random';
import { recipe } from '@shared/training/recipe/recipes';
import { drafts } from '../studio/drafts';
import { chooseModel } from '../studio/network/network';
import { runs } from '../studio/runs/runs';
import { chooseWeights, weights } from '../studio/network/weights';
import { chooseEmbedded, dataset } from '../stages/dataset';
import { merge } from '../stages/merge';
import { training } from '../stages/training';
import { nextStep } from './next-step';

beforeEach(() => {
  chooseModel('pure-mlp-small');
  training.setState({ run: null, state: null });
  runs.setState({ list: [] });
  merge.setState({ report: null, busy: null, source: null });
});

/** A run that has ended with one checkpoint. */
function endedRun(): ListedRun {
  const checkpoint = {
    epoch: 1,
    step: 0,
    file: 'checkpoints/epoch-0001.safetensors',
    stateFile: null,
    form: 'train',
    validation: null,
    best: true,
  } as const;
  return {
    format: 'repmlp-run',
    version: 1,
    name: 'own',
    createdAt: '2026-01-01T00:00:00.000Z',
    state: 'finished',
    config: {
      spec: buildModel('pure-mlp-small'),
      dataset: { kind: 'embedded', name: 'shapes', seed: seed(1) },
      recipe: recipe('shapes-short'),
      seed: seed(1),
      backend: 'auto',
    },
    backend: 'wasm',
    device: '',
    studioVersion: '0',
    tfjsVersion: '0',
    dataHash: '',
    checkpoints: [checkpoint],
    folder: '/runs/own',
    trainedBy: null,
    tags: [],
    note: '',
    baseline: false,
    remarksProblem: null,
  };
}

const label = (stage: Parameters<typeof nextStep>[0]) => nextStep(stage)?.label ?? null;

test('a network without weights is to be trained, and is offered no proof, matrix or pattern', () => {
  chooseModel('repmlpnet-small');
  expect(label('model')).toBe('Train it');
  expect(['merge', 'matrix', 'pattern', 'checkpoint'].map((stage) => label(stage as 'merge'))).toEqual([null, null, null, null]);
  expect(label('cost')).toBe('Put it in a figure');
});

test('data that a field refuses lead nowhere until they are said right', () => {
  expect(label('dataset')).toBe('Train on them');
  const text = { label: 'Training samples', value: '4000', text: '-3', problem: 'this takes a whole number from 1 on' };
  drafts.setState({ refused: [{ ...text, stage: 'dataset', field: 'train-count' }] });
  expect(label('dataset')).toBeNull();
  drafts.setState({ refused: [] });
  expect(label('dataset')).toBe('Train on them');
});

test('data that do not fit the network are not offered to train on', () => {
  const { reference } = dataset.getState();
  // Faces of 64 people; the network tells 10 classes apart.
  chooseEmbedded('faces', 1);
  expect(label('dataset')).toBeNull();
  dataset.setState({ reference });
  expect(label('dataset')).toBe('Train on them');
});

test('from the matrices the way leads to where it looks, what it costs, and the figure', () => {
  expect(['matrix', 'pattern', 'cost'].map((stage) => label(stage as 'cost'))).toEqual([
    'See where it looks',
    'See what it costs',
    'Put it in a figure',
  ]);
});

test('weights known to have no block skip the patterns', () => {
  weights.setState({ blocks: [] });
  expect(label('matrix')).toBe('See what it costs');
});

test('a run offers its proof once it has ended with a checkpoint, and not while it is under way or has none', () => {
  const run = endedRun();
  runs.setState({ list: [run] });
  training.setState({ run: 'own', state: 'running' });
  expect(label('training')).toBeNull();
  training.setState({ state: 'finished' });
  expect(nextStep('training')).toMatchObject({ says: 'own has finished.', label: 'Merge and prove it' });
  runs.setState({ list: [{ ...run, checkpoints: [] }] });
  expect(label('training')).toBeNull();
});

/** A file of an unknown network with one group of a family in this form. */
function familyFile(form: 'train' | 'merged', settings: OpenedCheckpoint['families']['settings'] = []): OpenedCheckpoint {
  const group = { family: 'RepVGG', recipe: 'repvgg', at: 'stage1.0', title: 'stage1.0', form, weights: ['stage1.0.rbr_reparam.weight'] };
  const families = { groups: [group], left: [], settings, said: { recipe: [], setting: [] } };
  return {
    ...{ id: 'f', path: '/weights/repvgg.pth', fileName: 'repvgg.pth', format: 'pth', bytes: 0 },
    ...{ choices: { partitions: [], eps: null }, weightSets: [], setAside: [], tensors: [], recognised: null, inside: [], notes: [] },
    ...{ questions: [], eps: [], families },
  };
}

test('a file of another family, once opened, is to be merged and proved; one that is merged shows its matrices', () => {
  weights.setState({ opened: [familyFile('train')] });
  chooseWeights({ kind: 'file', id: 'f' });
  expect(label('checkpoint')).toBe('Merge and prove it');
  expect(label('model')).toBe('Merge and prove it');
  weights.setState({ opened: [familyFile('merged')] });
  expect(label('checkpoint')).toBe('See its matrices');
});

test('a number that no weights hold has to be given before a merge is offered', () => {
  const scale = { name: 'scale', about: 'of the adapter', usual: null };
  weights.setState({ opened: [familyFile('train', [{ ...scale, given: null }])] });
  chooseWeights({ kind: 'file', id: 'f' });
  expect(label('checkpoint')).toBe('See its matrices');
  weights.setState({ opened: [familyFile('train', [{ ...scale, given: 0.1 }])] });
  expect(label('checkpoint')).toBe('Merge and prove it');
});
