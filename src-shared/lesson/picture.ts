// A picture as a lesson names it: a file of the lesson's own folder, or what the program draws of a scene.
import { z } from 'zod';
import { convolutionSceneSchema } from '../matrix/convolution-scene';
import { strictObject } from '../model/strict-object';

/** What of a scene can be drawn. */
export const SCENE_VIEWS = ['picture', 'matrix', 'output'] as const;

/** Kinds of files that are pictures and can do nothing else. */
export const PICTURE_FILE = /^[\w-][\w.-]*\.(svg|png|jpg|jpeg|gif|webp)$/i;

export const pictureSchema = strictObject({
  /** A file beside the lesson. */
  file: z
    .string()
    .regex(PICTURE_FILE, "is the name of a picture in the lesson's own folder (svg, png, jpg, gif, webp), without a path")
    .optional(),
  /** A scene that is drawn; the app's own, as it is then, where only `show` is given. */
  scene: convolutionSceneSchema.optional(),
  show: z.enum(SCENE_VIEWS).optional(),
  /** What it shows, for whoever cannot see it. */
  alt: z.string().min(1),
  caption: z.string().optional(),
}).superRefine(({ file, scene, show }, context) => {
  if ((file === undefined) === (show === undefined))
    context.addIssue({ code: 'custom', message: 'a picture is either a `file`, or says with `show` what of a scene is drawn' });
  if (file !== undefined && scene !== undefined) context.addIssue({ code: 'custom', path: ['scene'], message: 'goes with `show`' });
});
export type LessonPicture = z.output<typeof pictureSchema>;
