import { expect, test } from 'vitest';
import { buildModel } from '@shared/model/zoo';
import { bothForms } from '@shared/cost/both-forms';
import { costGroups } from '@shared/cost/cost-groups';
import { ledgerLines } from './rows';

const { trainLedger, mergedLedger } = bothForms(buildModel('pure-mlp-small'));

test('only open groups show their operations, and opened all they show every row of both forms', () => {
  const groups = costGroups(trainLedger, mergedLedger, 'stage');
  expect(ledgerLines(groups, new Set())).toHaveLength(groups.length);
  const lines = ledgerLines(groups, new Set(groups.map(({ name }) => name)));
  const operations = lines.flatMap((line) => (line.kind === 'operation' ? [line.row.name] : []));
  expect(new Set(operations)).toEqual(new Set([...trainLedger.layers, ...mergedLedger.layers].map(({ name }) => name)));
});
