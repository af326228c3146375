// Objects written by hand: a field nobody knows is a mistake, never ignored, and the message names the field
// that was probably meant.
import { z } from 'zod';
import { suggestionText } from '../base/nearest-name';
import { UserError } from '../base/user-error';

/** An object with these fields and no other. */
export function strictObject<S extends z.ZodRawShape>(shape: S): z.ZodObject<S, z.core.$strict> {
  return z.strictObject(shape, {
    error: (issue) => (issue.code === 'unrecognized_keys' ? unknownField(issue.keys[0], Object.keys(shape)) : undefined),
  });
}

/** A value that a function of its own parses from JSON, as a field of other schemas. A UserError it throws is the field's. */
export function parsedBy<T>(parse: (json: unknown) => T) {
  return z.custom<T>().transform((json, context): T => {
    try {
      return parse(json);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      context.addIssue({ code: 'custom', message: error.message });
      return z.NEVER;
    }
  });
}

function unknownField(field: string, known: readonly string[]): string {
  return `is no field here; ${suggestionText(field, known)}`;
}

/**
 * What is wrong with a value, as `layers.0.name: reason`; `whole` stands for a value that is wrong as a whole. Of several
 * things a field that nobody knows comes first: where it is a slip, the field that was meant is missing too.
 */
export function firstIssue({ issues }: z.ZodError, whole: string): string {
  const issue = issues.find(({ code }) => code === 'unrecognized_keys') ?? issues[0];
  const place = issue.code === 'unrecognized_keys' ? [...issue.path, issue.keys[0]] : issue.path;
  return `${place.map(String).join('.') || whole}: ${reasonOf(issue)}`;
}

/** What is wrong, without its place: `is missing; it takes an array`. */
export function reasonOf(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_value' && issue.values.length > 1) return notAmong(issue.input, issue.values);
  if (issue.code === 'invalid_union' && 'options' in issue && issue.options && issue.discriminator !== undefined)
    return notAmong((issue.input as Record<string, unknown>)[issue.discriminator], issue.options);
  const number = typeof issue.input === 'number' ? String(issue.input) : null;
  const [, wanted, got] = /^Invalid input: expected (.+), received (.+)$/.exec(issue.message) ?? [];
  if (wanted === undefined) return `${lowered(issue.message)}${number === null ? '' : `, got ${number}`}`;
  const takes = `takes ${/^[aeiou]/.test(wanted) ? 'an' : 'a'} ${wanted === 'int' ? 'integer' : wanted}`;
  return got === 'undefined' ? `is missing; it ${takes}` : `${takes}, got ${number ?? got}`;
}

function lowered(sentence: string): string {
  return sentence.charAt(0).toLowerCase() + sentence.slice(1);
}

function notAmong(value: unknown, known: readonly unknown[]): string {
  const names = known.map(String);
  if (value === undefined) return `is missing; known: ${names.join(', ')}`;
  return `is ${JSON.stringify(value)}; ${suggestionText(String(value), names)}`;
}
