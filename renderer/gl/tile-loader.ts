// Brings tiles from matrix workers into textures: few requests at a time, few uploads per frame, so that
// opening a large matrix never holds the window up.
import { DataTexture, FloatType, NearestFilter, RedFormat } from 'three';
import { standsIn, type MatrixClient } from '../workers/matrix/matrix-client';
import type { PoolRule } from '@shared/matrix/pool';
import type { Tile } from '@shared/matrix/pyramid';
import type { TileCache } from './tile-cache';

/** Memory for tiles, CPU copies and textures together. */
export const TILE_BUDGET_BYTES = 160 * 2 ** 20;
/** Requests a worker has at one time; the rest are asked for when these are answered, if still wanted. */
const REQUESTS_IN_FLIGHT = 4;
/** Tiles that may be uploaded in one frame (1 MiB each at most). */
const UPLOADS_PER_FRAME = 2;

/** A tile and its texture; `uploaded` once it was drawn. */
export interface TileTexture {
  readonly tile: Tile;
  readonly texture: DataTexture;
  uploaded: boolean;
}

export interface TileAddress {
  readonly level: number;
  readonly x: number;
  readonly y: number;
}

export class TileLoader {
  private readonly inFlight = new Map<MatrixClient, number>();
  private readonly names = new Map<MatrixClient, number>();
  private uploads = 0;

  constructor(
    private readonly cache: TileCache<TileTexture>,
    private readonly onArrival: () => void,
  ) {}

  startFrame(): void {
    this.uploads = 0;
  }

  /** The tile if it can be drawn in this frame; otherwise it is asked for (unless `passive`). */
  tile(matrix: MatrixClient, address: TileAddress, rule: PoolRule, passive = false): TileTexture | null {
    const key = this.keyOf(matrix, address, rule);
    const ready = this.cache.use(key);
    if (!ready) {
      if (!passive && !standsIn(matrix.status)) this.load(matrix, address, rule, key);
      return null;
    }
    if (ready.uploaded) return ready;
    if (this.uploads >= UPLOADS_PER_FRAME) {
      this.onArrival();
      return null;
    }
    this.uploads++;
    ready.uploaded = true;
    return ready;
  }

  private keyOf(matrix: MatrixClient, { level, x, y }: TileAddress, rule: PoolRule): string {
    const name = this.names.get(matrix) ?? this.names.size;
    this.names.set(matrix, name);
    const { generation, pictured, extremes, loadedRows, size } = matrix.status;
    const part = loadedRows === size.rows ? 0 : loadedRows;
    return `${name}/${extremes ? pictured : generation}/${part}/${level === 0 ? 'cells' : rule}/${level}/${x}/${y}`;
  }

  private load(matrix: MatrixClient, { level, x, y }: TileAddress, rule: PoolRule, key: string): void {
    const running = this.inFlight.get(matrix) ?? 0;
    if (running >= REQUESTS_IN_FLIGHT || matrix.status.phase === 'empty' || !this.cache.startLoading(key)) return;
    this.inFlight.set(matrix, running + 1);
    void matrix.tile(level, x, y, rule).then((tile) => {
      this.inFlight.set(matrix, (this.inFlight.get(matrix) ?? 1) - 1);
      if (tile) this.cache.arrive(key, { tile, texture: textureOf(tile), uploaded: false }, tile.cells.byteLength * 2);
      else this.cache.fail(key);
      this.onArrival();
    });
  }
}

/** Frees a tile's texture. */
export function releaseTile({ texture }: TileTexture): void {
  texture.dispose();
}

/** A tile as a float texture, unfiltered. */
export function textureOf({ cells, rows, columns }: Tile): DataTexture {
  const texture = new DataTexture(cells, columns, rows, RedFormat, FloatType);
  texture.internalFormat = 'R32F';
  texture.minFilter = NearestFilter;
  texture.magFilter = NearestFilter;
  texture.needsUpdate = true;
  return texture;
}
