// What a dot of the picture is, in a sentence and in a few words.
import { expect, test } from 'vitest';
import type { FrameInfo } from '../picture/stage';
import { frameSentence, frameWords } from './Legend';

const pooled = { level: 2, wanted: 2, moving: false, divisor: 1, complete: true, cpu: false } as FrameInfo;

test('the few words name the rule and the cells as the sentence does', () => {
  expect(frameSentence(pooled, 'maxMagnitude')).toBe('Each dot is the weight of largest magnitude of 4 x 4 cells');
  expect(frameWords(pooled, 'maxMagnitude')).toBe('dot: largest of 4×4');
  expect(frameWords(pooled, 'mean')).toBe('dot: mean of 4×4');
});

test('the few words say what is still loading, and who draws', () => {
  expect(frameWords({ ...pooled, level: 3, complete: false, cpu: true }, 'min')).toBe('dot: least of 8×8, loading, by CPU');
  expect(frameWords({ ...pooled, level: 0, wanted: 0 }, 'min')).toBe('every cell');
});
