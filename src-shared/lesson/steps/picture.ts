// `picture`: a picture of the lesson's own, one that is drawn of a scene, or a figure.
import { z } from 'zod';
import { strictObject } from '../../model/strict-object';
import { pictureSchema, type LessonPicture } from '../picture';
import { stepKind, textFields, type FieldProblem, type Surroundings } from './kind';

export const pictureKind = stepKind({
  kind: 'picture',
  says: "shows a picture: a file of the lesson's own folder, a scene drawn by the program, or a figure as `repmlp figure` draws it",
  schema: pictureSchema as z.ZodType<LessonPicture>,
  words: strictObject({ alt: z.string(), caption: z.string() }).partial(),
  formulas: () => [],
  texts: ({ alt, caption }) => textFields([['alt'], alt], [['caption'], caption]),
  problems: (picture, surroundings) => fileProblems(picture, [], surroundings),
  fields: [
    ['file', "the name of a picture in the lesson's folder"],
    ['scene', 'in place of a file: a scene to be drawn'],
    ['show', 'what of the scene: `picture`, `matrix` or `output`'],
    [
      'figure',
      'in place of a file: a figure by its recipe, as `repmlp figure` takes it; format and layout may be left out. It may read what comes with the program, such as `bundled:pure-mlp-small`, and no other file',
    ],
    ['alt', 'what can be seen, in words (required)'],
    ['caption', 'a line under it (may be left out)'],
  ],
  example: 'show: matrix\nscene: {h: 5, w: 5}\nalt: A matrix with nine diagonals.',
  more: [
    [
      'A figure of the weights that come with the program',
      'figure: {kind: figure5, source: {path: "bundled:pure-mlp-small", layer: stage1.mix1}, outputChannel: 0, row: 4, column: 4, inputChannel: 0}\nalt: Two maps of one row of the matrix, before and after the merge.',
    ],
  ],
});

/** A picture's file has to lie in the lesson's folder. */
export function fileProblems({ file }: LessonPicture, path: FieldProblem['path'], { files }: Surroundings): FieldProblem[] {
  if (file === undefined || files === null || files.includes(file)) return [];
  return [{ path: [...path, 'file'], message: `${file} does not lie in the lesson's folder` }];
}
