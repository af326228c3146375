// One subscription to all stores.
import { expect, test } from 'vitest';
import { createStore, subscribeToState } from './state';

test('a subscriber hears of stores made before it and after it, until it ends', () => {
  const early = createStore(() => ({ value: 0 }));
  let heard = 0;
  const end = subscribeToState(() => heard++);
  const late = createStore(() => ({ value: 0 }));
  early.setState({ value: 1 });
  late.setState({ value: 1 });
  expect(heard).toBe(2);
  end();
  late.setState({ value: 2 });
  expect(heard).toBe(2);
});
