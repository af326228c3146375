import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { CheckpointFile } from '@shared/checkpoint/checkpoint-file';
import { ProgressLine, readShown, StatusLine, type ProgressStream } from './progress';

/** What was written to a terminal (or, with `isTTY` false, a pipe). */
function written(isTTY: boolean): { stream: ProgressStream; text: () => string } {
  const parts: string[] = [];
  const write = (text: string | Uint8Array): boolean => parts.push(String(text)) > 0;
  return { stream: { isTTY, columns: 60, write } as ProgressStream, text: () => parts.join('') };
}

describe('the lines of a training', () => {
  test('tell what failed and was made good, and not that it runs', () => {
    const { stream, text } = written(false);
    const line = new ProgressLine(stream, 2, 'classification');
    line.show({ type: 'state', state: 'running', message: 'started' });
    line.show({ type: 'state', state: 'running', message: 'step 3 was made again: no memory', mended: true });
    expect(text()).toBe('step 3 was made again: no memory\n');
  });
});

describe('the status line', () => {
  test('shows the part that is done, on one line that is taken away afterwards', () => {
    const { stream, text } = written(true);
    const status = new StatusLine(stream);
    status.showPart('merging', 1, 4, '1/4 stage1.mix1');
    expect(text()).toBe('\r\u001b[Kmerging [#####...............] 1/4 stage1.mix1');
    status.clear();
    expect(text()).toMatch(/\r\u001b\[K$/);
  });

  test('never wraps: it is cut to the width of the terminal', () => {
    const { stream, text } = written(true);
    new StatusLine(stream).show('x'.repeat(200));
    expect(text()).toBe(`\r\u001b[K${'x'.repeat(59)}`);
  });

  test('writes nothing into a pipe', async () => {
    const { stream, text } = written(false);
    const status = new StatusLine(stream);
    status.showPart('merging', 1, 2, 'a');
    await status.during('comparing', () => Promise.resolve());
    status.clear();
    expect(text()).toBe('');
  });

  test('shares of nothing do not fail', () => {
    const { stream, text } = written(true);
    new StatusLine(stream).showPart('merging', 0, 0, '');
    expect(text()).toContain('[....................]');
  });
});

describe('work that takes long', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  test('is shown with the seconds that went by, until it ends or fails', async () => {
    const { stream, text } = written(true);
    const work = new StatusLine(stream).during(
      'comparing',
      () => new Promise((_, reject) => setTimeout(() => reject(new Error('lost')), 2500)),
    );
    const failed = expect(work).rejects.toThrow('lost');
    await vi.advanceTimersByTimeAsync(2500);
    await failed;
    expect(text()).toContain('comparing, 0:02');
    expect(text()).toMatch(/\r\u001b\[K$/);
    expect(vi.getTimerCount()).toBe(0);
  });
});

test('reading a file shows how much of it was read', async () => {
  const { stream, text } = written(true);
  const readAll: CheckpointFile['readAll'] = (onProgress) => {
    onProgress?.(250e6, 500e6);
    return Promise.resolve(new Map());
  };
  await readShown({ fileName: 'b256.pth', readAll } as CheckpointFile, new StatusLine(stream));
  expect(text()).toBe('\r\u001b[Kreading b256.pth [##########..........] 250 of 500 MB\r\u001b[K');
});

test('a small file is not "0 of 0" of anything', async () => {
  const { stream, text } = written(true);
  const readAll: CheckpointFile['readAll'] = (onProgress) => {
    onProgress?.(1400, 2800);
    onProgress?.(300, 300);
    return Promise.resolve(new Map());
  };
  await readShown({ fileName: 'tiny.npz', readAll } as CheckpointFile, new StatusLine(stream));
  expect(text()).toMatch(/2 of 3 kB.*1 of 1 kB/s);
});

describe('an epoch of a training', () => {
  const epoch = {
    type: 'epoch',
    epoch: 1,
    train: { loss: 2, metric: 0.5 },
    validation: { loss: 1, metric: 0.25 },
    learningRate: 0.1,
    seconds: 3,
  } as const;

  test('of scenes names both metrics: the share of right pixels of its batches, the mean IoU of the validation split', () => {
    const { stream, text } = written(false);
    new ProgressLine(stream, 2, 'segmentation').show(epoch);
    expect(text()).toBe('epoch 1/2  train loss 2.000 pixels right 50.0 %  validation loss 1.000 mIoU 25.0 %  3.0 s\n');
  });

  test('of faces tells the verification of pairs', () => {
    const { stream, text } = written(false);
    new ProgressLine(stream, 2, 'face').show({ ...epoch, validation: { ...epoch.validation, verification: 0.875 } });
    expect(text()).toContain('validation loss 1.000 accuracy 25.0 %  verification 87.5 %');
  });
});

test('a training that goes on on another backend says so on a line of its own, in a pipe too', () => {
  const { stream, text } = written(false);
  const progress = new ProgressLine(stream, 2, 'classification');
  progress.show({ type: 'backend', backend: 'wasm', reason: 'no GPU.', change: 'the weights may differ' });
  expect(text()).toBe('backend wasm: no GPU.\nthe weights may differ\n');
});

test('what follows a training that breaks off does not stand behind its progress', () => {
  const { stream, text } = written(true);
  const progress = new ProgressLine(stream, 1, 'classification');
  progress.show({
    type: 'step',
    ...{ epoch: 1, step: 1, stepsPerEpoch: 4, loss: 1, metric: 0, learningRate: 1, imagesPerSecond: 1 },
    ...{ secondsPerStep: 1, secondsLeft: 3, tensors: 1, bytes: 1 },
  });
  progress.clear();
  expect(text()).toMatch(/1\/4.*\r\u001b\[K$/);
});
