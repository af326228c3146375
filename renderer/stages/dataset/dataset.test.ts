import { expect, test } from 'vitest';
import { changeSeed, changeTrainCount, chooseEmbedded, dataset, dataText } from './dataset';

test('another seed draws as many samples as before, and the words name a number that was chosen', () => {
  chooseEmbedded('faces', 1);
  expect(dataText(dataset.getState())).toBe('faces, seed 1');
  changeTrainCount(256);
  changeSeed(7);
  expect(dataset.getState().reference).toEqual({ kind: 'embedded', name: 'faces', seed: 7, trainCount: 256 });
  expect(dataText(dataset.getState())).toBe('faces, seed 7, 256 training samples');
});
