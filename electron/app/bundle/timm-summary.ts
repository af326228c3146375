// summary.csv of timm's training script: a line an epoch, counted from 0, percentages of right answers.
import { UserError } from '@shared/base/user-error';
import { numberOf } from '@shared/run/metrics';
import type { TrainingEvent } from '@shared/training/recipe/event';

/** Its epochs as a run's events; what timm does not write is NaN. Throws UserError naming `where`, the line and the column. */
export function summaryEvents(text: string, where: string): TrainingEvent[] {
  const [header = '', ...lines] = text.split('\n').map((line) => line.trim());
  if (header === '') return [];
  const columns = header.split(',');
  for (const needed of ['epoch', 'train_loss', 'eval_loss'])
    if (!columns.includes(needed)) throw new UserError(`${where}: its first line has no column ${needed}; it has ${columns.join(', ')}`);
  return lines.filter((line) => line !== '').map((line, index) => eventOf(columns, line.split(','), `${where}, line ${index + 2}`));
}

function eventOf(columns: readonly string[], cells: readonly string[], where: string): TrainingEvent {
  const value = (column: string): number => {
    const at = columns.indexOf(column);
    return at < 0 ? NaN : numberOf(cells[at] ?? '', `${where}: "${column}"`);
  };
  const epoch = value('epoch') + 1;
  if (!Number.isSafeInteger(epoch) || epoch < 1) throw new UserError(`${where}: "epoch" takes a whole number, got "${cells[0]}"`);
  return {
    type: 'epoch',
    epoch,
    train: { loss: value('train_loss'), metric: NaN },
    validation: { loss: value('eval_loss'), metric: value('eval_top1') / 100 },
    learningRate: value('lr'),
    seconds: NaN,
  };
}
