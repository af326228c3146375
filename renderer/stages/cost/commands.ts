// Commands of the cost stage: the ledger as a file or a figure.
import { cost, costCsvFile, costJsonFile, type CostFile } from './cost';
import { editFigure, startedRecipe } from '../figure/figure';
import { model } from '../model/model';
import { download } from '../../ui/download';
import type { Command } from '../../studio/command';

const counted = (): boolean => model.getState().spec !== null;

const save = (id: string, label: string, file: () => CostFile | null): Command => ({
  id,
  label,
  group: 'Cost',
  when: counted,
  run: () => {
    const made = file();
    if (made) download(made.fileName, made.content);
  },
});

export const costCommands: readonly Command[] = [
  save('export-csv', 'Save the ledger as CSV', costCsvFile),
  save('export-json', 'Save the ledger as JSON', costJsonFile),
  {
    id: 'export-cost-figure',
    label: 'Make a figure of the ledger',
    group: 'Cost',
    when: counted,
    run: () => {
      const { level, convention } = cost.getState();
      editFigure({ ...startedRecipe('cost-bars'), level, convention });
    },
  },
];
