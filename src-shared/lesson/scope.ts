// What the names in a lesson's formulas mean: the documented values of the app, the lesson's own data, and the learner's answer.
import { formatNumber } from './text/format-number';
import { evaluate, typeOfFormula, type Plain, type PlainType, type Scope } from './expression/evaluate';
import { parseFormula, type Formula } from './expression/syntax';
import { lessonValue, lessonValues } from './values';
import type { World } from './world';

/** Where a formula is computed. */
export interface Circumstances {
  readonly world: World;
  /** Of the lesson's front matter. */
  readonly data: Readonly<Record<string, Plain>>;
  /** Null where the formula may not look at one. */
  readonly answer?: Plain | null;
}

/** The scope of names for types alone: of a lesson with such data, and of an answer of this type. */
export function typeScope(data: Readonly<Record<string, Plain>>, answer: PlainType | null): Scope {
  return { ...scopeOf(data, answer), valueOf: () => null };
}

function scopeOf(data: Readonly<Record<string, Plain>>, answer: PlainType | null): Omit<Scope, 'valueOf'> {
  const ofData = (name: string): Plain | undefined =>
    name.startsWith('data.') && Object.hasOwn(data, name.slice(5)) ? data[name.slice(5)] : undefined;
  return {
    typeOf: (name) => {
      if (name === 'answer') return answer ?? undefined;
      const own = ofData(name);
      return own === undefined ? lessonValue(name)?.type : plainType(own);
    },
    known: () => [
      ...(answer === null ? [] : ['answer']),
      ...lessonValues.map(({ name }) => name),
      ...Object.keys(data).map((name) => `data.${name}`),
    ],
  };
}

export function plainType(value: Plain): PlainType {
  return typeof value === 'number' ? 'number' : typeof value === 'string' ? 'text' : 'boolean';
}

function valueScope({ world, data, answer = null }: Circumstances): Scope {
  return {
    ...scopeOf(data, answer === null ? null : plainType(answer)),
    valueOf: (name) => {
      if (name === 'answer') return answer;
      if (name.startsWith('data.')) return data[name.slice(5)] ?? null;
      const value = lessonValue(name)?.of(world) ?? null;
      return typeof value === 'number' && Number.isNaN(value) ? null : value;
    },
  };
}

/** What a formula is worth now; null where a value it needs is not there yet. Throws UserError where it cannot be read. */
export function worthOf(text: string | Formula, circumstances: Circumstances): Plain | null {
  const formula = typeof text === 'string' ? parseFormula(text) : text;
  const scope = valueScope(circumstances);
  typeOfFormula(formula, scope);
  return evaluate(formula, scope);
}

/** Formulas between `[[` and `]]` in a text. */
const INSIDE = /\[\[([^\][]+)\]\]/g;

/** The formulas inside a text. */
export function formulasInside(text: string): string[] {
  return [...text.matchAll(INSIDE)].map(([, formula]) => formula.trim());
}

/** A text with its formulas computed; what is not known yet is shown as an ellipsis. */
export function filledIn(text: string, circumstances: Circumstances): string {
  return text.replace(INSIDE, (_, formula: string) => {
    const value = worthOf(formula.trim(), circumstances);
    return value === null ? '…' : typeof value === 'number' ? formatNumber(value) : String(value);
  });
}
