// `prediction`: the learner says what will be seen before it is shown; then both are shown, and the gap between them. Whoever
// predicts first remembers better. A prediction is never wrong: nothing waits for a right one.
import { z } from 'zod';
import { strictObject } from '../../model/strict-object';
import { pictureSchema, type LessonPicture } from '../picture';
import { givenStateSchema } from '../prepared-state';
import { fileProblems } from './picture';
import { stepKind, textFields } from './kind';

/** Grids of cells that can be drawn before they are shown. */
export const DRAWN_GRIDS = ['row', 'column', 'output'] as const;

const common = {
  ask: z.string(),
  given: givenStateSchema.optional(),
  after: z.string().optional(),
};
const cellsSchema = strictObject({ guess: z.literal('cells'), of: z.enum(DRAWN_GRIDS), ...common });
const numberSchema = strictObject({
  guess: z.literal('number'),
  of: z.string(),
  from: z.number(),
  to: z.number(),
  step: z.number().positive().optional(),
  unit: z.string().default(''),
  ...common,
})
  .refine(({ from, to }) => from < to, { path: ['to'], message: 'must be larger than `from`' })
  .refine(({ from, to, step = 0 }) => step <= to - from, { path: ['step'], message: 'is longer than the whole bar' });
const optionSchema = strictObject({
  text: z.string(),
  picture: pictureSchema.optional() as z.ZodType<LessonPicture | undefined>,
  when: z.string(),
});
const choiceSchema = strictObject({ guess: z.literal('choice'), options: z.array(optionSchema).min(2).max(6), ...common });

const schema = z.discriminatedUnion('guess', [cellsSchema, numberSchema, choiceSchema]);
export type PredictionBlock = z.output<typeof schema>;

/** How finely a bar is set: the writer's step, or a round number of which some hundreds make the bar. */
export function barStep({ from, to, step }: { readonly from: number; readonly to: number; readonly step?: number }): number {
  if (step !== undefined) return step;
  const about = (to - from) / 200;
  const power = 10 ** Math.floor(Math.log10(about));
  return power * (about / power >= 5 ? 5 : about / power >= 2 ? 2 : 1);
}

export const predictionKind = stepKind({
  kind: 'prediction',
  says: 'the learner draws cells, sets a bar or chooses a picture before the truth is shown; then the gap is',
  schema: schema as z.ZodType<PredictionBlock>,
  words: strictObject({
    ask: z.string(),
    after: z.string(),
    unit: z.string(),
    options: z.array(strictObject({ text: z.string() }).partial()),
  }).partial(),
  formulas: (block) => {
    if (block.guess === 'number') return [{ path: ['of'], text: block.of, type: 'number' }];
    if (block.guess === 'cells') return [];
    return block.options.map(({ when }, at) => ({ path: ['options', at, 'when'], text: when, type: 'boolean' }) as const);
  },
  texts: (block) =>
    textFields(
      [['ask'], block.ask],
      [['after'], block.after],
      ...(block.guess === 'choice' ? block.options : []).map(({ text }, at) => [['options', at, 'text'], text] as const),
    ),
  problems: (block, surroundings) =>
    block.guess === 'choice'
      ? block.options.flatMap(({ picture }, at) => (picture ? fileProblems(picture, ['options', at, 'picture'], surroundings) : []))
      : [],
  fields: [
    ['guess', '`cells` (drawn on a grid), `number` (a bar that is set) or `choice` (one of several)'],
    [
      'of',
      'for cells: `row`, `column` or `output` of the scene, where it is not zero (the usual kernel is zero in its corners: where the whole window is meant, name one without zeros); for a number: a formula',
    ],
    [
      'from, to, unit',
      'ends of the bar, and what is written behind the number; of percentages `"%"`, the gap is then told in percentage points',
    ],
    ['step', 'how finely the bar is set, such as 1 for things that are counted (may be left out)'],
    ['options', 'for a choice: a list of `{text, picture, when}`; the truth is where the formula `when` is true'],
    ['ask', 'what is to be predicted'],
    ['given', '`{scene: ...}` or `{network: ...}` that it is about, in place of what the app shows (a scene as a whole)'],
    ['after', 'a text shown with the truth'],
  ],
  example: 'guess: cells\nof: row\nask: Which pixels does this row of the matrix look at? Draw them.',
});
