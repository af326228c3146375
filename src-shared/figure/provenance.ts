// What travels inside a figure: its recipe, which files its numbers came from (by name and hash), and the numbers' measures, so
// that a year later it is drawn again, and what has changed since is said in numbers.
import { z } from 'zod';
import { formatProblem } from '../base/stored-version';
import { UserError } from '../base/user-error';
import { crc32 } from '../checkpoint/zip/crc32';
import type { DisplayList } from './page/display-list';
import { figureNumber } from './page/layout';
import { parseFigureRecipe, type FigureRecipe } from './registry';

const FORMAT = { format: 'repmlp-figure-file', version: 1, called: 'what a figure carries' } as const;

const measured = z.object({
  name: z.string(),
  /** Rows and columns. */
  shape: z.tuple([z.number(), z.number()]),
  /** CRC-32 of the numbers as float32, little-endian; of a table as its text. */
  crc32: z.number(),
  least: z.number().nullable(),
  most: z.number().nullable(),
  /** Root of the mean square. */
  rms: z.number().nullable(),
});
/** Measures of one array or table behind a figure; null where it has no finite number. */
export type MeasuredData = Readonly<z.infer<typeof measured>>;

const sourceFile = z.object({ path: z.string(), sha256: z.string() });
/** A file that numbers came from, by the name its recipe has for it. */
export type SourceFile = Readonly<z.infer<typeof sourceFile>>;

const schema = z.object({
  format: z.literal(FORMAT.format),
  version: z.literal(FORMAT.version),
  studio: z.string(),
  recipe: z.unknown(),
  sources: z.array(sourceFile),
  data: z.array(measured),
});

/** All that a figure's file carries. */
export interface Provenance {
  readonly studio: string;
  readonly recipe: FigureRecipe;
  readonly sources: readonly SourceFile[];
  readonly data: readonly MeasuredData[];
}

/** The text that travels. */
export function provenanceText({ studio, recipe, sources, data }: Provenance): string {
  return JSON.stringify({ format: FORMAT.format, version: FORMAT.version, studio, recipe, sources, data });
}

/** Reads what a figure carries; a recipe alone, as a file of its own, is one without sources. Throws UserError that names the first fault. */
export function parseProvenance(json: unknown, where: string): Provenance {
  if (isRecipe(json)) return { studio: '', recipe: parseFigureRecipe(json, where), sources: [], data: [] };
  const problem = formatProblem(json, FORMAT);
  if (problem !== null) throw new UserError(`${where}: ${problem}`);
  const parsed = schema.safeParse(json);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new UserError(`${where}: "${issue.path.map(String).join('.')}": ${issue.message}`);
  }
  const { studio, recipe, sources, data } = parsed.data;
  return { studio, recipe: parseFigureRecipe(recipe, where), sources, data };
}

function isRecipe(json: unknown): boolean {
  return typeof json === 'object' && json !== null && 'kind' in json;
}

/** Measures of all numbers behind a figure. */
export function measuredData({ marks, tables }: DisplayList): MeasuredData[] {
  const arrays = marks.flatMap((mark) => (mark.kind === 'cells' ? [mark] : []));
  return [
    ...arrays.map(({ name, values: { rows, columns, data } }) => {
      const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
      return { name, shape: [rows, columns] as [number, number], crc32: crc32(bytes), ...measuresOf(data) };
    }),
    ...tables.map(({ name, columns, rows }) => {
      const numbers = rows.flatMap((row) => row.filter((cell) => typeof cell === 'number'));
      const bytes = new TextEncoder().encode(JSON.stringify(rows));
      return { name, shape: [rows.length, columns.length] as [number, number], crc32: crc32(bytes), ...measuresOf(numbers) };
    }),
  ];
}

function measuresOf(values: ArrayLike<number>): Pick<MeasuredData, 'least' | 'most' | 'rms'> {
  let [least, most, squares, count] = [Infinity, -Infinity, 0, 0];
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (!Number.isFinite(value)) continue;
    [least, most, squares, count] = [Math.min(least, value), Math.max(most, value), squares + value * value, count + 1];
  }
  return count === 0 ? { least: null, most: null, rms: null } : { least, most, rms: Math.sqrt(squares / count) };
}

/** What differs between the numbers a figure was made of and those it is made of now, a sentence each; none where nothing does. */
export function changesOf(then: readonly MeasuredData[], now: readonly MeasuredData[]): string[] {
  const missing = then.filter(({ name }) => !now.some((one) => one.name === name)).map(({ name }) => `"${name}" is there no more`);
  const changed = now.flatMap((one) => {
    const old = then.find(({ name }) => name === one.name);
    if (old === undefined) return [`"${one.name}" was not there`];
    return old.crc32 === one.crc32 ? [] : [`"${one.name}": ${differenceText(old, one)}`];
  });
  return [...missing, ...changed];
}

/** Sums of the same numbers in another order differ by this much, relatively. */
const ROUNDING = 1e-9;

function differenceText(old: MeasuredData, now: MeasuredData): string {
  if (old.shape.join() !== now.shape.join()) return `was ${old.shape.join(' x ')}, is ${now.shape.join(' x ')}`;
  const parts = (['least', 'most', 'rms'] as const).flatMap((key) => {
    const [before, after] = [old[key], now[key]];
    if (before === after || (before !== null && after !== null && Math.abs(after - before) <= ROUNDING * Math.abs(before))) return [];
    const text = (value: number | null): string => (value === null ? 'none' : figureNumber(value, 6));
    const by =
      before === null || after === null || before === 0 ? '' : ` (by ${figureNumber((100 * (after - before)) / Math.abs(before), 2)} %)`;
    return [
      `${{ least: 'least value', most: 'largest value', rms: 'root mean square' }[key]} ${text(before)} then, ${text(after)} now${by}`,
    ];
  });
  return parts.length === 0 ? 'other numbers of the same range and mean square' : parts.join(', ');
}
