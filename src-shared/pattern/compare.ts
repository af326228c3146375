// The same measures for two sets of weights: two networks, or two epochs of one run, block by block.
import type { BlockPattern, MatrixPattern } from './analyse';

/** The headline numbers of one matrix. */
export interface Headline {
  readonly invariantShare: number;
  readonly halfEnergyRadius: number;
  readonly longRangeShare: number;
  readonly leftRight: number;
  readonly upDown: number;
}

/** One block in both sets; null where a set does not have it. */
export interface PatternComparison {
  readonly path: string;
  readonly first: Headline | null;
  readonly second: Headline | null;
  /** second - first; null where one is missing. */
  readonly change: Headline | null;
}

/** Headline numbers of a matrix's pattern. */
export function headlineOf({ invariantShare, locality, symmetry }: MatrixPattern): Headline {
  return { invariantShare, halfEnergyRadius: locality.halfEnergyRadius, longRangeShare: locality.longRangeShare, ...symmetry };
}

/** Compares blocks of the same path, before or after merging; the first set's order, then what only the second has. */
export function comparePatterns(
  first: readonly BlockPattern[],
  second: readonly BlockPattern[],
  stage: 'before' | 'after',
): PatternComparison[] {
  const paths = new Set([...first, ...second].map((block) => block.path));
  const headlineAt = (blocks: readonly BlockPattern[], path: string): Headline | null => {
    const found = blocks.find((block) => block.path === path);
    return found ? headlineOf(found[stage]) : null;
  };
  return [...paths].map((path) => {
    const [a, b] = [headlineAt(first, path), headlineAt(second, path)];
    return { path, first: a, second: b, change: a && b ? difference(a, b) : null };
  });
}

function difference(a: Headline, b: Headline): Headline {
  return {
    invariantShare: b.invariantShare - a.invariantShare,
    halfEnergyRadius: b.halfEnergyRadius - a.halfEnergyRadius,
    longRangeShare: b.longRangeShare - a.longRangeShare,
    leftRight: b.leftRight - a.leftRight,
    upDown: b.upDown - a.upDown,
  };
}
