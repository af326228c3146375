// Back and forward, and a reload, in a window that reaches no service: networks without weights, and what was looked at.
import { beforeEach, expect, test, vi } from 'vitest';
import { z } from 'zod';

/** A window's history, as far as places use it. */
class FakeHistory {
  readonly entries: unknown[] = [null];
  at = 0;

  get state(): unknown {
    return this.entries[this.at];
  }

  pushState(state: unknown): void {
    this.entries.splice(++this.at, Infinity, state);
  }

  replaceState(state: unknown): void {
    this.entries[this.at] = state;
  }

  go(steps: number): void {
    this.at += steps;
    window.dispatchEvent(Object.assign(new Event('popstate'), { state: this.state }));
  }
}

let kept: Map<string, string>;
let fake: FakeHistory;

beforeEach(() => {
  kept = new Map();
  fake = new FakeHistory();
  return () => vi.unstubAllGlobals();
});

/** The window's modules as they are after a reload, with what the window kept. */
async function load() {
  vi.unstubAllGlobals();
  vi.stubGlobal('window', new EventTarget());
  vi.stubGlobal('document', new EventTarget());
  vi.stubGlobal('location', { hash: '' });
  vi.stubGlobal('history', fake);
  vi.stubGlobal('sessionStorage', {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  });
  vi.resetModules();
  const [{ recallAlone }, { setUpPlaces }, { goTo, navigation }, { chooseModel, network }, weights, looks] = await Promise.all([
    import('../studio/network/remembered'),
    import('./places'),
    import('../studio/navigation'),
    import('../studio/network/network'),
    import('../studio/network/weights'),
    import('../studio/looks'),
  ]);
  recallAlone();
  setUpPlaces();
  return { goTo, chooseModel, ...looks, weights, entry: () => network.getState().entry, stage: () => navigation.getState().stage };
}

/** Until what a change or a step of the history brings has come. */
const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));

test('back and forward lead to the networks that were chosen, without a service', async () => {
  const { goTo, chooseModel, entry, stage } = await load();
  goTo('model');
  await settled();
  chooseModel('wide-convnet-small');
  await settled();
  chooseModel('resnet50');
  await settled();
  goTo('cost');
  await settled();
  fake.go(-2);
  await settled();
  expect([stage(), entry()]).toEqual(['model', 'wide-convnet-small']);
  fake.go(2);
  await settled();
  expect([stage(), entry()]).toEqual(['cost', 'resnet50']);
});

test('back leads to what was looked at there, and a reload leaves it', async () => {
  const before = await load();
  const level = { stage: 'cost', name: 'bars', schema: z.string(), first: 'operations' } as const;
  before.goTo('cost');
  await settled();
  before.changeLook(level, 'params');
  before.goTo('model');
  await settled();
  before.goTo('cost');
  await settled();
  before.changeLook(level, 'bytes');
  fake.go(-2);
  await settled();
  expect(before.lookAt(level)).toBe('params');
  window.dispatchEvent(new Event('pagehide'));
  const after = await load();
  expect(after.lookAt(level)).toBe('params');
});

test('a reload comes back to a network that needs no service', async () => {
  const before = await load();
  before.chooseModel('wide-convnet-small');
  await settled();
  const after = await load();
  expect(after.entry()).toBe('wide-convnet-small');
});

test('a file waits for the service that has it, and gives way to what is chosen before', async () => {
  const before = await load();
  before.weights.chooseWeights({ kind: 'file', id: 'f1' });
  await settled();
  const after = await load();
  expect(after.entry()).toBe('pure-mlp-small');
  after.chooseModel('resnet50');
  await settled();
  const again = await load();
  expect(again.entry()).toBe('resnet50');
});

test('where the way back needs a service that is gone, what is looked at is shown and the place is kept', async () => {
  const { goTo, chooseModel, weights, changeLook, lookAt, stage } = await load();
  const group = { stage: 'pattern', name: 'group', schema: z.number().nullable(), first: null } as const;
  weights.weights.setState({ opened: [] });
  goTo('pattern');
  await settled();
  weights.chooseWeights({ kind: 'file', id: 'f1' });
  await settled();
  changeLook(group, 1);
  chooseModel('resnet50');
  await settled();
  goTo('cost');
  await settled();
  changeLook(group, 2);
  fake.go(-2);
  await settled();
  expect([stage(), lookAt(group)]).toEqual(['pattern', 1]);
  window.dispatchEvent(new Event('pagehide'));
  expect(kept.get('repmlp-places')).toContain('"id":"f1"');
});
