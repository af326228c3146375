// Which tiles are in memory. Every tile is in one explicit state:
// absent -> loading -> ready -> evicted (-> loading again); loading -> absent when its load fails.
// Invariant: the bytes of ready tiles stay within the budget, except for tiles used in the current frame.
import { LRUCache } from 'lru-cache';

export type TileState = 'absent' | 'loading' | 'ready' | 'evicted';

interface Tile<T> {
  readonly value: T;
  readonly bytes: number;
  usedIn: number;
}

/** A least-recently-used store of tiles of type T, bounded in bytes. */
export class TileCache<T> {
  /** Ready tiles, the least recently used last. The frame decides what must go, so no bound is given here but the total is kept. */
  private readonly ready = new LRUCache<string, Tile<T>>({
    maxSize: Number.MAX_SAFE_INTEGER,
    sizeCalculation: ({ bytes }) => bytes,
    dispose: ({ value }) => this.release(value),
  });
  /** Of the tiles that are not ready. */
  private readonly states = new Map<string, 'loading' | 'evicted'>();
  private frame = 0;

  /** `release` is called with a tile's value when it leaves memory. */
  constructor(
    readonly budgetBytes: number,
    private readonly release: (value: T) => void,
  ) {}

  /** Bytes of all ready tiles. */
  get bytes(): number {
    return this.ready.calculatedSize;
  }

  stateOf(key: string): TileState {
    return this.ready.has(key) ? 'ready' : (this.states.get(key) ?? 'absent');
  }

  /** Starts a frame: tiles used from now on are safe from eviction until the next. */
  nextFrame(): void {
    this.frame++;
  }

  /** The tile if it is ready, marked as used in this frame. */
  use(key: string): T | null {
    const tile = this.ready.get(key);
    if (tile === undefined) return null;
    tile.usedIn = this.frame;
    return tile.value;
  }

  /** Marks a tile as loading; false when it is loading or ready already. */
  startLoading(key: string): boolean {
    const state = this.stateOf(key);
    if (state === 'loading' || state === 'ready') return false;
    this.states.set(key, 'loading');
    return true;
  }

  /** A loaded tile arrives; older tiles make room. A tile nobody waits for any more is released at once. */
  arrive(key: string, value: T, bytes: number): void {
    if (this.stateOf(key) !== 'loading') return this.release(value);
    this.states.delete(key);
    this.ready.set(key, { value, bytes, usedIn: this.frame });
    this.makeRoom();
  }

  /** A load failed: the tile may be asked for again. */
  fail(key: string): void {
    if (this.stateOf(key) === 'loading') this.states.delete(key);
  }

  /** Forgets every tile whose key starts with `prefix`, loading ones too. */
  drop(prefix: string): void {
    for (const key of [...this.ready.keys(), ...this.states.keys()].filter((one) => one.startsWith(prefix))) {
      this.ready.delete(key);
      this.states.delete(key);
    }
  }

  private makeRoom(): void {
    for (const key of [...this.ready.rkeys()]) {
      if (this.bytes <= this.budgetBytes || this.ready.peek(key)?.usedIn === this.frame) return;
      this.ready.delete(key);
      this.states.set(key, 'evicted');
    }
  }
}
