// Displacements inside a partition: a weight of FC3 from input position (a, b) to output position (i, j)
// has displacement (dy, dx) = (a - i, b - j), so dy = -(h-1)..h-1 and dx = -(w-1)..w-1. Tables over
// displacements have 2h-1 rows and 2w-1 columns, row-major, displacement (0, 0) in the middle.

/** Height and width of a partition. */
export interface PartitionSize {
  readonly h: number;
  readonly w: number;
}

/** Number of displacements: (2h-1)(2w-1). */
export function displacementCount({ h, w }: PartitionSize): number {
  return (2 * h - 1) * (2 * w - 1);
}

/** How many (output, input) position pairs have each displacement: n(dy, dx) = (h - |dy|)(w - |dx|). Sums to (hw)^2. */
export function pairCounts({ h, w }: PartitionSize): Float64Array {
  return tabulate({ h, w }, (dy, dx) => (h - Math.abs(dy)) * (w - Math.abs(dx)));
}

/** Euclidean length sqrt(dy^2 + dx^2) of each displacement, in pixels. */
export function distances(size: PartitionSize): Float64Array {
  return tabulate(size, (dy, dx) => Math.hypot(dy, dx));
}

/** 1 where a K x K kernel reaches (|dy|, |dx| <= (K-1)/2), else 0. */
export function kernelWindow(size: PartitionSize, K: number): Float64Array {
  const p = (K - 1) / 2;
  return tabulate(size, (dy, dx) => (Math.abs(dy) <= p && Math.abs(dx) <= p ? 1 : 0));
}

/** A table over displacements from a function of (dy, dx). */
export function tabulate({ h, w }: PartitionSize, value: (dy: number, dx: number) => number): Float64Array {
  const width = 2 * w - 1;
  return Float64Array.from({ length: displacementCount({ h, w }) }, (_, index) =>
    value(Math.floor(index / width) - (h - 1), (index % width) - (w - 1)),
  );
}
