import { expect, test } from 'vitest';
import { told } from './told';

async function all<T, R>(stream: AsyncGenerator<T, R>): Promise<[T[], R]> {
  const values: T[] = [];
  for (;;) {
    const next = await stream.next();
    if (next.done) return [values, next.value];
    values.push(next.value);
  }
}

test('all that is told comes before the result, whether it is told at once or later', async () => {
  const stream = told<number, string>(async (tell) => {
    tell(1);
    tell(2);
    await Promise.resolve();
    tell(3);
    return 'done';
  });
  expect(await all(stream)).toEqual([[1, 2, 3], 'done']);
});

test('a failure is the stream’s', async () => {
  const stream = told<number, void>(async (tell) => {
    tell(1);
    await Promise.resolve();
    throw new Error('broken');
  });
  expect((await stream.next()).value).toBe(1);
  await expect(stream.next()).rejects.toThrow('broken');
});

test('who leaves ends the work', async () => {
  const seen: boolean[] = [];
  const stream = told<number, void>(async (tell, signal) => {
    tell(1);
    await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
    seen.push(signal.aborted);
  });
  await stream.next();
  await stream.return();
  await Promise.resolve();
  expect(seen).toEqual([true]);
});
