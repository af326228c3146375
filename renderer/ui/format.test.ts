import { expect, test } from 'vitest';
import { bytesText, duration, exact, measured, percent, short, signed } from './format';

test('counts are exact, grouped by thousands', () => {
  expect(exact(1234567)).toBe('1\u2009234\u2009567');
  expect(exact(999)).toBe('999');
});

test('short counts keep four significant digits and name their unit', () => {
  expect(short(25557032)).toBe('25.56 M');
  expect(short(4089184256)).toBe('4.089 G');
  expect(short(9999)).toBe('9999');
});

test('bytes are counted in powers of 1024', () => {
  expect(bytesText(1023)).toBe('1023 B');
  expect(bytesText(3 * 1024 * 1024)).toBe('3.00 MiB');
});

test('small and large measurements keep their exponent, NaN is not hidden', () => {
  expect(measured(1.5e-6)).toBe('1.50e-6');
  expect(measured(0.1234)).toBe('0.123');
  expect(measured(NaN)).toBe('NaN');
});

test('times are said in the two largest units', () => {
  expect(duration(59.6)).toBe('1 min 00 s');
  expect(duration(3725)).toBe('1 h 02 min');
  expect(duration(NaN)).toBe('unknown');
});

test('differences carry their sign', () => {
  expect(signed(-5, exact)).toBe('\u22125');
  expect(signed(5, exact)).toBe('+5');
  expect(percent(0.12345)).toBe('12.3 %');
});

test('what rounds to zero has no sign', () => {
  expect([percent(-0.0001), percent(-1e-17), percent(0)]).toEqual(['0.0 %', '0.0 %', '0.0 %']);
  expect(percent(-0.001)).toBe('\u22120.1 %');
  expect([signed(-1e-6, percent), signed(1e-6, percent), signed(-0.2, exact)]).toEqual(['0.0 %', '0.0 %', '0']);
});
