// Which form of the network the diagram shows, over a reload and for the way back.
import { z } from 'zod';
import type { Form } from '@shared/model/spec';
import { addDeepView } from '../../studio/deep-view';
import { createStore } from '../../studio/state';

export const diagram = createStore<{ readonly form: Form }>(() => ({ form: 'train' }));

addDeepView(
  'model',
  z.object({ form: z.enum(['train', 'merged']) }),
  () => diagram.getState(),
  (kept) => diagram.setState(kept),
);
