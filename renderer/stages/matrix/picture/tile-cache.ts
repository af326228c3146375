// Which tiles are in memory. Every tile is in one explicit state:
// absent -> loading -> ready -> evicted (-> loading again); loading -> absent when its load fails.
// Invariant: the bytes of ready tiles stay within the budget, except for tiles used in the current frame.

export type TileState = 'absent' | 'loading' | 'ready' | 'evicted';

interface Entry<T> {
  state: TileState;
  value: T | null;
  bytes: number;
  usedIn: number;
}

/** A least-recently-used store of tiles of type T, bounded in bytes. */
export class TileCache<T> {
  private readonly entries = new Map<string, Entry<T>>();
  private frame = 0;
  private total = 0;

  /** `release` is called with a tile's value when it leaves memory. */
  constructor(
    readonly budgetBytes: number,
    private readonly release: (value: T) => void,
  ) {}

  /** Bytes of all ready tiles. */
  get bytes(): number {
    return this.total;
  }

  stateOf(key: string): TileState {
    return this.entries.get(key)?.state ?? 'absent';
  }

  /** Starts a frame: tiles used from now on are safe from eviction until the next. */
  nextFrame(): void {
    this.frame++;
  }

  /** The tile if it is ready, marked as used in this frame. */
  use(key: string): T | null {
    const entry = this.entries.get(key);
    if (entry?.state !== 'ready') return null;
    entry.usedIn = this.frame;
    return entry.value;
  }

  /** Marks a tile as loading; false when it is loading or ready already. */
  startLoading(key: string): boolean {
    const state = this.stateOf(key);
    if (state === 'loading' || state === 'ready') return false;
    this.entries.set(key, { state: 'loading', value: null, bytes: 0, usedIn: this.frame });
    return true;
  }

  /** A loaded tile arrives; older tiles make room. A tile nobody waits for any more is released at once. */
  arrive(key: string, value: T, bytes: number): void {
    const entry = this.entries.get(key);
    if (entry?.state !== 'loading') return this.release(value);
    this.entries.set(key, { state: 'ready', value, bytes, usedIn: this.frame });
    this.total += bytes;
    this.makeRoom();
  }

  /** A load failed: the tile may be asked for again. */
  fail(key: string): void {
    if (this.stateOf(key) === 'loading') this.entries.delete(key);
  }

  /** Forgets every tile whose key starts with `prefix`, loading ones too. */
  drop(prefix: string): void {
    for (const [key, entry] of this.entries) {
      if (!key.startsWith(prefix)) continue;
      this.evict(entry);
      this.entries.delete(key);
    }
  }

  private makeRoom(): void {
    if (this.total <= this.budgetBytes) return;
    const old = [...this.entries.values()].filter((entry) => entry.state === 'ready' && entry.usedIn < this.frame);
    old.sort((a, b) => a.usedIn - b.usedIn);
    for (const entry of old) {
      if (this.total <= this.budgetBytes) return;
      this.evict(entry);
    }
  }

  private evict(entry: Entry<T>): void {
    if (entry.value !== null) this.release(entry.value);
    this.total -= entry.bytes;
    Object.assign(entry, { state: 'evicted', value: null, bytes: 0 });
  }
}
