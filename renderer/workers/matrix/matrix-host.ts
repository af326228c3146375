// The worker's side: holds one matrix, builds its pyramid and statistics in short slices, and answers tile
// and value requests between them. Invariant: an answer belongs to the generation that asked; work for an
// older generation stops at its next pause.
import type { Layout } from '@shared/matrix/layout';
import { loadValues } from './matrix-load';
import type { HostMessage, HostRequest, MatrixRequest, Phase } from './matrix-protocol';
import { buildPyramid, extremesOf, partialPyramid, STORED_FROM, tileOf, type Pyramid } from '@shared/matrix/pyramid';
import { sourceOf } from '@shared/matrix/source';
import { gatherStatistics } from '@shared/matrix/statistics';

export type Post = (message: HostMessage, transfer?: ArrayBuffer[]) => void;

/** Work between two pauses, in ms: short once there is a picture to move about, longer while all wait for it. */
const SLICE_MS = 12;
const FIRST_SLICE_MS = 60;
/** Head start of the first picture before the values are counted, in ms. */
const FIRST_PICTURE_MS = 80;
/** Time between two pictures of a matrix that still comes in, in ms. */
const PARTIAL_MS = 120;

type TileRequest = Extract<HostRequest, { type: 'tile' }>;

/** One matrix. `post` sends to the window, `pause` lets queued requests in. */
export class MatrixHost {
  private generation = -1;
  private request: MatrixRequest | null = null;
  private values: Float32Array | null = null;
  private pyramid: Pyramid | null = null;
  /** Rows that the pyramid is made of. */
  private loadedRows = 0;
  private waiting: TileRequest[] = [];

  constructor(
    private readonly post: Post,
    private readonly pause: () => Promise<void>,
  ) {}

  /** Answers one request; open and layout go on in the background of later ones. */
  async handle(message: HostRequest): Promise<void> {
    if (message.type === 'tile') return this.answerTile(message);
    if (message.type === 'values') return this.answerValues(message.id, message.indices);
    this.startGeneration(message.generation);
    try {
      if (message.type === 'open') await this.open(message.request, message.generation);
      else await this.relayout(message.layout, message.generation);
    } catch (error) {
      if (this.generation !== message.generation) return;
      this.post({ type: 'failed', generation: message.generation, message: error instanceof Error ? error.message : String(error) });
    }
  }

  private startGeneration(generation: number): void {
    this.generation = generation;
    this.pyramid = null;
    this.dismissWaiting();
  }

  private dismissWaiting(): void {
    for (const { id } of this.waiting) this.post({ type: 'tile', id, tile: null, loadedRows: 0 });
    this.waiting = [];
  }

  private async open(request: MatrixRequest, generation: number): Promise<void> {
    this.request = request;
    this.values = null;
    let nextPartial = performance.now() + PARTIAL_MS;
    const values = await loadValues(request, (loaded, partial) => {
      this.report('loading', loaded / (request.rows * request.columns), generation);
      const rows = Math.floor(loaded / request.columns);
      if (performance.now() < nextPartial || request.layout.kind !== 'stored' || generation !== this.generation) return;
      // With the last row it is no part any more: the whole is pooled next.
      if (rows === request.rows) return;
      this.showPartial(partial, rows, generation);
      nextPartial = performance.now() + PARTIAL_MS;
    });
    if (generation !== this.generation) return;
    this.values = values;
    await this.build(request.layout, generation);
  }

  private async relayout(layout: Layout, generation: number): Promise<void> {
    if (this.values) await this.build(layout, generation);
    else if (this.request) await this.open({ ...this.request, layout }, generation);
  }

  /** A pyramid of the rows that are there; the others stay VOID. */
  private showPartial(values: Float32Array, loadedRows: number, generation: number): void {
    const { rows, columns } = this.request as MatrixRequest;
    const start = performance.now();
    this.pyramid = partialPyramid(sourceOf(values, rows, columns, { kind: 'stored' }), loadedRows, this.pyramid);
    // Tiles asked for until now were meant to be whole.
    this.dismissWaiting();
    this.announce(loadedRows, start, generation);
  }

  private async build(layout: Layout, generation: number): Promise<void> {
    const { rows, columns } = this.request as MatrixRequest;
    const start = performance.now();
    const source = sourceOf(this.values as Float32Array, rows, columns, layout);
    const pyramid = await this.inSlices(buildPyramid(source), 'pooling', generation);
    if (!pyramid) return;
    // Requests that came meanwhile get in, to be answered together with the news.
    await this.pause();
    if (generation !== this.generation) return;
    this.pyramid = pyramid;
    this.announce(source.rows, start, generation);
    // Tiles that were asked for meanwhile come before the counting, and so does drawing them where processors do it.
    await new Promise((resolve) => setTimeout(resolve, FIRST_PICTURE_MS));
    if (generation !== this.generation) return;
    const statistics = await this.inSlices(gatherStatistics(source, extremesOf(pyramid)), 'counting', generation);
    if (!statistics) return;
    this.post({ type: 'statistics', generation, statistics });
    this.report('done', 1, generation);
  }

  private announce(loadedRows: number, start: number, generation: number): void {
    this.loadedRows = loadedRows;
    const { min, max, special } = extremesOf(this.pyramid as Pyramid);
    const milliseconds = performance.now() - start;
    // Waiting tiles go first: one frame shows them and the news, none is drawn empty in between.
    const waiting = this.waiting;
    this.waiting = [];
    for (const request of waiting) this.answerTile(request);
    this.post({ type: 'ready', generation, min, max, special, loadedRows, milliseconds });
  }

  /** Runs a generator to its end in slices; null when a newer generation has begun. */
  private async inSlices<T>(work: Generator<number, T>, phase: Phase, generation: number): Promise<T | null> {
    const slice = phase === 'pooling' ? FIRST_SLICE_MS : SLICE_MS;
    let sliceEnd = performance.now() + slice;
    for (let step = work.next(); ; step = work.next()) {
      if (step.done) return step.value;
      if (performance.now() < sliceEnd) continue;
      this.report(phase, step.value, generation);
      await this.pause();
      if (generation !== this.generation) return null;
      sliceEnd = performance.now() + slice;
    }
  }

  private report(phase: Phase, share: number, generation: number): void {
    this.post({ type: 'progress', generation, phase, share });
  }

  private answerTile(request: TileRequest): void {
    const { id, generation, level, x, y, rule } = request;
    if (generation !== this.generation) return this.post({ type: 'tile', id, tile: null, loadedRows: 0 });
    if (!this.pyramid || (this.values === null && level < STORED_FROM)) {
      this.waiting.push(request);
      return;
    }
    const tile = tileOf(this.pyramid, level, x, y, rule);
    this.post({ type: 'tile', id, tile, loadedRows: this.loadedRows }, [tile.cells.buffer as ArrayBuffer]);
  }

  private answerValues(id: number, indices: Float64Array): void {
    const values = new Float32Array(indices.length).fill(NaN);
    if (this.values) for (let k = 0; k < indices.length; k++) if (indices[k] >= 0) values[k] = this.values[indices[k]];
    this.post({ type: 'values', id, values }, [values.buffer]);
  }
}
