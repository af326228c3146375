// A figure recipe: plain JSON that says what to draw from which numbers, so that a figure can be made again a year later
// without the window. Here is what recipes share; a kind's own fields stand with the kind, the list of them in `registry.ts`.
import { z } from 'zod';
import { datasetReferenceSchema } from '../dataset/reference-schema';
import { networkField } from '../model/schema';
import { VENUE_NAMES } from './venues';

/** What a figure can be written as, as one file. */
const FILE_FORMATS = ['svg', 'pdf', 'png'] as const;
export type FileFormat = (typeof FILE_FORMATS)[number];
/** What a figure can be written as; PGF has pictures beside it. */
export const FIGURE_FORMATS = [...FILE_FORMATS, 'pgf'] as const;
export type FigureFormat = (typeof FIGURE_FORMATS)[number];

/** Limits of an axis, both ends. */
const range = z.tuple([z.number(), z.number()]).refine(([from, to]) => from < to, 'the limits of an axis rise');

/** Size, type and manner of a figure; lengths in millimetres, type in points. What is left out is as the comment says. */
const layoutSchema = z.strictObject({
  widthMm: z.number().min(30, 'a figure is at least 30 mm wide').max(1000, 'a figure is at most 1000 mm wide'),
  fontPt: z.number().min(3, 'type is at least 3 pt').max(48, 'type is at most 48 pt'),
  title: z.string().nullable(),
  /** Most height; pictures shrink until it is kept, type does not. None. */
  heightMm: z.number().min(20, 'a figure may be 20 mm high at least').optional(),
  /** Smallest type; 5. */
  leastPt: z.number().min(3, 'type is at least 3 pt').optional(),
  /** Where it is to be printed: what it is inspected for. Nowhere. */
  venue: z.enum(VENUE_NAMES).optional(),
  /** Whether the sentences that explain it stand below it; they come beside it as text in any case. Yes. */
  caption: z.boolean().optional(),
  font: z.enum(['sans', 'serif']).optional(),
  /** Text as text in a font that travels in the file, or as outlines. As text. */
  text: z.enum(['embedded', 'outlines']).optional(),
  /** Factor of all line widths; 1. */
  lines: z.number().min(0.5, 'lines are at least half as wide').max(4, 'lines are at most four times as wide').optional(),
  /** How panels are lettered; not. */
  letters: z.enum(['none', 'a', '(a)', 'A']).optional(),
  /** Limits of the axes of plots; as the numbers are. */
  xRange: range.optional(),
  yRange: range.optional(),
  /** Where the key of lines stands; above. */
  legend: z.enum(['above', 'below', 'none']).optional(),
});
export type FigureLayout = Readonly<z.infer<typeof layoutSchema>>;

/** A number counted from 0: a channel, a row, a group. */
export const index = z.number().int('an index is a whole number, counted from 0').nonnegative('an index is a whole number, counted from 0');

/** Where colours end: a share of the magnitudes, or numbers. */
export const colourLimits = z.union([
  z.strictObject({ kind: z.literal('percentile'), percent: z.number().gt(0).max(100) }),
  z.strictObject({ kind: z.literal('numbers'), low: z.number(), high: z.number() }),
]);

/** A part of a matrix or of its picture: its first row and column, and how many. */
export const regionSchema = z.strictObject({ row: index, column: index, rows: index.min(1), columns: index.min(1) });

/** A file that travels in the recipe. */
const namedText = z.strictObject({ fileName: z.string().min(1), text: z.string() });

/** Where the numbers come from: a run folder, a checkpoint file or `bundled:NAME`, train form. */
export const sourceSchema = z.strictObject({
  path: z.string().min(1, 'a source needs the path of a run folder or checkpoint'),
  /** The set of weights, of a file that holds several; the usual one where it is left out. */
  weights: z.string().optional(),
  layer: z.string().optional(),
  /** What network the file holds, where it cannot be recognised from its names and shapes. */
  network: networkField.optional(),
  /** Height and width of its inputs, `N` or `HxW` in pixels, where its layers leave them open. */
  inputSize: z.string().optional(),
  /** Partitions (height, width) of its blocks and the eps of its batch norms, where the file's shapes leave them open. */
  partitions: z.array(z.tuple([z.number().int().positive(), z.number().int().positive()])).optional(),
  eps: z.number().nonnegative().optional(),
  /** What is said of its groups of known families, where it holds no network that is known. */
  families: z
    .strictObject({
      /** Names of recipes. */
      recipe: z.array(z.string()).optional(),
      /** Numbers that no weights hold, `key=value`. */
      setting: z.array(z.string()).optional(),
      /** Recipes of the user's own, as text. */
      own: z.array(namedText).optional(),
      /** A low-rank adapter in a file of its own, beside which its configuration lies. */
      adapter: z.string().min(1).optional(),
      /** That configuration as text, where it was given by hand. */
      config: namedText.optional(),
    })
    .optional(),
});
export type FigureSource = Readonly<z.infer<typeof sourceSchema>>;

/** A picture under a map: a sample or the mean of a class of a data set's training split, or an image file. */
export const pictureSchema = z.union([
  z.strictObject({ file: z.string().min(1) }),
  z.strictObject({
    dataset: datasetReferenceSchema,
    of: z.union([z.strictObject({ sample: index }), z.strictObject({ classMean: index })]),
  }),
]);
export type PictureSource = Readonly<z.infer<typeof pictureSchema>>;

/** What is counted as work. */
export const conventionSchema = z.strictObject({
  unit: z.enum(['macs', 'flops']),
  batchNorm: z.boolean(),
  bias: z.boolean(),
  activation: z.boolean(),
});

export const RECIPE_FORMAT = { format: 'repmlp-figure', version: 1 } as const;

/** What every recipe begins with. */
export interface RecipeHead {
  readonly format: 'repmlp-figure';
  readonly version: 1;
  readonly layout: FigureLayout;
}

/** A recipe of any kind. */
export interface AnyRecipe extends RecipeHead {
  readonly kind: string;
}

/** The schema of a kind's recipe: the head of every recipe and the fields of its own. */
export function recipeSchema<K extends string, S extends z.ZodRawShape>(kind: K, fields: S) {
  return z.strictObject({
    format: z.literal(RECIPE_FORMAT.format),
    version: z.literal(RECIPE_FORMAT.version),
    layout: layoutSchema,
    kind: z.literal(kind),
    ...fields,
  });
}
