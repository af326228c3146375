// Numbers in a recipe: constants, names (a setting, a size read from a shape, an index read from a key) and a little
// arithmetic, written as JSON: 2, "r", ["/", "alpha", ["sqrt", "r"]]. Invariant: a name without a value is an error, never 0.
import { z } from 'zod';
import { assertNever } from '../../base/assert-never';
import { Refusal } from './algebra/refusal';

export const FORMULA_OPERATIONS = ['+', '-', '*', '/', 'sqrt', 'ceil', 'if'] as const;
type FormulaOperation = (typeof FORMULA_OPERATIONS)[number];

/** A number, a name, or an operation on formulas; `["if", c, a, b]` is a where c is not 0, else b. */
export type Formula = number | string | readonly [FormulaOperation, ...Formula[]];

export const formulaSchema: z.ZodType<Formula, Formula> = z.lazy(() =>
  z.union([z.number(), z.string().min(1), z.tuple([z.enum(FORMULA_OPERATIONS)], formulaSchema)]),
);

/** What names stand for. */
export type Scope = ReadonlyMap<string, number>;

/** The value of a formula. Throws Refusal where a name has no value or the result is no finite number. */
export function valueOf(formula: Formula, scope: Scope): number {
  const value = computed(formula, scope);
  if (!Number.isFinite(value)) throw new Refusal(`${formulaText(formula)} is ${value}: expected a finite number`);
  return value;
}

function computed(formula: Formula, scope: Scope): number {
  if (typeof formula === 'number') return formula;
  if (typeof formula === 'string') {
    const value = scope.get(formula);
    if (value === undefined) throw new Refusal(`${formula} is not known: it is in neither the settings nor the shapes`);
    return value;
  }
  const [operation, ...operands] = formula;
  if (operation === 'if') return computed(operands[computed(operands[0], scope) !== 0 ? 1 : 2], scope);
  const [a, b] = operands.map((operand) => computed(operand, scope));
  return arithmetic(operation, a, b);
}

function arithmetic(operation: Exclude<FormulaOperation, 'if'>, a: number, b: number): number {
  switch (operation) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
      return a / b;
    case 'sqrt':
      return Math.sqrt(a);
    case 'ceil':
      return Math.ceil(a);
    default:
      return assertNever(operation);
  }
}

/** How many operands an operation takes. */
export function operandCount(operation: FormulaOperation): number {
  return operation === 'if' ? 3 : operation === 'sqrt' || operation === 'ceil' ? 1 : 2;
}

/** The names a formula uses. */
export function namesIn(formula: Formula): string[] {
  if (typeof formula === 'number') return [];
  if (typeof formula === 'string') return [formula];
  return formula.slice(1).flatMap((operand) => namesIn(operand as Formula));
}

/** A formula as people write it. */
export function formulaText(formula: Formula): string {
  if (!Array.isArray(formula)) return String(formula);
  const [operation, ...operands] = formula;
  const texts = operands.map(formulaText);
  return operandCount(operation) === 2 ? `(${texts[0]} ${operation} ${texts[1]})` : `${operation}(${texts.join(', ')})`;
}
