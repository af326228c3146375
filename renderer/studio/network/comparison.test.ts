// Network B, held against the current one.
import { beforeEach, expect, test } from 'vitest';
import { buildModel } from '@shared/model/zoo';
import { comparedLabel, comparison, compareWith, swapCompared } from './comparison';
import { changeSetting, chooseModel, network, zooSubject } from './network';
import { BUNDLED, weights } from './weights';

beforeEach(() => {
  chooseModel('pure-mlp-small');
  compareWith(null);
});

test('an entry of the zoo, or weights, are B with their own network; nothing is compared until then', () => {
  expect(comparison.getState()).toEqual({ subject: null, network: null });
  expect(comparedLabel()).toBeNull();
  compareWith(zooSubject('wide-convnet-cifar'));
  expect(comparison.getState().network?.spec).toEqual(buildModel('wide-convnet-cifar'));
  compareWith({ kind: 'weights', reference: BUNDLED });
  expect(comparison.getState().network?.held).toEqual(buildModel('pure-mlp-small'));
  expect(comparedLabel()).toBe('Bundled: pure-mlp-small');
});

test('A and B change places with their settings and weights, and twice is as before', () => {
  compareWith(zooSubject('repmlpnet-small'));
  swapCompared();
  changeSetting('classes', '7');
  const designed = network.getState();
  expect(weights.getState().inFocus).toBe(false);
  swapCompared();
  expect(weights.getState()).toMatchObject({ inFocus: true, reference: BUNDLED });
  expect(comparison.getState().network).toMatchObject({ entry: 'repmlpnet-small', settings: { classes: '7' }, spec: designed.spec });
  swapCompared();
  expect(network.getState()).toMatchObject({ entry: 'repmlpnet-small', settings: { classes: '7' }, spec: designed.spec });
});

test('a file that is no longer open is B without a network, and says so', () => {
  compareWith({ kind: 'weights', reference: { kind: 'file', id: 'gone' } });
  expect(comparison.getState().network).toMatchObject({ spec: null, problem: expect.stringContaining('no longer open') as unknown });
});
