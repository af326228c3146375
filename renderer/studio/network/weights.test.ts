// How figure recipes name weights: so that another session, or the command line, finds the same ones again.
import { afterEach, expect, test } from 'vitest';
import type { OpenedCheckpoint } from '@shared/link/studio';
import { NO_CHOICE } from '@shared/model/recognise/partition-readings';
import { buildModel } from '@shared/model/zoo';
import { withSizeOf } from '@shared/model/input-size';
import { figureSource, weights } from './weights';

const spec = buildModel('repmlpnet-small');
const file: OpenedCheckpoint = {
  id: 'a1',
  path: '/data/two.pth',
  choices: NO_CHOICE,
  fileName: 'two.pth',
  format: 'pth',
  bytes: 1,
  weightSets: [
    { name: '', tensors: 3, chosen: true },
    { name: 'ema', tensors: 3, chosen: false },
  ],
  setAside: [],
  tensors: [],
  recognised: { model: spec.name, form: 'train', spec, inputSize: 'assumed' },
  inside: [],
  notes: [],
  questions: [],
  eps: [],
  families: { groups: [], left: [], settings: [], said: { recipe: [], setting: [] } },
};
const sourceOf = (opened: OpenedCheckpoint) => {
  weights.setState({ opened: [opened] });
  return figureSource({ kind: 'file', id: opened.id });
};
const chosen = (name: string): OpenedCheckpoint['weightSets'] => file.weightSets.map((set) => ({ ...set, chosen: set.name === name }));

afterEach(() => weights.setState({ opened: [] }));

test('the usual weights of a file are named by its path alone', () => {
  expect(sourceOf(file)).toEqual({ path: '/data/two.pth' });
});

test('another set is named beside the path, the one at the root among them', () => {
  expect(sourceOf({ ...file, weightSets: chosen('ema') })).toEqual({ path: '/data/two.pth', weights: 'ema' });
  expect(sourceOf({ ...file, weightSets: chosen('').toReversed() })).toEqual({ path: '/data/two.pth', weights: '(root)' });
});

test('what the user said of the file goes with it', () => {
  const large = { ...spec, ...withSizeOf(spec, { height: 64, width: 96 }) };
  const said = { ...file, choices: { partitions: [[2, 8] as const], eps: 0.001 } };
  const sized = { ...said, recognised: { model: spec.name, form: 'train', spec: large, inputSize: 'chosen' } as const };
  expect(sourceOf(sized)).toEqual({ path: '/data/two.pth', partitions: [[2, 8]], eps: 0.001, inputSize: '64x96' });
});

test('bundled weights are named as the command line names them', () => {
  expect(figureSource({ kind: 'bundled', name: 'pure-mlp-small' })).toEqual({ path: 'bundled:pure-mlp-small' });
});
