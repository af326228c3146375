// `highlight`: a part of the window is outlined, and the keyboard gets there with one key.
import { z } from 'zod';
import { suggestionText } from '../../base/nearest-name';
import { strictObject } from '../../model/strict-object';
import { WINDOW_PARTS, windowPart } from '../parts';
import { stepKind, textFields } from './kind';

const schema = strictObject({ part: z.string(), note: z.string().optional() });

export const highlightKind = stepKind({
  kind: 'highlight',
  says: 'outlines a part of the window while the step is shown; Alt+H moves the keyboard there, Alt+L back to the lesson',
  schema,
  words: strictObject({ note: z.string() }).partial(),
  formulas: () => [],
  texts: ({ note }) => textFields([['note'], note]),
  problems: ({ part }) =>
    windowPart(part)
      ? []
      : [
          {
            path: ['part'],
            message: `there is no part ${part}; ${suggestionText(
              part,
              WINDOW_PARTS.map(({ name }) => name),
            )}`,
          },
        ],
  fields: [
    ['part', 'its name, from the list of parts below'],
    ['note', 'what to look at there (may be left out)'],
  ],
  example: 'part: scene-matrix\nnote: Each row is one position of the window.',
});
export type HighlightBlock = z.output<typeof schema>;
