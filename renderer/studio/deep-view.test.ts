// What a stage shows deep inside, kept and shown again.
import { expect, test, vi } from 'vitest';
import { z } from 'zod';
import { addDeepView, deepViewOf, showDeepView } from './deep-view';

const schema = z.object({ step: z.string() });

test('what a stage is to show that is not loaded yet is shown once it is', () => {
  const show = vi.fn();
  showDeepView('pattern', { step: 'rows' });
  expect(deepViewOf('pattern')).toEqual({ step: 'rows' });
  addDeepView('pattern', schema, () => ({ step: 'now' }), show);
  expect(show.mock.calls).toEqual([[{ step: 'rows' }]]);
  expect(deepViewOf('pattern')).toEqual({ step: 'now' });
});

test('what another version of the program kept is not shown', () => {
  const show = vi.fn();
  addDeepView('cost', schema, () => undefined, show);
  showDeepView('cost', { level: 3 });
  showDeepView('cost', null);
  expect(show).not.toHaveBeenCalled();
});
