// The recipe of matrices as the explorer shows them, and what its numbers are once they are read.
import { z } from 'zod';
import { COLOUR_SCALE_NAMES } from '../../colour/scales';
import { VALUE_TRANSFORMS } from '../../colour/transform';
import type { MatrixGeometry } from '../../matrix/geometry';
import { LAYOUT_NAMES } from '../../matrix/named-layouts';
import { POOL_RULES } from '../../matrix/pool';
import { colourLimits, index, recipeSchema, regionSchema, sourceSchema } from '../recipe';

export const PANES = ['before', 'added', 'after'] as const;
/** Which matrices beside each other: before, added, after; of two sets of weights A, B - A, B; a weight has `after` alone. */
export type PaneName = (typeof PANES)[number];

export const schema = recipeSchema('matrix-view', {
  source: sourceSchema,
  /** A weight in place of a block. */
  weight: z
    .strictObject({
      name: z.string().min(1),
      merged: z.boolean().optional(),
      map: z.union([z.literal('usual'), z.tuple([index.min(1), index.min(1)])]).optional(),
    })
    .optional(),
  /** Other weights, whose block or weight of the same name is compared with it. */
  against: sourceSchema.optional(),
  arrangement: z.enum(LAYOUT_NAMES),
  /** The matrices drawn; all there are where left out. */
  panes: z.array(z.enum(PANES)).min(1, 'one matrix at least is drawn').optional(),
  /** One picture, the first matrix left of this share of its width and the last one right of it. */
  splitAt: z.number().min(0).max(1).optional(),
  colours: z.enum(COLOUR_SCALE_NAMES),
  transform: z.enum(VALUE_TRANSFORMS),
  limits: colourLimits.optional(),
  magnitude: z.boolean().optional(),
  /** Whether what lies beyond the limits has a colour of its own; that of the end where left out. */
  markClipped: z.boolean().optional(),
  /** One colour scale for all matrices, or each its own; one where left out. */
  scales: z.enum(['one', 'each']).optional(),
  /** What a cell stands for that covers several weights; the one of largest magnitude. */
  rule: z.enum(POOL_RULES).optional(),
  /** A part of the picture: its first row and column, and how many. */
  region: regionSchema.optional(),
  /** A cell of the picture, marked in every matrix. */
  marked: z.strictObject({ row: index, column: index }).optional(),
});
export type MatrixViewRecipe = z.infer<typeof schema>;

/** One matrix (rows, columns) with its name in the figure and beside the numbers. */
export interface ShownMatrix {
  readonly pane: PaneName;
  readonly heading: string;
  readonly data: Float32Array;
}

/** The matrices of a view, all of one size. */
export interface MatrixView {
  readonly title: string;
  /** Sentences about what the matrices are. */
  readonly said: readonly string[];
  readonly rows: number;
  readonly columns: number;
  readonly geometry: MatrixGeometry | null;
  readonly matrices: readonly ShownMatrix[];
}
