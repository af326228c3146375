// The window's handle on one matrix in its worker: open, tiles, values; tells listeners what changed.
// Invariant: after open() or showLayout() no answer of an earlier generation is delivered.
import { pictureSize, type Layout } from '@shared/matrix/layout';
import type { MatrixSize } from '@shared/matrix/camera';
import type { HostMessage, HostRequest, MatrixRequest, Phase } from './matrix-protocol';
import type { PoolRule } from '@shared/matrix/pool';
import type { Tile } from '@shared/matrix/pyramid';
import type { MatrixStatistics } from '@shared/matrix/statistics';

/** The part of a Worker that is used; tests put a MatrixHost behind it. */
export interface WorkerLike {
  postMessage(message: HostRequest, transfer: Transferable[]): void;
  onmessage: ((event: MessageEvent<HostMessage>) => void) | null;
  terminate(): void;
}

/** What is known of a matrix at the moment. */
export interface MatrixStatus {
  readonly generation: number;
  /**
   * Generation whose picture, extremes and statistics these are; an earlier one stands in while a matrix of the
   * same size and layout comes in (the next epoch, say), so that nothing goes blank.
   */
  readonly pictured: number;
  readonly phase: Phase | 'empty' | 'failed';
  readonly share: number;
  readonly size: MatrixSize;
  readonly layout: Layout;
  readonly extremes: { readonly min: number; readonly max: number } | null;
  /** Whether a cell may be NaN, infinite or VOID. */
  readonly special: boolean;
  readonly loadedRows: number;
  /** Milliseconds from values in memory to the whole pyramid. */
  readonly pyramidMilliseconds: number | null;
  readonly statistics: MatrixStatistics | null;
  readonly error: string | null;
}

const EMPTY: MatrixStatus = {
  generation: 0,
  pictured: 0,
  phase: 'empty',
  share: 0,
  size: { rows: 1, columns: 1 },
  layout: { kind: 'stored' },
  extremes: null,
  special: true,
  loadedRows: 0,
  pyramidMilliseconds: null,
  statistics: null,
  error: null,
};

export class MatrixClient {
  private current: MatrixStatus = EMPTY;
  private request: MatrixRequest | null = null;
  private nextId = 0;
  private readonly answers = new Map<number, (message: HostMessage) => void>();
  private readonly listeners = new Set<() => void>();

  constructor(private readonly worker: WorkerLike) {
    worker.onmessage = ({ data }) => this.receive(data);
  }

  get status(): MatrixStatus {
    return this.current;
  }

  /** Stored rows and columns (not the picture's). */
  get stored(): MatrixSize {
    return this.request ?? { rows: 1, columns: 1 };
  }

  /** Loads a matrix, replacing the one before. Arrays given as values are moved to the worker. */
  open(request: MatrixRequest): void {
    this.request = request;
    const generation = this.begin(request.layout);
    this.worker.postMessage({ type: 'open', generation, request }, transferable(request));
  }

  /** Shows the same values in another layout; nothing happens if it is the present one. */
  showLayout(layout: Layout): void {
    if (!this.request || JSON.stringify(layout) === JSON.stringify(this.current.layout)) return;
    this.worker.postMessage({ type: 'layout', generation: this.begin(layout), layout }, []);
  }

  /** One tile of the rows that are loaded, of the whole matrix before any is; null when the matrix changed meanwhile. */
  async tile(level: number, x: number, y: number, rule: PoolRule): Promise<Tile | null> {
    const { generation, loadedRows, size } = this.current;
    const message = await this.ask((id) => ({ type: 'tile', id, generation, level, x, y, rule }));
    if (message.type !== 'tile' || generation !== this.current.generation) return null;
    // The request and the news of a first part may have crossed: a part must not be kept as the whole.
    return message.loadedRows >= (loadedRows || size.rows) ? message.tile : null;
  }

  /** Values at stored indices (row * columns + column); NaN for -1 and before the values are there. */
  async values(indices: Float64Array): Promise<Float32Array> {
    const message = await this.ask((id) => ({ type: 'values', id, indices }));
    return message.type === 'values' ? message.values : new Float32Array(indices.length).fill(NaN);
  }

  /** Calls `listener` after every change of status; returns how to stop. */
  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  dispose(): void {
    this.listeners.clear();
    this.worker.terminate();
  }

  private begin(layout: Layout): number {
    const generation = this.current.generation + 1;
    const { rows, columns } = this.stored;
    const size = pictureSize(layout, rows, columns);
    this.current = { ...EMPTY, ...standIn(this.current, size, layout), generation, phase: 'loading', layout, size };
    this.notify();
    return generation;
  }

  private ask(build: (id: number) => HostRequest): Promise<HostMessage> {
    const id = this.nextId++;
    return new Promise((resolve) => {
      this.answers.set(id, resolve);
      this.worker.postMessage(build(id), []);
    });
  }

  private receive(message: HostMessage): void {
    if (message.type === 'tile' || message.type === 'values') {
      this.answers.get(message.id)?.(message);
      this.answers.delete(message.id);
      return;
    }
    if (message.generation !== this.current.generation) return;
    this.current = { ...this.current, ...changesOf(message, this.current) };
    this.notify();
  }

  private notify(): void {
    for (const listener of this.listeners) listener();
  }
}

/** Whether an earlier matrix is still shown in place of the one that comes in. */
export function standsIn({ extremes, pictured, generation }: MatrixStatus): boolean {
  return extremes !== null && pictured !== generation;
}

/** What is kept of a whole picture when one of the same form follows. */
function standIn(status: MatrixStatus, size: MatrixSize, layout: Layout): Partial<MatrixStatus> {
  const { pictured, extremes, special, loadedRows, statistics } = status;
  const whole = extremes !== null && loadedRows === size.rows && status.size.columns === size.columns;
  if (!whole || JSON.stringify(layout) !== JSON.stringify(status.layout)) return {};
  return { pictured, extremes, special, loadedRows, statistics };
}

function changesOf(message: Exclude<HostMessage, { type: 'tile' | 'values' }>, status: MatrixStatus): Partial<MatrixStatus> {
  const { size, layout, generation } = status;
  if (message.type === 'progress') return { phase: message.phase, share: message.share };
  if (message.type === 'statistics') return { statistics: message.statistics };
  if (message.type === 'failed') return { phase: 'failed', error: message.message, extremes: null, statistics: null };
  const { min, max, loadedRows, milliseconds } = message;
  const whole = loadedRows === size.rows;
  if (!whole && standsIn(status)) return {};
  // Only this layout has VOID cells, and where they are few no block shows it.
  const special = message.special || !whole || layout.kind === 'offsets';
  return { pictured: generation, extremes: { min, max }, special, loadedRows, pyramidMilliseconds: whole ? milliseconds : null };
}

function transferable({ origin }: MatrixRequest): Transferable[] {
  return origin.kind === 'values' && origin.values.buffer instanceof ArrayBuffer ? [origin.values.buffer] : [];
}
