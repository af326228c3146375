import { beforeAll, expect, test } from 'vitest';
import { NODE_BACKENDS, openForTest } from '../../../tests/engine';
import { differenceFromPyTorch, FOUR_STEPS_TOLERANCE, fourSteps } from '../../../tests/four-steps';

beforeAll(async () => {
  for (const backend of NODE_BACKENDS) await openForTest(backend);
});

test.each(NODE_BACKENDS.flatMap((backend) => (['sgd', 'adamw'] as const).map((kind) => ({ backend, kind }))))(
  'on $backend with $kind, clipped at 0.7, decaying matrices only, averaged by 0.9, are those of PyTorch',
  async ({ backend, kind }) => {
    const found = await fourSteps(kind, backend);
    const { where, relative } = differenceFromPyTorch(found, kind);
    expect(relative, where).toBeLessThan(FOUR_STEPS_TOLERANCE);
    expect(found.batches).toBe(4);
  },
);
