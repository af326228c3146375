// A figure recipe: plain JSON that says what to draw from which numbers, so that a figure can be made again a year later
// without the window. Here is what recipes share; a kind's own fields stand with the kind, the list of them in `registry.ts`.
import { z } from 'zod';
import { datasetReferenceSchema } from '../dataset/reference-schema';
import { networkField } from '../model/schema';

/** What a figure can be written as. */
export const FIGURE_FORMATS = ['svg', 'pdf', 'png'] as const;
export type FigureFormat = (typeof FIGURE_FORMATS)[number];

/** Size and type of a figure; lengths in millimetres, type in points. */
const layoutSchema = z.strictObject({
  widthMm: z.number().min(30, 'a figure is at least 30 mm wide').max(1000, 'a figure is at most 1000 mm wide'),
  fontPt: z.number().min(3, 'type is at least 3 pt').max(48, 'type is at most 48 pt'),
  title: z.string().nullable(),
});
export type FigureLayout = Readonly<z.infer<typeof layoutSchema>>;

/** A number counted from 0: a channel, a row, a group. */
export const index = z.number().int('an index is a whole number, counted from 0').nonnegative('an index is a whole number, counted from 0');

/** Where the numbers come from: a run folder or a checkpoint file, train form. */
export const sourceSchema = z.strictObject({
  path: z.string().min(1, 'a source needs the path of a run folder or checkpoint'),
  /** The set of weights, of a file that holds several; the usual one where it is left out. */
  weights: z.string().optional(),
  layer: z.string().optional(),
  /** What network the file holds, where it cannot be recognised from its names and shapes. */
  network: networkField.optional(),
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
