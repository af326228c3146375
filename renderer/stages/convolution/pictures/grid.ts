// Numbers as a picture of cells, and the colours they are painted with.
import type { Rgb } from '@shared/colour/table';

export interface Grid {
  readonly rows: number;
  readonly columns: number;
  /** rows x columns, row-major. */
  readonly values: ArrayLike<number>;
}

/** The colour of a value. */
export type Paint = (value: number) => Rgb;
