// norms.csv: the Euclidean norms of every trained parameter and of its gradient (before clipping) at the last
// step of each epoch, one line per parameter. A layer's norm is the root of the summed squares of its parameters'.
import type { ParameterNorm, TrainingEvent } from '../training/recipe/event';
import { UserError } from '../base/user-error';
import { countOf, numberOf } from './metrics';

export type NormsEvent = Extract<TrainingEvent, { type: 'norms' }>;

/** First line of the file. */
export const NORMS_HEADER = 'epoch,parameter,weight,gradient';

/** The event's lines, each with its line end. */
export function normLines({ epoch, parameters }: NormsEvent): string {
  return parameters.map(({ name, weight, gradient }) => `${epoch},${name},${weight},${gradient}\n`).join('');
}

/**
 * The events of a whole file in order. A last line that was cut off by a kill is left out. Throws UserError naming `where`, the line
 * and the column of anything else that is no norm.
 */
export function normEvents(text: string, where: string): NormsEvent[] {
  const [header, ...lines] = text.split('\n').map((line) => line.replace(/\r$/, ''));
  if (lines.length === 0 && NORMS_HEADER.startsWith(header)) return [];
  if (header !== NORMS_HEADER)
    throw new UserError(
      `${where}: its first line is "${NORMS_HEADER}", got "${header.slice(0, 80)}". Put the line back, or move the file away to begin another`,
    );
  const epochs = new Map<number, ParameterNorm[]>();
  for (const [index, line] of lines.slice(0, -1).entries()) {
    const { epoch, ...norm } = normOf(line, `${where}, line ${index + 2}`);
    const parameters = epochs.get(epoch) ?? [];
    epochs.set(epoch, parameters);
    parameters.push(norm);
  }
  return [...epochs].map(([epoch, parameters]) => ({ type: 'norms', epoch, parameters }));
}

/** A parameter's name may have commas. */
function normOf(line: string, where: string): ParameterNorm & { readonly epoch: number } {
  const cells = line.split(',');
  if (cells.length < 4) throw new UserError(`${where}: has ${cells.length} columns, expected 4: mend the line or delete it`);
  const [weight, gradient] = cells.slice(-2).map((text, at) => numberOf(text, `${where}: "${at === 0 ? 'weight' : 'gradient'}"`));
  return { epoch: countOf(cells[0], `${where}: "epoch"`), name: cells.slice(1, -2).join(','), weight, gradient };
}
