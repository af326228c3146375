import { afterEach, describe, expect, it, vi } from 'vitest';
import { VOID } from '@shared/colour/cell-value';
import { MatrixClient, standsIn, type WorkerLike } from './matrix-client';
import { MatrixHost } from './matrix-host';
import type { HostMessage, MatrixRequest } from './matrix-protocol';

/** A host behind the worker interface, in this thread. */
function inThisThread(): WorkerLike {
  const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));
  const worker: WorkerLike = {
    onmessage: null,
    postMessage: (message) => void Promise.resolve().then(() => host.handle(message)),
    terminate: () => undefined,
  };
  const host = new MatrixHost((data) => worker.onmessage?.({ data } as MessageEvent<HostMessage>), pause);
  return worker;
}

/** A host in this thread whose answers wait until `deliver` is called; `held` tells which do. */
function withHeldAnswers() {
  const inner = inThisThread();
  let waiting: MessageEvent<HostMessage>[] | null = [];
  const worker: WorkerLike = { onmessage: null, postMessage: inner.postMessage, terminate: inner.terminate };
  inner.onmessage = (event) => (waiting ? waiting.push(event) : worker.onmessage?.(event));
  const deliver = (): void => {
    const events = waiting ?? [];
    waiting = null;
    for (const event of events) worker.onmessage?.(event);
  };
  return { worker, held: () => (waiting ?? []).map(({ data }) => data.type), deliver };
}

function until(client: MatrixClient, condition: () => boolean): Promise<void> {
  if (condition()) return Promise.resolve();
  return new Promise((resolve) => {
    const end = client.subscribe(() => {
      if (!condition()) return;
      end();
      resolve();
    });
  });
}

const request = (values: number[], rows: number, columns: number): MatrixRequest => ({
  rows,
  columns,
  origin: { kind: 'values', values: Float32Array.from(values) },
  layout: { kind: 'stored' },
});
const ramp = Array.from({ length: 40 * 30 }, (_, k) => k);

describe('a matrix in its worker', () => {
  it('is pooled, counted, and answers tiles and values', async () => {
    const client = new MatrixClient(inThisThread());
    client.open(request(ramp, 40, 30));
    await until(client, () => client.status.phase === 'done');
    expect(client.status.extremes).toEqual({ min: 0, max: 1199 });
    expect(client.status.statistics?.count).toBe(1200);
    const tile = await client.tile(0, 0, 0, 'mean');
    expect(tile?.cells[31]).toBe(31);
    expect([...(await client.values(Float64Array.of(7, -1)))]).toEqual([7, NaN]);
  });

  it('answers a tile asked for before the pyramid exists', async () => {
    const client = new MatrixClient(inThisThread());
    client.open(request(ramp, 40, 30));
    const tile = await client.tile(3, 0, 0, 'max');
    expect(tile?.rows).toBe(5);
    expect(tile?.cells[0]).toBe(7 * 30 + 7);
  });

  it('does not deliver tiles of a matrix that was replaced', async () => {
    const client = new MatrixClient(inThisThread());
    client.open(request(ramp, 40, 30));
    const old = client.tile(0, 0, 0, 'mean');
    client.open(request([1, 2, 3, 4], 2, 2));
    expect(await old).toBeNull();
    await until(client, () => client.status.phase === 'done');
    expect(client.status.extremes).toEqual({ min: 1, max: 4 });
  });

  it('shows the same values in another layout', async () => {
    const client = new MatrixClient(inThisThread());
    client.open(request([1, 2, 3, 4], 2, 2));
    await until(client, () => client.status.phase === 'done');
    client.showLayout({ kind: 'blockDiagonal', groups: 2 });
    await until(client, () => client.status.phase === 'done');
    expect(client.status.size).toEqual({ rows: 2, columns: 4 });
    expect([...((await client.tile(0, 0, 0, 'mean'))?.cells ?? [])]).toEqual([1, 2, 0, 0, 0, 0, 3, 4]);
  });

  it('keeps an earlier picture of the same form until the next is there, and no other', async () => {
    const client = new MatrixClient(inThisThread());
    client.open(request([1, 2, 3, 4], 2, 2));
    await until(client, () => client.status.phase === 'done');
    client.open(request([5, 6, 7, 8], 2, 2));
    expect(standsIn(client.status)).toBe(true);
    expect(client.status.extremes).toEqual({ min: 1, max: 4 });
    await until(client, () => !standsIn(client.status));
    expect(client.status.extremes).toEqual({ min: 5, max: 8 });
    client.open(request([1, 2, 3, 4], 4, 1));
    expect(client.status.extremes).toBeNull();
    await until(client, () => client.status.phase === 'done');
    client.open(request([1, 2, 3], 4, 1));
    await until(client, () => client.status.phase === 'failed');
    expect(client.status.extremes).toBeNull();
  });

  it('takes the difference of two origins', async () => {
    const client = new MatrixClient(inThisThread());
    const values = (list: number[]) => ({ kind: 'values', values: Float32Array.from(list) }) as const;
    client.open({
      rows: 1,
      columns: 2,
      layout: { kind: 'stored' },
      origin: { kind: 'difference', minuend: values([5, 5]), subtrahend: values([1, 7]) },
    });
    await until(client, () => client.status.phase === 'done');
    expect([...(await client.values(Float64Array.of(0, 1)))]).toEqual([4, -2]);
  });

  it('says what is wrong when the values do not fill the matrix', async () => {
    const client = new MatrixClient(inThisThread());
    client.open(request([1, 2, 3], 2, 2));
    await until(client, () => client.status.phase === 'failed');
    expect(client.status.error).toBe('the matrix at the given array should have 4 float32 values (16 bytes), 12 bytes came');
  });
});

describe('a matrix that is fetched', () => {
  afterEach(() => vi.unstubAllGlobals());

  /** Answers fetch with the bytes in two pieces, the second when `release` is called. */
  function inTwoPieces(values: Float32Array, cut: number): () => void {
    let release = (): void => undefined;
    const gate = new Promise<void>((resolve) => (release = resolve));
    const bytes = new Uint8Array(values.buffer);
    const body = new ReadableStream<Uint8Array>({
      async start(controller) {
        // A picture of a part is made at most every 120 ms: the first piece comes after that.
        await new Promise((resolve) => setTimeout(resolve, 150));
        controller.enqueue(bytes.subarray(0, cut));
        await gate;
        controller.enqueue(bytes.subarray(cut));
        controller.close();
      },
    });
    vi.stubGlobal('fetch', () => Promise.resolve(new Response(body)));
    return release;
  }

  it('is shown in part while the rest comes in, and then whole', async () => {
    const release = inTwoPieces(Float32Array.from(ramp), 4 * 30 * 20 + 2);
    const client = new MatrixClient(inThisThread());
    client.open({ rows: 40, columns: 30, origin: { kind: 'url', url: 'http://studio/matrix' }, layout: { kind: 'stored' } });
    await until(client, () => client.status.extremes !== null);
    expect(client.status.loadedRows).toBe(20);
    const part = await client.tile(3, 0, 0, 'max');
    expect(part?.cells[0]).toBe(7 * 30 + 7);
    expect(part?.cells[4 * 4]).toBe(VOID);
    release();
    await until(client, () => client.status.phase === 'done');
    expect(client.status.loadedRows).toBe(40);
    expect((await client.tile(3, 0, 0, 'max'))?.cells[4 * 4]).toBe(39 * 30 + 7);
  });

  it('gives no tile of a part to who asks for the whole while the news of the part is on its way', async () => {
    const release = inTwoPieces(Float32Array.from(ramp), 4 * 30 * 20 + 2);
    const { worker, held, deliver } = withHeldAnswers();
    const client = new MatrixClient(worker);
    client.open({ rows: 40, columns: 30, origin: { kind: 'url', url: 'http://studio/matrix' }, layout: { kind: 'stored' } });
    await vi.waitFor(() => expect(held()).toContain('ready'));
    const asked = client.tile(3, 0, 0, 'max');
    await vi.waitFor(() => expect(held()).toContain('tile'));
    deliver();
    expect(await asked).toBeNull();
    expect((await client.tile(3, 0, 0, 'max'))?.cells[4 * 4]).toBe(VOID);
    release();
    await until(client, () => client.status.loadedRows === 40);
    expect((await client.tile(3, 0, 0, 'max'))?.cells[4 * 4]).toBe(39 * 30 + 7);
  });
});
