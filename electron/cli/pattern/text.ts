// Headline numbers of blocks as tables for a terminal.
import { fixed } from '@shared/base/number-text';
import { alignedColumns } from '@shared/base/aligned-columns';
import { placeText } from '@shared/merge/recipes/summaries';
import type { BlockPattern } from '@shared/pattern/analyse';
import { headlineOf, type Headline, type PatternComparison } from '@shared/pattern/compare';
import type { KernelPattern } from '@shared/pattern/kernel-pattern';

const NUMBERS: readonly (readonly [title: string, text: (numbers: Headline) => string])[] = [
  ['invariant share', ({ invariantShare }) => percent(invariantShare)],
  ['half-energy radius', ({ halfEnergyRadius }) => halfEnergyRadius.toFixed(2)],
  ['long-range share', ({ longRangeShare }) => percent(longRangeShare)],
  ['left-right', ({ leftRight }) => fixed(leftRight, 3)],
  ['up-down', ({ upDown }) => fixed(upDown, 3)],
];

function percent(share: number): string {
  return `${fixed(100 * share, 1)}%`;
}

/** One line per block: every headline number before and after the merge. */
export function patternTable(patterns: readonly BlockPattern[]): string[] {
  const lines = patterns.map(({ path, before, after }) => [path || '(network)', ...pairs(headlineOf(before), headlineOf(after))]);
  const projections = patterns.map(
    ({ path, projectionDifference, largestMergedKernel }) =>
      `${path || '(network)'}: the difference of the projections equals the merged kernel: max difference ${projectionDifference.toExponential(1)} of ${largestMergedKernel.toExponential(1)}`,
  );
  return [
    ...alignedColumns([head('block'), ...lines]),
    'before: FC3 with its BN folded in; after: with the conv branches merged',
    ...projections,
  ];
}

/** One line per merged kernel of a file of an unknown network. */
export function kernelTable(kernels: readonly KernelPattern[]): string[] {
  const lines = kernels.map(({ path, kernel, map, after }) => [
    ...[placeText(path), kernel.join('x'), map.join('x')],
    ...NUMBERS.map(([, write]) => write(headlineOf(after))),
  ]);
  return alignedColumns([[...head('kernel').slice(0, 1), 'shape', 'map', ...head('').slice(1)], ...lines]);
}

/** One line per block: the first and the second network. */
export function comparisonTable(comparisons: readonly PatternComparison[]): string[] {
  return alignedColumns([head('block'), ...comparisons.map(({ path, first, second }) => [path || '(network)', ...pairs(first, second)])]);
}

/** One line per epoch of one block. */
export function epochTable(rows: readonly { readonly epoch: number; readonly before: Headline; readonly after: Headline }[]): string[] {
  return alignedColumns([head('epoch'), ...rows.map(({ epoch, before, after }) => [String(epoch), ...pairs(before, after)])]);
}

function head(first: string): string[] {
  return [first, ...NUMBERS.map(([title]) => title)];
}

function pairs(first: Headline | null, second: Headline | null): string[] {
  const text = (numbers: Headline | null, write: (numbers: Headline) => string): string => (numbers ? write(numbers) : '-');
  return NUMBERS.map(([, write]) => `${text(first, write)} -> ${text(second, write)}`);
}
