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
  expect(normEvents(`${NORMS_HEADER}\n${events.map(normLines).join('')}`, 'norms.csv')).toEqual(events);
});

test('a line cut off by a kill is left out, and an empty file has no norms', () => {
  const text = `${NORMS_HEADER}\n${normLines(events[0])}`;
  expect(normEvents(text.slice(0, -3), 'norms.csv')[0].parameters).toEqual(events[0].parameters.slice(0, 1));
  expect(normEvents('', 'norms.csv')).toEqual([]);
});

test.each([
  ['x,fc.weight,1,1', 'norms.csv, line 2: "epoch" takes a whole number'],
  ['1,fc.weight,1', 'norms.csv, line 2: has 3 columns, expected 4'],
  ['1,fc.weight,1,big', 'norms.csv, line 2: "gradient" takes a number, got "big"'],
])('a line that is no norm is refused with its number and column: %s', (line, sentence) => {
  expect(() => normEvents(`${NORMS_HEADER}\n${line}\n`, 'norms.csv')).toThrow(sentence);
});
