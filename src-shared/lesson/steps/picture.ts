// `picture`: a picture of the lesson's own, or one that is drawn of a scene.
import { z } from 'zod';
import { strictObject } from '../../model/strict-object';
import { pictureSchema, type LessonPicture } from '../picture';
import { stepKind, textFields, type FieldProblem, type Surroundings } from './kind';

export const pictureKind = stepKind({
  kind: 'picture',
  says: "shows a picture: a file of the lesson's own folder, or a scene drawn by the program",
  schema: pictureSchema as z.ZodType<LessonPicture>,
  words: strictObject({ alt: z.string(), caption: z.string() }).partial(),
  formulas: () => [],
  texts: ({ alt, caption }) => textFields([['alt'], alt], [['caption'], caption]),
  problems: (picture, surroundings) => fileProblems(picture, [], surroundings),
  fields: [
    ['file', "the name of a picture in the lesson's folder"],
    ['scene', 'in place of a file: a scene to be drawn'],
    ['show', 'what of the scene: `picture`, `matrix` or `output`'],
    ['alt', 'what can be seen, in words (required)'],
    ['caption', 'a line under it (may be left out)'],
  ],
  example: 'show: matrix\nscene: {h: 5, w: 5}\nalt: A matrix with nine diagonals.',
});

/** A picture's file has to lie in the lesson's folder. */
export function fileProblems({ file }: LessonPicture, path: FieldProblem['path'], { files }: Surroundings): FieldProblem[] {
  if (file === undefined || files === null || files.includes(file)) return [];
  return [{ path: [...path, 'file'], message: `${file} does not lie in the lesson's folder` }];
}
