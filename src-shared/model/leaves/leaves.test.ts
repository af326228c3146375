import { expect, test } from 'vitest';
import { COMPOSITES } from '../composites';
import { LEAVES } from './index';

test.each([...Object.entries(LEAVES), ...Object.entries(COMPOSITES)])(
  'the record of %s is that of the layers so called',
  (kind, { schema }) => {
    expect(schema.shape.kind.value).toBe(kind);
  },
);
