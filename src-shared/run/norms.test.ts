import { expect, test } from 'vitest';
import { normEvents, normLines, NORMS_HEADER, type NormsEvent } from './norms';

const events: NormsEvent[] = [1, 2].map((epoch) => ({
  type: 'norms',
  epoch,
  parameters: [
    { name: 'stage1.0.fc3.weight', weight: 3 * epoch, gradient: 0.1 },
    { name: 'fc.bias', weight: 0, gradient: 1e-9 },
  ],
}));

test('norms are read back as they were written, epoch by epoch', () => {
  expect(normEvents(`${NORMS_HEADER}\n${events.map(normLines).join('')}`)).toEqual(events);
});

test('a line cut off by a kill is left out, and an empty file has no norms', () => {
  const text = `${NORMS_HEADER}\n${normLines(events[0])}`;
  expect(normEvents(text.slice(0, -3))[0].parameters).toEqual(events[0].parameters.slice(0, 1));
  expect(normEvents('')).toEqual([]);
});
