// Formulas of lessons: how they bind, what is refused and where, what is unknown.
import { describe, expect, test } from 'vitest';
import { evaluate, typeOfFormula, type Plain, type Scope } from './evaluate';
import { namesOf, parseFormula } from './syntax';

const VALUES: Readonly<Record<string, Plain | null>> = { 'row.cells': 9, pad: 1, name: 'pure-mlp', done: true, 'merge.equivalent': null };
const typeName = (value: Plain | null) => (typeof value === 'number' ? 'number' : typeof value === 'string' ? 'text' : 'boolean');
const scope: Scope = {
  typeOf: (name) => (Object.hasOwn(VALUES, name) ? typeName(VALUES[name]) : undefined),
  valueOf: (name) => VALUES[name],
  known: () => Object.keys(VALUES),
};
const worth = (text: string): Plain | null => {
  const formula = parseFormula(text);
  typeOfFormula(formula, scope);
  return evaluate(formula, scope);
};

describe('what a formula is worth', () => {
  test.each([
    ['1 + 2 * 3', 7],
    ['(1 + 2) * 3', 9],
    ['8 / 4 / 2', 1],
    ['5 - 3 - 1', 1],
    ['-2 * -3', 6],
    ['1.5e2', 150],
    ['row.cells = 9', true],
    ['row.cells + pad >= 11', false],
    ['not done or pad = 1 and row.cells < 10', true],
    ['not pad = 2', true],
    ['name = "pure-mlp"', true],
    ['near(3.14, 3.1, 0.05)', true],
    ['round(2.345, 1)', 2.3],
    ['max(1, row.cells, 4) - min(2, 1)', 8],
    ['done = true', true],
  ])('%s is %s', (text, expected) => expect(worth(text)).toBe(expected));

  test('what rests on a value that is not there yet is unknown, unless the other side decides', () => {
    expect(worth('merge.equivalent')).toBeNull();
    expect(worth('merge.equivalent and done')).toBeNull();
    expect(worth('merge.equivalent and not done')).toBe(false);
    expect(worth('merge.equivalent or done')).toBe(true);
  });
});

describe('what is refused', () => {
  test.each([
    ['1 +', /the end of "1 \+": expected a number/],
    ['row.cells = = 9', /column 13/],
    ['(1', /closing bracket/],
    ['1 2', /column 3.*expected nothing more/],
    ['a; b', /column 2/],
    ['row.cell = 9', /no value row\.cell; did you mean "row\.cells"/],
    ['pad = "1"', /compares a number with a text/],
    ['done + 1', /\+ takes a number, got a boolean/],
    ['near(1, 2)', /near takes 3 values, got 2/],
    ['constructor(1)', /no function constructor/],
    ['toString = 1', /no value toString/],
  ])('%s', (text, message) => expect(() => worth(text)).toThrow(message));
});

test('the names of a formula are listed once each', () => {
  expect(namesOf(parseFormula('row.cells = 9 and (row.cells > pad or abs(pad) = 1)'))).toEqual(['row.cells', 'pad']);
});
