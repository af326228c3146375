// What the cost stage counts and how it is grouped, and what the stage exports. Invariant: every export is
// counted by the convention on screen and says so.
import { z } from 'zod';
import { conventionSchema } from '@shared/figure/recipe';
import { addDeepView } from '../../studio/deep-view';
import { keepView } from '../../studio/kept-view';
import { createStore } from '../../studio/state';
import { costCsv, costJson } from '@shared/cost/export';
import type { CostMeasure, GroupLevel } from '@shared/cost/grouping';
import { PAPER_CONVENTION, type Convention, type Ledger } from '@shared/cost/ledger';
import { bothForms } from '@shared/cost/both-forms';
import { network } from '../../studio/network/network';

export interface CostChoices {
  readonly convention: Convention;
  readonly level: GroupLevel;
}

export const cost = createStore<CostChoices>(() => ({ convention: PAPER_CONVENTION, level: 'stage' }));

const level = z.enum(['stage', 'block', 'layer']);
keepView('cost', cost, z.object({ convention: conventionSchema, level }));
addDeepView(
  'cost',
  z.object({ level }),
  () => ({ level: cost.getState().level }),
  (kept) => cost.setState(kept),
);

/** What of the cost a picture shows, kept under the name of the picture. */
export const MEASURE_LOOK = {
  stage: 'cost',
  schema: z.enum(['operations', 'params', 'bytes']),
  first: 'operations' as CostMeasure,
} as const;

/** A file to be saved. */
export interface CostFile {
  readonly fileName: string;
  readonly content: Blob;
}

/** The ledger of the chosen network as the command line's `cost --csv` prints it; null without a network. */
export function costCsvFile(): CostFile | null {
  return costFile('csv', 'text/csv', costCsv);
}

/** The ledger of the chosen network as the command line's `cost --json` prints it; null without a network. */
export function costJsonFile(): CostFile | null {
  return costFile('json', 'application/json', (ledgers) => `${JSON.stringify(costJson(ledgers), null, 2)}\n`);
}

function costFile(ending: string, type: string, write: (ledgers: readonly Ledger[]) => string): CostFile | null {
  const { spec } = network.getState();
  if (!spec) return null;
  const { trainLedger, mergedLedger } = bothForms(spec, cost.getState().convention);
  const ledgers = spec.form === 'merged' ? [mergedLedger] : [trainLedger, mergedLedger];
  return { fileName: `${spec.name}-cost.${ending}`, content: new Blob([write(ledgers)], { type }) };
}
