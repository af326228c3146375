// `check`: a question whose answer is computed from the app's state, or something to do there. Invariant: what is right is a formula
// over the app's values, never a stored key: a formula that looks at nothing but the answer is refused.
import { z } from 'zod';
import { strictObject } from '../../model/strict-object';
import { namesOf, parseFormula } from '../expression/syntax';
import { givenStateSchema, preparedStateSchema } from '../prepared-state';
import { stepKind, textFields, type FieldProblem, type FormulaField } from './kind';

const optionSchema = strictObject({ text: z.string(), when: z.string(), say: z.string().optional() });
const feedbackSchema = strictObject({ when: z.string(), say: z.string() });
/** A state that is tried out when the lesson is played without a window. */
const tryoutSchema = strictObject({ right: preparedStateSchema.optional(), wrong: preparedStateSchema.optional() });

const schema = strictObject({
  ask: z.string(),
  answer: z.enum(['number', 'text', 'none']).optional(),
  unit: z.string().optional(),
  options: z.array(optionSchema).min(2).max(8).optional(),
  expect: z.string().optional(),
  given: givenStateSchema.optional(),
  tries: z.number().int().min(1).max(20).default(3),
  hints: z.array(z.string()).default([]),
  right: z.string().default('That is right.'),
  wrong: z.string().default('Not yet.'),
  feedback: z.array(feedbackSchema).default([]),
  explain: z.string().optional(),
  optional: z.boolean().default(false),
  test: z.enum(['before', 'after']).optional(),
  pair: z.string().optional(),
  tryout: tryoutSchema.optional(),
}).superRefine(({ options, expect, answer, test, pair }, context) => {
  if ((options === undefined) === (expect === undefined))
    context.addIssue({
      code: 'custom',
      message: 'a check has either `options`, each with its `when`, or `expect`, a formula that becomes true',
    });
  if (options !== undefined && answer !== undefined) context.addIssue({ code: 'custom', path: ['answer'], message: 'goes with `expect`' });
  if ((test === undefined) !== (pair === undefined))
    context.addIssue({
      code: 'custom',
      path: ['test'],
      message: '`test` (before or after) and `pair` (a name both questions share) go together',
    });
});
export type CheckBlock = z.output<typeof schema>;

/** How a check is answered. */
export function answerKind({ options, answer }: CheckBlock): 'choice' | 'number' | 'text' | 'none' {
  return options ? 'choice' : (answer ?? 'none');
}

const words = strictObject({
  ask: z.string(),
  unit: z.string(),
  options: z.array(strictObject({ text: z.string(), say: z.string() }).partial()),
  hints: z.array(z.string()),
  right: z.string(),
  wrong: z.string(),
  feedback: z.array(strictObject({ say: z.string() }).partial()),
  explain: z.string(),
}).partial();

export const checkKind = stepKind({
  kind: 'check',
  says: 'a question, or something to do; what is right is computed from the app, with tries, hints and feedback',
  schema: schema as z.ZodType<CheckBlock>,
  words,
  formulas,
  texts: (block) =>
    textFields(
      [['ask'], block.ask],
      [['right'], block.right],
      [['wrong'], block.wrong],
      [['explain'], block.explain],
      ...block.hints.map((hint, at) => [['hints', at], hint] as const),
      ...block.feedback.map(({ say }, at) => [['feedback', at, 'say'], say] as const),
      ...(block.options ?? []).flatMap(({ text, say }, at) => [
        [['options', at, 'text'], text] as const,
        [['options', at, 'say'], say] as const,
      ]),
    ),
  problems: keyProblems,
  fields: [
    ['ask', 'the question, or what to do'],
    ['answer', '`number` or `text`: a field for the answer; left out, the learner does something in the window and presses Check'],
    ['expect', 'a formula that is true when it is right; `answer` in it is what was typed'],
    ['options', 'in place of `answer` and `expect`: a list of `{text, when, say}`, right where the formula `when` is true'],
    [
      'given',
      '`{scene: ...}` or `{network: ...}` as in `state`: what the question is about, in place of what the app shows (a scene as a whole)',
    ],
    ['tries', 'how many; 3 unless said'],
    ['hints', 'a list, shown one after the other when asked for'],
    ['right, wrong', 'what is said then'],
    ['feedback', 'a list of `{when, say}`: said in place of `wrong` where the formula is true'],
    ['explain', 'shown when it is answered, or the tries are used up'],
    ['optional', '`true` lets the learner go on without an answer'],
    ['unit', 'what is written behind a number'],
    ['test, pair', '`before` or `after`, and a name that both questions share: the learning gain in the table of results'],
    ['tryout', '`{right: STATE, wrong: STATE}`: what `repmlp lesson check` does in place of the learner'],
  ],
  example:
    'ask: How many cells of this row are not zero?\nanswer: number\nexpect: answer = row.nonzero\nhints:\n  - Count the cells of the window.',
  more: [
    [
      'A mistake that you expect gets an answer of its own. Texts with a colon, a hash or a quotation mark in them stand in "double quotes"',
      'ask: How many pixels does the window cover?\nanswer: number\ngiven: {scene: {h: 7, w: 7}}\nexpect: answer = row.cells\nfeedback:\n  - {when: answer = picture.pixels, say: That is the whole picture. The window is smaller.}\n  - {when: answer = kernel.size, say: "That is one side of it: how many are there in all?"}\nright: Yes, [[row.cells]].\nexplain: One for each weight of the kernel.',
    ],
    [
      'Something to do, and what `repmlp lesson check` does in place of the learner. `right` is what the window shows after it was done rightly, `wrong` what must not be accepted (left out: what is shown before); a scene in them is the whole scene',
      'ask: Move the window into a corner of the picture, then press Check.\nexpect: row.outside = 5\ntries: 5\nwrong: "[[row.outside]] cells lie outside now; in a corner there are more."\ntryout:\n  right: {scene: {h: 7, w: 7, follow: {kind: window, o: 0, i: 0, j: 0}}}',
    ],
    [
      'Answers to choose from: each says with a formula when it is right, and may say something of its own',
      'ask: Is the largest relative difference below the tolerance?\noptions:\n  - text: Yes, it is below\n    when: merge.maxRel <= merge.tolerance\n    say: "Yes: [[merge.maxRel]] against [[merge.tolerance]]."\n  - text: No, it is above\n    when: merge.maxRel > merge.tolerance',
    ],
  ],
});

function formulas({ expect, options = [], feedback }: CheckBlock): FormulaField[] {
  return [
    ...(expect === undefined ? [] : [{ path: ['expect'], text: expect, type: 'boolean', ofAnswer: true } as const]),
    ...options.map(({ when }, at) => ({ path: ['options', at, 'when'], text: when, type: 'boolean' }) as const),
    ...feedback.map(({ when }, at) => ({ path: ['feedback', at, 'when'], text: when, type: 'boolean', ofAnswer: true }) as const),
  ];
}

/** Formulas that look at nothing of the app are stored keys. Those that cannot be read are said elsewhere. */
function keyProblems(block: CheckBlock): FieldProblem[] {
  return formulas(block)
    .filter(({ path }) => path[0] !== 'feedback')
    .filter(({ text }) => looksAtNothing(text))
    .map(({ path }) => ({ path, message: 'looks at no value of the app: a check is computed, never compared with a stored answer' }));
}

function looksAtNothing(text: string): boolean {
  try {
    return namesOf(parseFormula(text)).every((name) => name === 'answer');
  } catch {
    return false;
  }
}
