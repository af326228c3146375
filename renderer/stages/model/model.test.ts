import { beforeEach, expect, test } from 'vitest';
import { bothForms } from '@shared/cost/both-forms';
import { changeInputSize, changeSetting, chooseModel, CUSTOM, model, takeDescription } from './model';

beforeEach(() => chooseModel('pure-mlp-small'));

test('a hyper-parameter changes the network, an empty text brings the default back', () => {
  const before = model.getState().spec;
  changeSetting('width', '16');
  expect(model.getState().settings).toEqual({ width: '16' });
  expect(model.getState().spec).not.toEqual(before);
  changeSetting('width', '');
  expect(model.getState().spec).toEqual(before);
});

test('a setting that cannot be built leaves no network and says why', () => {
  changeSetting('width', 'wide');
  expect(model.getState().spec).toBeNull();
  expect(model.getState().problem).toContain('width');
});

test('a network survives being written as JSON and read again', () => {
  const spec = model.getState().spec;
  takeDescription(JSON.stringify(spec), 'mine.json');
  expect(model.getState()).toMatchObject({ entry: CUSTOM, spec });
});

test('a broken description names the file or the field, and leaves the chosen network', () => {
  const before = model.getState();
  expect(() => takeDescription('{', 'mine.json')).toThrow('mine.json');
  expect(() => takeDescription('{"format":"repmlp-network"}', 'mine.json')).toThrow('version');
  expect(model.getState()).toEqual(before);
});

test('another input size keeps the network and its settings, until it is emptied', () => {
  chooseModel('repmlpnet-small');
  changeSetting('classes', '7');
  const { spec } = model.getState();
  changeInputSize('64x32');
  expect(model.getState().spec).toEqual({ ...spec, input: { channels: 3, height: 64, width: 32 } });
  changeSetting('reduction', '2');
  expect(model.getState().spec?.input).toEqual({ channels: 3, height: 64, width: 32 });
  changeSetting('reduction', '');
  changeInputSize('');
  expect(model.getState().spec).toEqual(spec);
});

test('an input size that the network cannot take, or that is none, leaves no network and says why', () => {
  changeInputSize('64');
  expect(model.getState()).toMatchObject({ spec: null, problem: expect.stringContaining('cannot take 64x64: layer ') as unknown });
  changeInputSize('big');
  expect(model.getState().problem).toContain('the input size takes N or HxW');
});

test('a network described by hand is taken for another input size, too', () => {
  chooseModel('repmlpnet-small');
  takeDescription(JSON.stringify(model.getState().spec), 'mine.json');
  changeInputSize('64');
  expect(model.getState()).toMatchObject({ entry: CUSTOM, spec: { input: { height: 64, width: 64 } } });
});

test('merging never adds multiply-accumulates', () => {
  const spec = model.getState().spec;
  if (!spec) throw new Error('the small network must build');
  const { trainLedger, mergedLedger } = bothForms(spec);
  expect(mergedLedger.macs).toBeLessThan(trainLedger.macs);
});
