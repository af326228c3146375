// What the window and a matrix worker say to each other. One worker holds one matrix; the window never does.
import type { Layout } from '@shared/matrix/layout';
import type { PoolRule } from '@shared/matrix/pool';
import type { Tile } from '@shared/matrix/pyramid';
import type { MatrixStatistics } from '@shared/matrix/statistics';

/** Where values come from: float32, row-major. A difference is minuend - subtrahend, cell by cell. */
export type Origin =
  | { readonly kind: 'url'; readonly url: string }
  | { readonly kind: 'values'; readonly values: Float32Array }
  | { readonly kind: 'difference'; readonly minuend: Origin; readonly subtrahend: Origin };

/** A stored matrix and how to see it. */
export interface MatrixRequest {
  readonly rows: number;
  readonly columns: number;
  readonly origin: Origin;
  readonly layout: Layout;
}

export type HostRequest =
  | { readonly type: 'open'; readonly generation: number; readonly request: MatrixRequest }
  | { readonly type: 'layout'; readonly generation: number; readonly layout: Layout }
  | {
      readonly type: 'tile';
      readonly id: number;
      readonly generation: number;
      readonly level: number;
      readonly x: number;
      readonly y: number;
      readonly rule: PoolRule;
    }
  /** Values at stored indices (row * columns + column); -1 asks for nothing and gives NaN. */
  | { readonly type: 'values'; readonly id: number; readonly indices: Float64Array };

export type Phase = 'loading' | 'pooling' | 'counting' | 'done';

export type HostMessage =
  | { readonly type: 'progress'; readonly generation: number; readonly phase: Phase; readonly share: number }
  | {
      readonly type: 'ready';
      readonly generation: number;
      readonly min: number;
      readonly max: number;
      /** Whether a pooled block is NaN, infinite or VOID. */
      readonly special: boolean;
      /** Rows that are loaded; fewer than all while the rest still comes in. */
      readonly loadedRows: number;
      /** Milliseconds from the values being in memory to here. */
      readonly milliseconds: number;
    }
  | { readonly type: 'statistics'; readonly generation: number; readonly statistics: MatrixStatistics }
  | { readonly type: 'failed'; readonly generation: number; readonly message: string }
  /** `loadedRows`: how many rows the tile's pyramid is made of, 0 without a tile. */
  | { readonly type: 'tile'; readonly id: number; readonly tile: Tile | null; readonly loadedRows: number }
  | { readonly type: 'values'; readonly id: number; readonly values: Float32Array };
