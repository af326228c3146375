// The ledger as JSON (the command line's `cost --json`), as CSV and as plain text tables. The convention
// is part of all three.
import { alignedColumns } from '../base/aligned-columns';
import { csvLine } from '../base/csv-line';
import { costGroups, totalOf, type CostGroup } from './cost-groups';
import { ledgerDifference } from './difference';
import { groupLedger, groupName, type GroupLevel } from './grouping';
import type { Ledger, LedgerRow } from './ledger';
import { intensityOf } from './row';

/** One form's ledger in the JSON of the `cost` verb. */
export interface LedgerJson {
  readonly params: number;
  readonly macs: number;
  readonly operations: number;
  readonly bytes: number;
  /** FLOPs (2 per multiply-accumulate) per byte moved, of the whole network. */
  readonly intensity: number;
  readonly input: readonly number[];
  readonly layers: readonly LedgerRow[];
  readonly notCounted: readonly string[];
}

/** What merging changes: merged minus train, in all and per operation. */
export interface DifferenceJson {
  readonly params: number;
  readonly macs: number;
  readonly operations: number;
  readonly bytes: number;
  readonly layers: readonly {
    readonly name: string;
    readonly params: number;
    readonly macs: number;
    readonly operations: number;
    readonly bytes: number;
  }[];
}

/** JSON of the `cost` verb: `train` and/or `merged`, with the convention that holds for both. */
export interface CostJson {
  readonly model: string;
  readonly convention: string;
  readonly unit: 'macs' | 'flops';
  readonly train?: LedgerJson;
  readonly merged?: LedgerJson;
  readonly difference?: DifferenceJson;
}

/** The ledgers of one or both forms as the `cost` verb prints them. Throws RangeError without a ledger. */
export function costJson(ledgers: readonly Ledger[]): CostJson {
  if (ledgers.length === 0) throw new RangeError('costJson needs the ledger of at least one form');
  const [{ model, convention, rules }] = ledgers;
  const forms = ledgers.map(({ form, params, macs, operations, bytes, input, layers, notCounted }) => {
    const json: LedgerJson = { params, macs, operations, bytes, intensity: intensityOf(macs, bytes), input, layers, notCounted };
    return [form, json] as const;
  });
  return {
    model,
    convention,
    unit: rules.unit,
    ...Object.fromEntries(forms),
    ...(ledgers.length === 2 && { difference: differenceJson(ledgers) }),
  };
}

function differenceJson([train, merged]: readonly Ledger[]): DifferenceJson {
  const { rows, ...totals } = ledgerDifference(train, merged);
  return { ...totals, layers: rows.map(({ name, params, macs, operations, bytes }) => ({ name, params, macs, operations, bytes })) };
}

const CSV_COLUMNS = [
  ...['form', 'stage', 'block', 'name', 'kind', 'output_shape'],
  ...['params', 'macs', 'operations', 'bytes', 'flops_per_byte', 'formula', 'convention'],
];

/** The ledgers as CSV (RFC 4180, LF line ends), one line per row, the convention in the last column. */
export function costCsv(ledgers: readonly Ledger[]): string {
  const lines = ledgers.flatMap((ledger) => ledger.layers.map((row) => csvLine(csvCells(row, ledger))));
  return `${[csvLine(CSV_COLUMNS), ...lines].join('\n')}\n`;
}

function csvCells(row: LedgerRow, { form, convention }: Ledger): (string | number)[] {
  const { name, kind, outputShape, params, macs, operations, bytes, intensity, formula } = row;
  const place = [form, groupName(row.layer, 'stage'), groupName(row.layer, 'block'), name, kind, outputShape.join('x')];
  return [...place, params, macs, operations, bytes, intensity.toPrecision(4), formula, convention];
}

/** The ledger as an aligned text table for a terminal: a line per row (or per stage, block or layer), totals, convention. */
export function costText(ledger: Ledger, level: 'row' | GroupLevel = 'row'): string {
  const head = ['layer', 'kind', 'output', 'params', unitOf(ledger), 'bytes', 'FLOPs/byte'];
  const numbers = ({
    params,
    operations,
    bytes,
    intensity,
  }: Pick<LedgerRow, 'params' | 'operations' | 'bytes' | 'intensity'>): string[] => [
    ...[params, operations, bytes].map(count),
    rate(intensity),
  ];
  const body =
    level === 'row'
      ? ledger.layers.map((row) => [row.name, row.kind, row.outputShape.join('x'), ...numbers(row)])
      : groupLedger(ledger, level).map((group) => [group.name, `${group.rows.length} rows`, '', ...numbers(group)]);
  const total = ['total', '', '', ...numbers({ ...ledger, intensity: intensityOf(ledger.macs, ledger.bytes) })];
  return [...alignedColumns([head, ...body, total], 3), `convention: ${ledger.convention}`, ...ledger.notCounted.map(leftOut)].join('\n');
}

/** What merging changes as an aligned text table: both forms and merged minus train, for every row (or group) that changes. */
export function differenceText(train: Ledger, merged: Ledger, level: 'row' | GroupLevel = 'row'): string {
  const groups = costGroups(train, merged, level);
  const titles = ['params', unitOf(train), 'bytes'].flatMap((title) => [`${title}, train`, 'merged', 'difference']);
  const lines = [...groups.filter(isChanged), { ...totalOf(groups), name: 'total' }];
  return alignedColumns([['layer', ...titles], ...lines.map(differenceLine)], 1).join('\n');
}

const DIFFERENCES = ['params', 'operations', 'bytes'] as const;

function isChanged({ train, merged }: CostGroup): boolean {
  return DIFFERENCES.some((measure) => train[measure] !== merged[measure]);
}

function differenceLine({ name, train, merged }: CostGroup): string[] {
  return [name, ...DIFFERENCES.flatMap((key) => [train[key], merged[key], merged[key] - train[key]].map(count))];
}

function unitOf({ rules }: Ledger): string {
  return rules.unit === 'macs' ? 'MACs' : 'FLOPs';
}

function count(value: number): string {
  return value.toLocaleString('en-US');
}

function rate(value: number): string {
  return value.toFixed(2);
}

function leftOut(line: string): string {
  return `left out: ${line}`;
}
