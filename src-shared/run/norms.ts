// norms.csv: the Euclidean norms of every trained parameter and of its gradient (before clipping) at the last
// step of each epoch, one line per parameter. A layer's norm is the root of the summed squares of its parameters'.
import type { ParameterNorm, TrainingEvent } from '../training/recipe';

export type NormsEvent = Extract<TrainingEvent, { type: 'norms' }>;

/** First line of the file. */
export const NORMS_HEADER = 'epoch,parameter,weight,gradient';

/** The event's lines, each with its line end. */
export function normLines({ epoch, parameters }: NormsEvent): string {
  return parameters.map(({ name, weight, gradient }) => `${epoch},${name},${weight},${gradient}\n`).join('');
}

/** The events of a whole file in order. A last line that was cut off by a kill is left out. */
export function normEvents(text: string): NormsEvent[] {
  const epochs = new Map<number, ParameterNorm[]>();
  for (const line of text.split('\n').slice(1, -1)) {
    const cells = line.split(',');
    if (cells.length < 4) continue;
    const [weight, gradient] = cells.slice(-2).map(Number);
    const parameters = epochs.get(Number(cells[0])) ?? [];
    epochs.set(Number(cells[0]), parameters);
    parameters.push({ name: cells.slice(1, -2).join(','), weight, gradient });
  }
  return [...epochs].map(([epoch, parameters]) => ({ type: 'norms', epoch, parameters }));
}
