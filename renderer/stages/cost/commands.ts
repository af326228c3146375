// Commands of the cost stage: the ledger as a file or a figure.
import { cost, costCsvFile, costJsonFile, type CostFile } from './cost';
import { familyCsv, familyJson, familySource, hasLedgers } from './families/family-cost';
import { network } from '../../studio/network/network';
import { askForFigure } from '../../studio/asked-figure';
import { download } from '../../ui/download';
import { commandsOf, type Deed } from '../../studio/command';

const counted = (): boolean => network.getState().spec !== null;

const save = (file: () => CostFile | null): Deed => ({
  when: () => counted() || hasLedgers(),
  run: () => {
    const made = file();
    if (made) download(made.fileName, made.content);
  },
});

export const costCommands = commandsOf('cost', {
  'export-csv': save(() => costCsvFile() ?? familyCsv()),
  'export-json': save(() => costJsonFile() ?? familyJson()),
  'export-cost-figure': {
    when: () => counted() || hasLedgers(),
    run: () => {
      const { level, convention } = cost.getState();
      const of = counted() ? {} : familySource();
      askForFigure({ kind: 'cost-bars', change: { level, convention, ...of } });
    },
  },
});
