// The ledger as JSON (the command line's `cost --json`), as CSV and as a plain text table. The convention
// is part of all three.
import { alignedColumns } from '../aligned-columns';
import { groupLedger } from './grouping';
import type { Ledger, LedgerRow } from './ledger';

/** One form's ledger in the JSON of the `cost` verb. */
export interface LedgerJson {
  readonly params: number;
  readonly macs: number;
  readonly operations: number;
  readonly bytes: number;
  readonly input: readonly number[];
  readonly layers: readonly LedgerRow[];
  readonly notCounted: readonly string[];
}

/** JSON of the `cost` verb: `train` and/or `merged`, with the convention that holds for both. */
export interface CostJson {
  readonly model: string;
  readonly convention: string;
  readonly unit: 'macs' | 'flops';
  readonly train?: LedgerJson;
  readonly merged?: LedgerJson;
}

/** The ledgers of one or both forms as the `cost` verb prints them. Throws RangeError without a ledger. */
export function costJson(ledgers: readonly Ledger[]): CostJson {
  if (ledgers.length === 0) throw new RangeError('costJson needs the ledger of at least one form');
  const [{ model, convention, rules }] = ledgers;
  const forms = ledgers.map(({ form, params, macs, operations, bytes, input, layers, notCounted }) => {
    const json: LedgerJson = { params, macs, operations, bytes, input, layers, notCounted };
    return [form, json] as const;
  });
  return { model, convention, unit: rules.unit, ...Object.fromEntries(forms) };
}

const CSV_COLUMNS = [
  'form',
  'name',
  'kind',
  'output_shape',
  'params',
  'macs',
  'operations',
  'bytes',
  'flops_per_byte',
  'formula',
  'convention',
];

/** The ledgers as CSV (RFC 4180, LF line ends), one line per row, the convention in the last column. */
export function costCsv(ledgers: readonly Ledger[]): string {
  const lines = ledgers.flatMap((ledger) => ledger.layers.map((row) => csvLine(csvCells(row, ledger))));
  return `${[csvLine(CSV_COLUMNS), ...lines].join('\n')}\n`;
}

function csvCells(row: LedgerRow, { form, convention }: Ledger): (string | number)[] {
  const { name, kind, outputShape, params, macs, operations, bytes, intensity, formula } = row;
  return [form, name, kind, outputShape.join('x'), params, macs, operations, bytes, intensity.toPrecision(4), formula, convention];
}

function csvLine(cells: readonly (string | number)[]): string {
  return cells.map((cell) => (/[",\n]/.test(String(cell)) ? `"${String(cell).replaceAll('"', '""')}"` : String(cell))).join(',');
}

/** The ledger as an aligned text table for a terminal: a line per row (or per stage or block), totals, convention. */
export function costText(ledger: Ledger, level: 'row' | 'stage' | 'block' = 'row'): string {
  const head = ['layer', 'kind', 'output', 'params', ledger.rules.unit === 'macs' ? 'MACs' : 'FLOPs'];
  const body =
    level === 'row'
      ? ledger.layers.map((row) => [row.name, row.kind, row.outputShape.join('x'), count(row.params), count(row.operations)])
      : groupLedger(ledger, level).map((g) => [g.name, `${g.rows.length} rows`, '', count(g.params), count(g.operations)]);
  const total = ['total', '', '', count(ledger.params), count(ledger.operations)];
  return [...alignedColumns([head, ...body, total], 3), `convention: ${ledger.convention}`, ...ledger.notCounted.map(leftOut)].join('\n');
}

function count(value: number): string {
  return value.toLocaleString('en-US');
}

function leftOut(line: string): string {
  return `left out: ${line}`;
}
