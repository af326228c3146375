// The cost ledger of both forms as one table: operations that vanish in the merge stay visible, struck out.
import { ledgerDifference, type DifferenceRow } from '../../cost/difference';
import type { Ledger } from '../../cost/ledger';
import { element, numeric, table, type Cell } from './report-html';
import { escapeXml } from '../encode/svg';

/** Totals in a sentence, the table of both forms, the convention and what is not counted. */
export function costSection(train: Ledger, merged: Ledger): string {
  const difference = ledgerDifference(train, merged);
  const head: Cell[] = [
    'operation',
    'kind',
    'output',
    numeric('params, train'),
    numeric('params, merged'),
    numeric('MACs, train'),
    numeric('MACs, merged'),
    'MACs by formula',
  ];
  const foot: Cell[] = ['total', '', '', ...[train.params, merged.params, train.macs, merged.macs].map((n) => numeric(count(n))), ''];
  const caption = `Cost of ${train.model}, input ${train.input.join(' x ')}, both forms`;
  const left = element('ul', merged.notCounted.map((line) => element('li', escapeXml(line))).join('\n'));
  return [
    element('p', escapeXml(`Convention: ${train.convention}.`)),
    table(caption, head, difference.rows.map(costRow), foot),
    element('p', 'Not counted in the merged form:'),
    left,
  ].join('\n');
}

function costRow({ name, train, merged }: DifferenceRow): Cell[] {
  const shown = train ?? merged;
  const gone = merged === null;
  const label: Cell = gone ? { text: name, className: 'gone' } : name;
  const formula = shown === null || shown.formula === '0' ? '' : shown.formula;
  return [
    label,
    shown?.kind ?? '',
    shown?.outputShape.join(' x ') ?? '',
    ...[train?.params, merged?.params, train?.macs, merged?.macs].map((value) => numeric(value === undefined ? '–' : count(value))),
    { text: formula, className: 'faint' },
  ];
}

function count(value: number): string {
  return value.toLocaleString('en-US');
}
