// Judging: an answer against what the app's state makes of it, a prediction against what is seen. Invariant: what cannot be judged
// yet is said to be so and costs no try.
import { answerKind, type CheckBlock } from '../steps/check';
import type { PredictionBlock } from '../steps/prediction';
import { filledIn, worthOf, type Circumstances } from '../scope';
import { namesOf, parseFormula } from '../expression/syntax';
import { gridOf } from '../values/scene';
import { lessonValue } from '../values';

/** What a learner answers: a number, a text, the place of an option, or nothing where something is done. */
export type Answer = number | string | null;

export interface Judgement {
  /** Null where it cannot be said yet. */
  readonly right: boolean | null;
  /** Feedback to be shown, formulas filled in. */
  readonly say: string;
}

/** Judges an answer in the circumstances of its check. */
export function judgeCheck(block: CheckBlock, answer: Answer, circumstances: Circumstances): Judgement {
  const typed = answerKind(block) === 'choice' ? null : answer;
  const within: Circumstances = { ...circumstances, answer: typed };
  const chosen = answerKind(block) === 'choice' ? block.options?.[Number(answer)] : undefined;
  const formula = chosen ? chosen.when : block.expect;
  if (formula === undefined) return { right: null, say: 'Choose one of the answers first.' };
  const worth = worthOf(formula, within);
  if (worth === null) return { right: null, say: unknownText(formula, within) };
  const right = worth === true;
  const own = chosen?.say ?? (right ? undefined : block.feedback.find(({ when }) => isTrue(when, within))?.say);
  return { right, say: filledIn(own ?? (right ? block.right : block.wrong), circumstances) };
}

function isTrue(formula: string, circumstances: Circumstances): boolean {
  // A formula about the answer says nothing of a check without one.
  if (circumstances.answer === null && namesOf(parseFormula(formula)).includes('answer')) return false;
  return worthOf(formula, circumstances) === true;
}

/** Which of a formula's values are not there yet, in words. */
function unknownText(formula: string, circumstances: Circumstances): string {
  const missing = namesOf(parseFormula(formula)).filter((name) => name !== 'answer' && worthOf(name, circumstances) === null);
  const says = missing.map((name) => lessonValue(name)?.says ?? name);
  return `This cannot be said yet: it needs ${says.join(', and ')}.`;
}

/** What a learner predicts: cells that are on, a number, or the place of an option. */
export type Guess =
  | { readonly kind: 'cells'; readonly on: readonly boolean[] }
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'choice'; readonly option: number };

/** A prediction beside what is seen. */
export type Gap =
  | {
      readonly kind: 'cells';
      readonly rows: number;
      readonly columns: number;
      readonly truth: readonly boolean[];
      readonly hit: number;
      readonly missed: number;
      readonly extra: number;
    }
  | { readonly kind: 'number'; readonly truth: number; readonly difference: number }
  | { readonly kind: 'choice'; readonly truth: readonly number[]; readonly right: boolean };

/** The gap between a prediction and the truth; null where the truth is not there yet. */
export function gapOf(block: PredictionBlock, guess: Guess, circumstances: Circumstances): Gap | null {
  if (block.guess === 'cells' && guess.kind === 'cells') return cellsGap(block.of, guess.on, circumstances);
  if (block.guess === 'number' && guess.kind === 'number') {
    const truth = worthOf(block.of, circumstances);
    return typeof truth === 'number' ? { kind: 'number', truth, difference: guess.value - truth } : null;
  }
  if (block.guess !== 'choice' || guess.kind !== 'choice') return null;
  const worths = block.options.map(({ when }) => worthOf(when, circumstances));
  if (worths.includes(null)) return null;
  const truth = worths.flatMap((worth, at) => (worth === true ? [at] : []));
  return { kind: 'choice', truth, right: truth.includes(guess.option) };
}

function cellsGap(of: 'row' | 'column' | 'output', on: readonly boolean[], { world: { scene } }: Circumstances): Gap | null {
  if (!scene) return null;
  const { rows, columns, on: truth } = gridOf(scene, of);
  const count = (test: (at: number) => boolean): number => truth.filter((_, at) => test(at)).length;
  return {
    kind: 'cells',
    rows,
    columns,
    truth,
    hit: count((at) => truth[at] && on[at]),
    missed: count((at) => truth[at] && !on[at]),
    extra: count((at) => !truth[at] && on[at]),
  };
}
