// What a formula is worth. Invariants: types are checked before anything is computed, so that a lesson's fault is found without
// playing it; a value that is not there yet (no merge was run) makes the result unknown, never false.
import { largestOf, smallestOf } from '../../base/extremes';
import { assertNever } from '../../base/assert-never';
import { suggestionText } from '../../base/nearest-name';
import { UserError } from '../../base/user-error';
import type { Formula, Operator } from './syntax';

export type Plain = number | string | boolean;
export type PlainType = 'number' | 'text' | 'boolean';

/** What names mean: their types, and what they are worth now; null where there is no value yet. */
export interface Scope {
  readonly typeOf: (name: string) => PlainType | undefined;
  readonly valueOf: (name: string) => Plain | null;
  /** For messages about a name that is none. */
  readonly known: () => readonly string[];
}

interface FormulaFunction {
  readonly operands: number | 'some';
  readonly compute: (values: readonly number[]) => number | boolean;
  readonly result: PlainType;
  readonly says: string;
}

/** Functions of formulas; all take numbers. */
export const FUNCTIONS: Readonly<Record<string, FormulaFunction>> = {
  abs: { operands: 1, compute: ([a]) => Math.abs(a), result: 'number', says: 'abs(a): a without its sign' },
  sqrt: { operands: 1, compute: ([a]) => Math.sqrt(a), result: 'number', says: 'sqrt(a): the square root' },
  round: {
    operands: 2,
    compute: ([a, digits]) => Math.round(a * 10 ** digits) / 10 ** digits,
    result: 'number',
    says: 'round(a, digits): a with so many decimals',
  },
  min: { operands: 'some', compute: (values) => smallestOf(values), result: 'number', says: 'min(a, b, ...): the smallest' },
  max: { operands: 'some', compute: (values) => largestOf(values), result: 'number', says: 'max(a, b, ...): the largest' },
  near: {
    operands: 3,
    compute: ([a, b, by]) => Math.abs(a - b) <= by,
    result: 'boolean',
    says: 'near(a, b, by): whether a and b differ by no more than `by`',
  },
};

/** The type of a formula. Throws UserError where names are unknown or types do not go together. */
export function typeOfFormula(formula: Formula, scope: Scope): PlainType {
  switch (formula.kind) {
    case 'literal':
      return plainTypeOf(formula.value);
    case 'name': {
      const type = scope.typeOf(formula.name);
      if (type === undefined) throw new UserError(`there is no value ${formula.name}; ${suggestionText(formula.name, scope.known())}`);
      return type;
    }
    case 'not':
      return expectType(formula.of, 'boolean', 'not', scope);
    case 'negative':
      return expectType(formula.of, 'number', '-', scope);
    case 'call':
      return typeOfCall(formula.function, formula.operands, scope);
    case 'pair':
      return typeOfPair(formula.operator, formula.left, formula.right, scope);
    default:
      return assertNever(formula);
  }
}

function plainTypeOf(value: Plain): PlainType {
  return typeof value === 'string' ? 'text' : typeof value === 'number' ? 'number' : 'boolean';
}

function expectType(formula: Formula, wanted: PlainType, by: string, scope: Scope): PlainType {
  const type = typeOfFormula(formula, scope);
  if (type !== wanted) throw new UserError(`${by} takes a ${wanted}, got a ${type}`);
  return type;
}

function typeOfCall(name: string, operands: readonly Formula[], scope: Scope): PlainType {
  const found = FUNCTIONS[name];
  if (!Object.hasOwn(FUNCTIONS, name)) throw new UserError(`there is no function ${name}; ${suggestionText(name, Object.keys(FUNCTIONS))}`);
  if (found.operands !== 'some' && operands.length !== found.operands)
    throw new UserError(`${name} takes ${found.operands} values, got ${operands.length} (${found.says})`);
  operands.forEach((operand) => expectType(operand, 'number', name, scope));
  return found.result;
}

function typeOfPair(operator: Operator, left: Formula, right: Formula, scope: Scope): PlainType {
  if (operator === 'and' || operator === 'or') {
    [left, right].forEach((side) => expectType(side, 'boolean', operator, scope));
    return 'boolean';
  }
  if (operator === '=' || operator === '!=') {
    const [a, b] = [typeOfFormula(left, scope), typeOfFormula(right, scope)];
    if (a !== b) throw new UserError(`${operator} compares a ${a} with a ${b}: they are never equal`);
    return 'boolean';
  }
  [left, right].forEach((side) => expectType(side, 'number', operator, scope));
  return operator.startsWith('<') || operator.startsWith('>') ? 'boolean' : 'number';
}

/** What a formula of right types is worth; null where a value it needs is not there yet. `false and x` is false, `true or x` true, whatever x. */
export function evaluate(formula: Formula, scope: Scope): Plain | null {
  switch (formula.kind) {
    case 'literal':
      return formula.value;
    case 'name':
      return scope.valueOf(formula.name);
    case 'not':
      return known([formula.of], scope, ([value]) => value !== true);
    case 'negative':
      return known([formula.of], scope, ([value]) => -Number(value));
    case 'call':
      return known(formula.operands, scope, (values) => FUNCTIONS[formula.function].compute(values.map(Number)));
    case 'pair':
      return evaluatePair(formula.operator, formula.left, formula.right, scope);
    default:
      return assertNever(formula);
  }
}

function known(operands: readonly Formula[], scope: Scope, compute: (values: readonly Plain[]) => Plain): Plain | null {
  const values: Plain[] = [];
  for (const operand of operands) {
    const value = evaluate(operand, scope);
    if (value === null) return null;
    values.push(value);
  }
  return compute(values);
}

function evaluatePair(operator: Operator, left: Formula, right: Formula, scope: Scope): Plain | null {
  if (operator === 'and' || operator === 'or') {
    const decides = operator === 'or';
    const values = [evaluate(left, scope), evaluate(right, scope)];
    return values.includes(decides) ? decides : values.includes(null) ? null : !decides;
  }
  return known([left, right], scope, ([a, b]) => computePair(operator, a, b));
}

function computePair(operator: Exclude<Operator, 'and' | 'or'>, a: Plain, b: Plain): Plain {
  const [x, y] = [Number(a), Number(b)];
  switch (operator) {
    case '=':
      return a === b;
    case '!=':
      return a !== b;
    case '<':
      return x < y;
    case '<=':
      return x <= y;
    case '>':
      return x > y;
    case '>=':
      return x >= y;
    case '+':
      return x + y;
    case '-':
      return x - y;
    case '*':
      return x * y;
    case '/':
      return x / y;
    default:
      return assertNever(operator);
  }
}
