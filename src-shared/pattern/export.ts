// Patterns as CSV (RFC 4180, LF line ends): one line per block and matrix, numbers in full precision.
import { csvLine } from '../base/csv-line';
import type { BlockPattern } from './analyse';
import { headlineOf, type Headline, type PatternComparison } from './compare';

const HEADLINES: readonly (readonly [column: string, key: keyof Headline])[] = [
  ['invariant_share', 'invariantShare'],
  ['half_energy_radius_px', 'halfEnergyRadius'],
  ['long_range_share', 'longRangeShare'],
  ['symmetry_left_right', 'leftRight'],
  ['symmetry_up_down', 'upDown'],
];
const COLUMNS = HEADLINES.map(([column]) => column);

/** A block, and the epoch it was taken at where there are several. */
export interface PatternEntry {
  readonly epoch?: number;
  readonly block: BlockPattern;
}

/** Three lines per block: before, added, after. `epoch` is empty where none is given. */
export function patternCsv(entries: readonly PatternEntry[]): string {
  const head = csvLine(['epoch', 'block', 'matrix', 'energy', ...COLUMNS, 'projection_difference', 'largest_merged_kernel']);
  const lines = entries.flatMap(({ epoch, block }) =>
    (['before', 'added', 'after'] as const).map((matrix) => {
      const { projectionDifference, largestMergedKernel } = block;
      const numbers = numbersOf(headlineOf(block[matrix]));
      return csvLine([epoch ?? '', block.path, matrix, block[matrix].energy, ...numbers, projectionDifference, largestMergedKernel]);
    }),
  );
  return `${[head, ...lines].join('\n')}\n`;
}

/** One line per block and stage, the columns of the first network, then of the second; empty where one lacks the block. */
export function comparisonCsv(stages: Readonly<Record<'before' | 'after', readonly PatternComparison[]>>): string {
  const head = csvLine(['block', 'matrix', ...COLUMNS.map((column) => `first_${column}`), ...COLUMNS.map((column) => `second_${column}`)]);
  const lines = (['before', 'after'] as const).flatMap((matrix) =>
    stages[matrix].map(({ path, first, second }) => csvLine([path, matrix, ...numbersOf(first), ...numbersOf(second)])),
  );
  return `${[head, ...lines].join('\n')}\n`;
}

function numbersOf(headline: Headline | null): (number | string)[] {
  return HEADLINES.map(([, key]) => (headline ? headline[key] : ''));
}
