import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { expect, test, vi } from 'vitest';
import { Reports } from './reports';

const onCpu = (): Reports => {
  void tf.setBackend('cpu');
  return new Reports((action) => action());
};

test('asking for one report reads all that are there, at once, each its own', async () => {
  const reports = onCpu();
  const before = tf.memory().numTensors;
  const read = vi.spyOn(tf.backend(), 'read');
  const [first, second, third] = [1, 2, 3].map((n) => reports.add(tf.tensor1d([n, n / 10])));
  expect(await second()).toEqual({ loss: 2, metric: expect.closeTo(0.2) as number });
  expect([(await first()).loss, (await third()).loss, (await second()).loss]).toEqual([1, 3, 2]);
  expect(read).toHaveBeenCalledTimes(1);
  expect(tf.memory().numTensors).toBe(before);
});

test('a report that was not read when its session ended is freed, and says so', async () => {
  const reports = onCpu();
  const before = tf.memory().numTensors;
  const read = reports.add(tf.tensor1d([1, 0]));
  reports.dispose();
  expect(tf.memory().numTensors).toBe(before);
  await expect(read()).rejects.toThrow('after its session had ended');
});
