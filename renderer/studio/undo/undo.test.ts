// Undo and redo of settings and views.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { navigation } from '../navigation';
import { createStore } from '../state';
import { addUndoable, addUndoableFields, undoableParts } from './parts';
import { beginGesture, canRedo, canUndo, forgetSteps, look, redo, undo, undoSteps } from './undo';

const view = createStore(() => ({ zoom: 1, colours: 'warm', cursor: 0 }));
const chosen = createStore(() => ({ network: 'a', block: null as string | null }));

addUndoable({
  name: 'test-view',
  stage: 'matrix',
  says: 'the view',
  now: () => view.getState(),
  show: (kept) => view.setState(kept as ReturnType<typeof view.getState>),
  passing: ['cursor'],
});
addUndoable({
  name: 'test-network',
  stage: null,
  says: 'the network',
  now: () => chosen.getState(),
  show: async (kept) => {
    await Promise.resolve();
    chosen.setState(kept as ReturnType<typeof chosen.getState>);
  },
  settles: (before, after) => (before as { block: unknown }).block === null && (after as { block: unknown }).block !== null,
});

/** Time between two acts of the user. */
let clock = 0;
const act = (change: () => void): void => {
  clock += 5000;
  beginGesture();
  change();
  look();
};

beforeEach(() => {
  vi.spyOn(performance, 'now').mockImplementation(() => clock);
  navigation.setState({ stage: 'matrix' });
  view.setState({ zoom: 1, colours: 'warm', cursor: 0 });
  chosen.setState({ network: 'a', block: null });
  beginGesture();
  forgetSteps();
});

afterEach(() => vi.restoreAllMocks());

test('undo takes changes back one by one, redo does them again, and a new change ends what can be redone', async () => {
  act(() => view.setState({ zoom: 2 }));
  act(() => view.setState({ colours: 'cold' }));
  await undo();
  expect(view.getState()).toMatchObject({ zoom: 2, colours: 'warm' });
  await undo();
  expect(view.getState()).toMatchObject({ zoom: 1, colours: 'warm' });
  expect(canUndo()).toBe(false);
  await redo();
  await redo();
  expect(view.getState()).toMatchObject({ zoom: 2, colours: 'cold' });
  await undo();
  act(() => view.setState({ zoom: 9 }));
  expect(canRedo()).toBe(false);
  await undo();
  expect(view.getState()).toMatchObject({ zoom: 2, colours: 'warm' });
});

test('what one gesture changes in several parts is one step, and so is what comes of it later', async () => {
  act(() => {
    chosen.setState({ network: 'b' });
    view.setState({ zoom: 3 });
  });
  view.setState({ colours: 'cold' });
  look();
  expect(undoSteps.getState().done).toHaveLength(1);
  await undo();
  expect([chosen.getState().network, view.getState().zoom, view.getState().colours]).toEqual(['a', 1, 'warm']);
});

test('changes of the same field that follow each other at once are one step, of another field a step of their own', () => {
  const typed = (change: () => void): void => {
    clock += 100;
    beginGesture();
    change();
  };
  for (const zoom of [2, 3, 4]) typed(() => view.setState({ zoom }));
  typed(() => view.setState({ colours: 'cold' }));
  beginGesture();
  expect(undoSteps.getState().done.map(({ changes }) => changes.length)).toEqual([1, 1]);
});

test('a press is a step of its own, however soon it follows keys or another press', () => {
  const pressed = (type: string, zoom: number): void => {
    clock += 100;
    beginGesture({ type, target: null });
    view.setState({ zoom });
  };
  pressed('keydown', 2);
  pressed('pointerdown', 3);
  pressed('pointerdown', 4);
  beginGesture();
  expect(undoSteps.getState().done).toHaveLength(3);
});

test('what the program finds out of itself, what passes with the pointer and what comes of undo make no step', async () => {
  act(() => chosen.setState({ network: 'b' }));
  act(() => view.setState({ cursor: 7 }));
  act(() => chosen.setState({ block: 'first' }));
  expect(undoSteps.getState().done).toHaveLength(1);
  await undo();
  expect(chosen.getState()).toEqual({ network: 'a', block: null });
  view.setState({ colours: 'cold' });
  look();
  expect([canUndo(), canRedo()]).toEqual([false, true]);
  await redo();
  expect(chosen.getState()).toEqual({ network: 'b', block: 'first' });
});

test('a change that is taken back by hand in one gesture leaves no step', () => {
  act(() => view.setState({ zoom: 2 }));
  view.setState({ zoom: 1 });
  look();
  expect(canUndo()).toBe(false);
});

test('undo shows the stage on which the change was made', async () => {
  act(() => view.setState({ zoom: 2 }));
  navigation.setState({ stage: 'cost' });
  await undo();
  expect(navigation.getState().stage).toBe('matrix');
});

test('fields of a store are a part by themselves; the others of it are left alone', async () => {
  const store = createStore(() => ({ one: 1, other: 1 }));
  addUndoableFields({ name: 'test-fields', stage: 'cost', says: 'settings' }, store, ['one']);
  look();
  act(() => store.setState({ one: 2, other: 2 }));
  await undo();
  expect(store.getState()).toEqual({ one: 1, other: 2 });
});

test('the network comes before the views that are about it', () => {
  const stages = undoableParts().map(({ stage }) => stage === null);
  expect(stages).toEqual([...stages].sort((a, b) => Number(b) - Number(a)));
});
