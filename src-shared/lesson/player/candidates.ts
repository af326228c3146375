// Answers that are worth trying on a check: every option, or what the formulas' own parts are worth, and their neighbours.
import { parseFormula, partsOf, namesOf } from '../expression/syntax';
import { worthOf, type Circumstances } from '../scope';
import { answerKind, type CheckBlock } from '../steps/check';
import type { Answer } from './judge';

/** Candidates for a check with an answer, right ones and wrong ones among them where there are any. */
export function candidatesOf(check: CheckBlock, circumstances: Circumstances): Answer[] {
  if (answerKind(check) === 'choice') return (check.options ?? []).map((_, at) => at);
  const parts = partsOf(parseFormula(check.expect ?? 'true')).filter((part) => !namesOf(part).includes('answer'));
  const worths = parts.flatMap((part) => worthOf(part, circumstances) ?? []);
  if (answerKind(check) === 'text') return [...worths.filter((worth) => typeof worth === 'string'), 'something else', ''];
  const numbers = worths.filter((worth) => typeof worth === 'number');
  return [...new Set([...numbers, ...numbers.flatMap((value) => [value + 1, value - 1, 2 * value + 1, -value]), 0, 1e9])];
}
