// The passes over the rows of batch norm shared between the threads. Sums are taken over eight chunks of
// rows whatever the number of threads, so that they do not depend on it.
import type { Columns } from '../wasm/columns';
import { ranges, type Kernels } from './instance';
import type { SharedWork } from './pool';

/** Chunks of rows that have their own sums. */
const CHUNKS = 8;
/** Elements below which waking other threads costs more than it saves. */
const WORTH_SHARING = 32768;

/** What batch norm needs of assembly/columns.ts. */
export type RowPasses = Omit<Columns, 'transpose'>;

/** The passes on all threads. Sums go through scratch memory. */
export function sharedRowPasses(kernels: Kernels): RowPasses {
  const parts = (M: number, C: number): number => (M * C < WORTH_SHARING ? 1 : kernels.threads);
  const byChunks = (work: SharedWork, inputs: readonly number[], M: number, C: number, out: number): void => {
    const chunks = ranges(M, CHUNKS, 8);
    const partials = kernels.scratch(chunks.length * C * 8);
    const shares = ranges(chunks.length, parts(M, C), 1);
    const rows = chunks[0][1];
    kernels.share(
      work,
      shares.map((share) => [...inputs, M, C, partials, rows, ...share]),
    );
    kernels.addChunks(partials, chunks.length, C, out);
  };
  return {
    sums: (a, M, C, out) => byChunks('sumsOfChunks', [a], M, C, out),
    products: (a, b, shiftA, shiftB, M, C, out) => byChunks('productsOfChunks', [a, b, shiftA, shiftB], M, C, out),
    combine: (a, scaleA, b, mean, scaleB, shift, y, M, C) => {
      const call = ([first, last]: [number, number]): number[] => {
        const skipped = first * C * 4;
        return [a + skipped, scaleA, b + skipped, mean, scaleB, shift, y + skipped, last - first, C];
      };
      kernels.share('combine', ranges(M, parts(M, C), 1).map(call));
    },
    normalise: (x, mean, scale, shift, y, M, C) => {
      const call = ([first, last]: [number, number]): number[] => {
        const skipped = first * C * 4;
        return [x + skipped, mean, scale, shift, y + skipped, last - first, C];
      };
      kernels.share('normalise', ranges(M, parts(M, C), 1).map(call));
    },
  };
}
