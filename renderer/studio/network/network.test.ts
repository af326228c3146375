import { NO_CHOICE } from '@shared/model/recognise/partition-readings';
import { beforeEach, expect, test } from 'vitest';
import { bothForms } from '@shared/cost/both-forms';
import { buildModel } from '@shared/model/zoo';
import { mergedSpec } from '@shared/model/merged-spec';
import type { NetworkSpec } from '@shared/model/spec';
import type { OpenedCheckpoint } from '@shared/link/studio';
import { chooseWeights, BUNDLED, weights } from './weights';
import { currentDesign, takeDesign, changeInputSize, changeSetting, chooseModel, CUSTOM, network, takeDescription } from './network';

beforeEach(() => chooseModel('pure-mlp-small'));

test('a hyper-parameter changes the network, an empty text brings the default back', () => {
  const before = network.getState().spec;
  changeSetting('width', '16');
  expect(network.getState().settings).toEqual({ width: '16' });
  expect(network.getState().spec).not.toEqual(before);
  changeSetting('width', '');
  expect(network.getState().spec).toEqual(before);
});

test('a setting that cannot be built leaves no network and says why', () => {
  changeSetting('width', 'wide');
  expect(network.getState().spec).toBeNull();
  expect(network.getState().problem).toContain('width');
});

test('a network survives being written as JSON and read again', () => {
  const spec = network.getState().spec;
  takeDescription(JSON.stringify(spec), 'mine.json');
  expect(network.getState()).toMatchObject({ entry: CUSTOM, spec });
});

test('a broken description names the file or the field, and leaves the chosen network', () => {
  const before = network.getState();
  expect(() => takeDescription('{', 'mine.json')).toThrow('mine.json');
  expect(() => takeDescription('{"format":"repmlp-network"}', 'mine.json')).toThrow('version');
  expect(network.getState()).toEqual(before);
});

test('another input size keeps the network and its settings, until it is emptied', () => {
  chooseModel('repmlpnet-small');
  changeSetting('classes', '7');
  const { spec } = network.getState();
  changeInputSize('64x32');
  expect(network.getState().spec).toEqual({ ...spec, input: { channels: 3, height: 64, width: 32 } });
  changeSetting('reduction', '2');
  expect(network.getState().spec?.input).toEqual({ channels: 3, height: 64, width: 32 });
  changeSetting('reduction', '');
  changeInputSize('');
  expect(network.getState().spec).toEqual(spec);
});

test('an input size that the network cannot take, or that is none, leaves no network and says why', () => {
  changeInputSize('64');
  expect(network.getState()).toMatchObject({ spec: null, problem: expect.stringContaining('cannot take 64x64: layer ') as unknown });
  changeInputSize('big');
  expect(network.getState().problem).toContain('the input size takes N or HxW');
});

test('a network described by hand is taken for another input size, too', () => {
  chooseModel('repmlpnet-small');
  takeDescription(JSON.stringify(network.getState().spec), 'mine.json');
  changeInputSize('64');
  expect(network.getState()).toMatchObject({ entry: CUSTOM, spec: { input: { height: 64, width: 64 } } });
});

test('merging never adds multiply-accumulates', () => {
  const spec = network.getState().spec;
  if (!spec) throw new Error('the small network must build');
  const { trainLedger, mergedLedger } = bothForms(spec);
  expect(mergedLedger.macs).toBeLessThan(trainLedger.macs);
});

/** A file as the service describes it. */
function opened(id: string, spec: NetworkSpec | null): OpenedCheckpoint {
  const recognised = spec && { model: spec.name, form: spec.form, spec, inputSize: 'fixed' as const };
  const nothing = {
    path: `/${id}.pth`,
    choices: NO_CHOICE,
    bytes: 0,
    weightSets: [],
    setAside: [],
    tensors: [],
    inside: [],
    notes: [],
    questions: [],
    eps: [],
    families: { groups: [], left: [], settings: [], said: { recipe: [], setting: [] } },
  };
  return { id, fileName: `${id}.pth`, format: 'pth', recognised, ...nothing };
}

function openFile(id: string, spec: NetworkSpec | null): void {
  weights.setState({ opened: [opened(id, spec)] });
  chooseWeights({ kind: 'file', id });
}

test('the network of weights is the entry of the zoo with the very settings the file has', () => {
  const spec = buildModel('pure-mlp-small', { width: '4', classes: '7' });
  openFile('own', spec);
  expect(network.getState()).toMatchObject({ entry: 'pure-mlp-small', settings: { width: '4', classes: '7' }, spec });
});

test('merged weights are of the network they were merged from', () => {
  const spec = buildModel('pure-mlp-small', { width: '4' });
  openFile('merged', mergedSpec(spec));
  expect(network.getState()).toMatchObject({ entry: 'pure-mlp-small', spec, held: mergedSpec(spec) });
});

test('a network that no settings give is taken as the weights describe it', () => {
  const spec = { ...buildModel('pure-mlp-small', { width: '4' }), name: 'mine' };
  openFile('mine', spec);
  expect(network.getState()).toMatchObject({ entry: CUSTOM, spec });
});

test('of weights whose network is not known nothing is counted, and the file is named', () => {
  openFile('strange', null);
  expect(network.getState()).toMatchObject({ spec: null, problem: expect.stringContaining('strange.pth') as unknown });
});

test('another input size of the file in focus is one of the network', () => {
  const spec = buildModel('repmlpnet-small');
  openFile('sized', spec);
  weights.setState({ opened: [opened('sized', { ...spec, input: { channels: 3, height: 64, width: 96 } })] });
  expect(network.getState()).toMatchObject({ inputSize: '64x96', spec: { input: { height: 64, width: 96 } } });
});

test('a changed setting makes a design without weights; the defaults of the bundled network bring its weights back', () => {
  openFile('own', buildModel('pure-mlp-small', { width: '4' }));
  changeSetting('classes', '3');
  expect(weights.getState().inFocus).toBe(false);
  expect(network.getState().settings).toEqual({ width: '4', classes: '3' });
  chooseModel('pure-mlp-small');
  expect(weights.getState()).toMatchObject({ inFocus: true, reference: BUNDLED });
});

test('a design can be kept and taken again, weights in focus are none', () => {
  expect(currentDesign()).toBeNull();
  takeDescription(JSON.stringify({ ...buildModel('repmlpnet-small'), name: 'mine' }), 'mine.json');
  changeInputSize('64');
  const [kept, before] = [currentDesign(), network.getState()];
  chooseModel('resnet50');
  if (kept) takeDesign(kept);
  expect(network.getState()).toEqual(before);
});
