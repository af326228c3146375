// The gap between a prediction and the truth, in a sentence. Invariant: what stands between two percentages is percentage points,
// never per cent, and no part of a part is given of them; a bar is not blamed for what it cannot be set to.
import { barStep, type PredictionBlock } from '../steps/prediction';
import { formatNumber } from '../text/format-number';
import type { Gap } from './judge';

/** What of a prediction its gap is measured by: the unit, and for a number how finely it could be set. */
type Measure = Pick<Extract<PredictionBlock, { guess: 'number' }>, 'unit' | 'from' | 'to' | 'step'>;

/** A gap in a sentence. */
export function gapText(gap: Gap, block: PredictionBlock): string {
  switch (gap.kind) {
    case 'cells':
      return gap.missed === 0 && gap.extra === 0
        ? `Exactly: all ${gap.hit} cells.`
        : `${gap.hit} of ${gap.hit + gap.missed} cells found, ${gap.missed} missed, ${gap.extra} too many.`;
    case 'choice':
      return gap.right ? 'As you predicted.' : 'Another one than you predicted.';
    case 'number':
      return numberText(gap, block.guess === 'number' ? block : { unit: '', from: 0, to: 0 });
  }
}

function numberText({ truth, difference }: Extract<Gap, { kind: 'number' }>, measure: Measure): string {
  const size = Math.abs(difference);
  if (size === 0) return 'Exactly.';
  // Half a step to either side is the same place of the bar; a little more, for steps that are no binary numbers.
  if (size <= (barStep(measure) / 2) * (1 + 1e-9)) return 'As near as the bar can be set.';
  const high = difference > 0 ? 'high' : 'low';
  return `Too ${high} by ${amountText(size, measure.unit)}${shareText(size, truth, measure.unit)}.`;
}

/** Units that say how many of a hundred, or of a thousand: as they begin, whatever is written behind them. */
const SHARES: readonly (readonly [begins: RegExp, one: string, many: string])[] = [
  [/^(?:%|percent(?:age)?(?![a-z])|per cent(?![a-z])|pct(?![a-z])|prozent(?![a-z]))\.?/i, 'percentage point', 'percentage points'],
  [/^(?:‰|per mille?(?![a-z])|promille(?![a-z]))/i, 'per-mille point', 'per-mille points'],
];

/** How much lies between two values of a unit, such as "3 rows" or, between two percentages, "3 percentage points". */
export function amountText(size: number, unit: string): string {
  // Twelve digits: what subtracting two decimals leaves behind them is no part of the amount.
  const clean = Number(size.toPrecision(12));
  const amount = formatNumber(clean);
  const share = SHARES.find(([begins]) => begins.test(unit.trim()));
  const words = share ? unit.trim().replace(share[0], clean === 1 ? share[1] : share[2]) : unit.trim();
  return words === '' ? amount : `${amount} ${words}`;
}

/** How large the gap is beside the truth. Of percentages nothing is said: "50 % of 20 %" is read as a percentage again. */
function shareText(size: number, truth: number, unit: string): string {
  if (truth === 0 || SHARES.some(([begins]) => begins.test(unit.trim()))) return '';
  const percent = (100 * size) / Math.abs(truth);
  if (percent < 1) return ' (less than 1 % of it)';
  return percent < 1000 ? ` (${Math.round(percent)} % of it)` : ` (${formatNumber(Math.round(percent / 100))} times as much as it is)`;
}
