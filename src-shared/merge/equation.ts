// A merge step as an equation, as the paper writes it: arrays with the signs between them, and which cells of what the step
// makes are as they were. Every array of the step stands in it. The window and figures draw it, each in its way.
import { z } from 'zod';
import { assertNever } from '../base/assert-never';
import { sizes, type Stored } from '../base/sent';
import { asMatrix, reducedMatrixSchema, reduceMatrix, type Matrix } from '../matrix/reduce-to-page';
import { mergeStepSchema, type MergeStep, type MergeStepArray } from './report';

const shownArraySchema = z.object({ label: z.string(), shape: sizes, picture: reducedMatrixSchema });
/** One array of a step, reduced for screen or page. */
export type ShownArray = Stored<z.infer<typeof shownArraySchema>>;

export const shownStepSchema = mergeStepSchema.extend({ before: z.array(shownArraySchema), after: z.array(shownArraySchema) });
/** One merge step with its arrays as pictures. */
export type ShownStep = Stored<z.infer<typeof shownStepSchema>>;

/** A step with its arrays as pictures of at most `limit` cells a side. */
export function shownStep({ before, after, ...step }: MergeStep, limit: number): ShownStep {
  const shown = ({ label, shape, data }: MergeStepArray): ShownArray => {
    const matrix = asMatrix(data, shape);
    return { label, shape: [...shape], picture: reduceMatrix(matrix.data, matrix.rows, matrix.columns, limit) };
  };
  return { ...step, before: before.map(shown), after: after.map(shown) };
}

export interface ArrayTerm {
  readonly kind: 'array';
  readonly array: ShownArray;
  /** Whether the step makes it; else it is given. */
  readonly made: boolean;
  /** Vectors that scale rows stand upright, as high as the matrix beside them. */
  readonly upright: boolean;
  /** Picture cells that the step left as they were, or filled with zeros; null where none is told apart. */
  readonly kept: ((index: number) => boolean) | null;
}

export interface SignTerm {
  readonly kind: 'sign';
  readonly text: string;
}

export type Term = ArrayTerm | SignTerm;

const sign = (text: string): SignTerm => ({ kind: 'sign', text });
const given = (array: ShownArray, more: Partial<ArrayTerm> = {}): ArrayTerm => ({
  kind: 'array',
  array,
  made: false,
  upright: false,
  kept: null,
  ...more,
});
const made = (array: ShownArray, more: Partial<ArrayTerm> = {}): ArrayTerm => given(array, { made: true, ...more });

/** The lines of a step's equation. */
export function equationOf(step: ShownStep): Term[][] {
  const { before, after } = step;
  switch (step.id) {
    case 'bn-into-fc':
      return [
        [given(before[0]), sign('×'), given(before[1], { upright: true }), sign('='), made(after[0])],
        [sign('beta − mean s ='), made(after[1])],
      ];
    case 'bn-into-conv':
      return before.map((kernel, i) => [
        given(kernel),
        sign('× s ='),
        made(after[2 * i]),
        sign('and beta − mean s ='),
        made(after[2 * i + 1]),
      ]);
    case 'pad':
      return padLines(after);
    case 'conv-to-fc':
      return [[given(before[0]), sign('as a matrix ='), made(after[0], { kept: isZero(after[0].picture) })]];
    case 'add':
      return [
        [given(before[0]), sign('+'), given(before[1]), sign('='), made(after[0], { kept: isZero(before[1].picture) })],
        [sign("b' + b, for every place ="), made(after[1])],
      ];
    case 'pool-bn-into-fc1':
      return [
        [given(before[0]), sign('×'), given(before[2]), sign('='), made(after[0])],
        [given(before[1]), sign('+ W1 (beta − mean s) ='), made(after[1])],
      ];
    default:
      return assertNever(step.id);
  }
}

/** The padded kernels and their sum; `after` also ends with the sum of the biases. */
function padLines(after: readonly ShownArray[]): Term[][] {
  const [padded, sum, bias] = [after.slice(0, -2), after[after.length - 2], after[after.length - 1]];
  const terms = padded.map((kernel) => made(kernel, { kept: isZero(kernel.picture) }));
  return [
    [...terms.flatMap((term, i) => (i === 0 ? [term] : [sign('+'), term])), sign('='), made(sum)],
    [sign('sum of the biases ='), made(bias)],
  ];
}

/** Cells of a picture that hold nothing: where a sum with it is as before. */
function isZero({ data }: Matrix): (index: number) => boolean {
  return (index) => data[index] === 0;
}
