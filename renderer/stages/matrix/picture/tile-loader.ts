// Brings tiles from matrix workers to the painter: few requests at a time, few uploads per frame, so that
// opening a large matrix never holds the window up.
import { standsIn, type MatrixClient } from '../../../workers/matrix/matrix-client';
import type { Painter, TileAddress } from '@shared/matrix/pane';
import type { PoolRule } from '@shared/matrix/pool';
import type { Tile } from '@shared/matrix/pyramid';
import { TileCache } from './tile-cache';

/** Memory for tiles, CPU copies and textures together. */
const TILE_BUDGET_BYTES = 160 * 2 ** 20;
/** Requests a worker has at one time; the rest are asked for when these are answered, if still wanted. */
const REQUESTS_IN_FLIGHT = 4;
/** Tiles that may be uploaded in one frame (1 MiB each at most). */
const UPLOADS_PER_FRAME = 2;

interface LoadedTile<Content> {
  readonly tile: Tile;
  readonly content: Content;
  /** Once it was drawn. */
  uploaded: boolean;
}

export class TileLoader<Content> {
  private readonly cache: TileCache<LoadedTile<Content>>;
  private readonly inFlight = new Map<MatrixClient, number>();
  private readonly names = new Map<MatrixClient, number>();
  private uploads = 0;

  constructor(
    private readonly painter: Pick<Painter<Content>, 'contentOf' | 'release'>,
    private readonly onArrival: () => void,
  ) {
    this.cache = new TileCache(TILE_BUDGET_BYTES, ({ content }) => painter.release(content));
  }

  /** Bytes of all tiles in memory, CPU copies and what the painter made of them together. */
  get bytes(): number {
    return this.cache.bytes;
  }

  startFrame(): void {
    this.cache.nextFrame();
    this.uploads = 0;
  }

  dispose(): void {
    this.cache.drop('');
  }

  /** The tile if it can be drawn in this frame; otherwise it is asked for (unless `passive`). */
  tile(matrix: MatrixClient, address: TileAddress, rule: PoolRule, passive = false): LoadedTile<Content> | null {
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
      if (tile) this.cache.arrive(key, { tile, content: this.painter.contentOf(tile), uploaded: false }, tile.cells.byteLength * 2);
      else this.cache.fail(key);
      this.onArrival();
    });
  }
}
