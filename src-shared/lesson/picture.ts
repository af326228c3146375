// A picture as a lesson names it: a file of the lesson's own folder, what the program draws of a scene, or a figure by its recipe.
// Invariant: a figure of a lesson reads nothing but what comes with the program, whatever machine the lesson is opened on.
import { z } from 'zod';
import { isRecord } from '../base/is-record';
import { UserError } from '../base/user-error';
import { RECIPE_FORMAT } from '../figure/recipe';
import { parseFigureRecipe, type FigureRecipe } from '../figure/registry';
import { convolutionSceneSchema } from '../matrix/convolution-scene';
import { strictObject } from '../model/strict-object';

/** What of a scene can be drawn. */
export const SCENE_VIEWS = ['picture', 'matrix', 'output'] as const;

/** Kinds of files that are pictures and can do nothing else. */
export const PICTURE_FILE = /^[\w-][\w.-]*\.(svg|png|jpg|jpeg|gif|webp)$/i;

/** Size and type of a figure where its recipe says nothing of them: a lesson's column. */
const LAYOUT = { widthMm: 120, fontPt: 9, title: null, caption: false } as const;

/** A recipe as a lesson writes it: kind and fields; head and layout may be left out. Throws UserError for what is none. */
export function figureRecipe(written: Readonly<Record<string, unknown>>): FigureRecipe {
  return parseFigureRecipe({ ...RECIPE_FORMAT, layout: LAYOUT, ...written }, 'the figure');
}

const figureSchema = z.record(z.string(), z.unknown()).transform((written, context): FigureRecipe => {
  try {
    const recipe = figureRecipe(written);
    const foreign = foreignSource(recipe);
    if (foreign === null) return recipe;
    context.addIssue(`reads ${foreign}; a figure of a lesson reads what comes with the program, such as bundled:pure-mlp-small`);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    context.addIssue(error.message);
  }
  return z.NEVER;
});

/** Fields of recipes that name files or folders. */
const FILE_FIELDS = new Set(['path', 'file', 'runs']);

/** The first file or folder that a recipe reads beside what is bundled; null where there is none. */
function foreignSource(value: unknown, field = ''): string | null {
  if (typeof value === 'string') return FILE_FIELDS.has(field) && !value.startsWith('bundled:') ? `"${value}"` : null;
  const entries = Array.isArray(value) ? value.map((one) => [field, one] as const) : isRecord(value) ? Object.entries(value) : [];
  for (const [name, one] of entries) {
    const found = foreignSource(one, name);
    if (found !== null) return found;
  }
  return null;
}

export const pictureSchema = strictObject({
  /** A file beside the lesson. */
  file: z
    .string()
    .regex(PICTURE_FILE, "is the name of a picture in the lesson's own folder (svg, png, jpg, gif, webp), without a path")
    .optional(),
  /** A scene that is drawn; the app's own, as it is then, where only `show` is given. */
  scene: convolutionSceneSchema.optional(),
  show: z.enum(SCENE_VIEWS).optional(),
  /** A figure as on the command line, drawn from its recipe. */
  figure: figureSchema.optional(),
  /** What it shows, for whoever cannot see it. */
  alt: z.string().min(1),
  caption: z.string().optional(),
}).superRefine(({ file, scene, show, figure }, context) => {
  if ([file, show, figure].filter((one) => one !== undefined).length !== 1)
    context.addIssue({
      code: 'custom',
      message: 'a picture is either a `file`, or says with `show` what of a scene is drawn, or has the recipe of a `figure`',
    });
  if (show === undefined && scene !== undefined) context.addIssue({ code: 'custom', path: ['scene'], message: 'goes with `show`' });
});
export type LessonPicture = z.output<typeof pictureSchema>;
