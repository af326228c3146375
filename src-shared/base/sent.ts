// What the schemas of stored and sent things have in common.
import { z } from 'zod';

/** What a schema gives, not to be changed. */
export type Stored<T> = T extends Unchanging ? T : IsFixedArray<T> extends true ? T : { readonly [Key in keyof T]: Stored<T[Key]> };

type Unchanging = number | string | boolean | null | undefined | ArrayBufferView | ReadonlyMap<string, unknown>;
/** An array that is readonly as it is: layers, formulas, which contain one another without end. */
type IsFixedArray<T> = T extends readonly unknown[] ? (T extends unknown[] ? false : true) : false;

/** The same schema, for values that are not to be changed. */
export function sent<Schema extends z.ZodType>(schema: Schema): z.ZodType<Stored<z.output<Schema>>, Stored<z.input<Schema>>> {
  return schema as z.ZodType<Stored<z.output<Schema>>, Stored<z.input<Schema>>>;
}

/** A number that was computed: it may have overflowed, which z.number() refuses. */
export const computed = z.custom<number>((value) => typeof value === 'number', 'takes a number, NaN or an infinity');
export const count = z.number().int().nonnegative();
/** Sizes of an array, outermost first. */
export const sizes = z.array(count);
/** Values in bulk. */
export const floats = z.custom<Float32Array>((value) => value instanceof Float32Array, 'takes a Float32Array');
