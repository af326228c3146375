// What `diff` tells of two files: whether they are one function, where they part, and which weights moved, where.
import { z } from 'zod';
import { computed, count, sizes, type Stored } from '../../base/sent';
import { form } from '../../model/leaves/fields';
import { verifyReportSchema } from '../../merge/report';

const side = z.object({
  fileName: z.string(),
  /** Name of the network; null where it is unknown. */
  model: z.string().nullable(),
  form: form.nullable(),
  tensors: count,
});
/** One of the two files. */
export type DiffSide = Stored<z.infer<typeof side>>;

const pairing = z.object({
  /** Names in A and in B. */
  a: z.string(),
  b: z.string(),
  /** How they were matched: `prefix` (all of one file's names carry one), `values` (the same bytes), `place` (the same shapes in the same order). */
  how: z.enum(['prefix', 'values', 'place']),
});
/** Two tensors whose names differ and that are held against one another. */
export type Renamed = Stored<z.infer<typeof pairing>>;

const names = z.object({
  /** Tensors held against one another. */
  matched: count,
  /** What all of a file's matched names begin with and the other's do not; empty where there is nothing. */
  prefixes: z.object({ a: z.string(), b: z.string() }),
  renamed: z.array(pairing),
  onlyA: z.array(z.string()),
  onlyB: z.array(z.string()),
  /** Names in both whose shapes differ. */
  otherShape: z.array(z.object({ name: z.string(), a: sizes, b: sizes })),
});
export type DiffNames = Stored<z.infer<typeof names>>;

export const cellSchema = z.object({
  /** Index into the tensor's shape. */
  index: sizes,
  a: computed,
  b: computed,
  /** The same in the words of the layer: channels, and places in the image. */
  place: z.string(),
});

const movedWeight = z.object({
  /** Under A's name, and under B's where it is another. */
  name: z.string(),
  inB: z.string().nullable(),
  shape: sizes,
  /** Values that differ, of all. */
  changed: count,
  values: count,
  /** Largest |b - a|, and as a share of the largest |a|. */
  maxAbs: computed,
  maxRel: computed,
  /** Root of the sum of (b - a)^2, and as a share of that of a^2. */
  norm: computed,
  relative: computed,
  /** Rank of the change as a matrix (first axis x all others); at least that where `rankAtLeast`. */
  rank: count,
  rankAtLeast: z.boolean(),
  worst: cellSchema,
});
/** A weight that is not the same in both files. */
export type MovedWeight = Stored<z.infer<typeof movedWeight>>;

const changeMap = z.object({
  /** What its rows and columns are. */
  of: z.enum(['input', 'output', 'displacement']),
  rows: count,
  columns: count,
  /** Root mean square of b - a over all weights at that place, row-major. */
  values: z.array(computed),
});
/** Where in the image a weight moved. */
export type ChangeMap = Stored<z.infer<typeof changeMap>>;

const changeMaps = z.object({ name: z.string(), maps: z.array(changeMap) });
/** The maps of one moved weight. */
export type ChangeMaps = Stored<z.infer<typeof changeMaps>>;

/** `same`: proved, or every value is the same; `differs`: outputs part; `unproven`: neither could be shown. */
export const DIFF_VERDICTS = ['same', 'differs', 'unproven'] as const;

export const diffReportSchema = z.object({
  a: side,
  b: side,
  same: z.boolean(),
  verdict: z.enum(DIFF_VERDICTS),
  /** Why, in a sentence. */
  reason: z.string(),
  /** First layer whose outputs part by more than the tolerance; null where none does, or nothing was run. */
  firstDivergentLayer: z.string().nullable(),
  /** First layer whose outputs are not the same to the bit, of two files in one form. */
  firstChangedLayer: z.string().nullable(),
  /** Where the first layer that parts is furthest off. */
  worst: z.object({ layer: z.string(), index: sizes, a: computed, b: computed }).nullable(),
  /** Both run on the same inputs; in it A is `train` and B `merged`, whatever their forms. Null where they were not run. */
  run: verifyReportSchema.nullable(),
  names,
  /** Tensors compared, in which form, and what was done for it. */
  compared: z.object({ form: form.nullable(), tensors: count, how: z.array(z.string()) }),
  /** Those that moved, the most moved (relative norm) first. */
  moved: z.array(movedWeight),
  /** Where the most moved ones with places in the image moved; all maps share one scale. */
  looks: z.array(changeMaps),
});
/** The answer of `diff`. */
export type DiffReport = Stored<z.infer<typeof diffReportSchema>>;
