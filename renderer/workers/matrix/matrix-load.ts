// Gets a matrix's values into memory, by rows as they come in, so that a first picture need not wait for all.
import { UserError } from '@shared/base/user-error';
import type { MatrixRequest, Origin } from './matrix-protocol';

/** Tells how many leading values are there. */
export type LoadProgress = (loadedValues: number, values: Float32Array) => void | Promise<void>;

/** All values of a request, rows * columns. Throws UserError when an array is missing or has another size. */
export async function loadValues({ rows, columns, origin }: MatrixRequest, onProgress: LoadProgress): Promise<Float32Array> {
  return load(origin, rows * columns, onProgress);
}

async function load(origin: Origin, count: number, onProgress: LoadProgress): Promise<Float32Array> {
  if (origin.kind === 'values') return expectCount(origin.values, count, 'the given array');
  if (origin.kind === 'url') return fetchValues(origin.url, count, onProgress);
  const [minuend, subtrahend] = await Promise.all([
    load(origin.minuend, count, () => undefined),
    load(origin.subtrahend, count, () => undefined),
  ]);
  const difference = new Float32Array(count);
  for (let i = 0; i < count; i++) difference[i] = minuend[i] - subtrahend[i];
  return difference;
}

async function fetchValues(url: string, count: number, onProgress: LoadProgress): Promise<Float32Array> {
  const response = await fetch(url);
  if (!response.ok || !response.body) throw new UserError(`cannot load the matrix from ${url}: the host answered ${response.status}`);
  const bytes = new Uint8Array(count * 4);
  const values = new Float32Array(bytes.buffer);
  let filled = 0;
  for await (const chunk of chunksOf(response.body)) {
    if (filled + chunk.length > bytes.length) throw wrongSize(url, count, filled + chunk.length);
    bytes.set(chunk, filled);
    filled += chunk.length;
    await onProgress(filled >> 2, values);
  }
  if (filled !== bytes.length) throw wrongSize(url, count, filled);
  return values;
}

async function* chunksOf(body: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = body.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    yield value;
  }
}

function wrongSize(where: string, count: number, bytes: number): UserError {
  return new UserError(`the matrix at ${where} should have ${count} float32 values (${count * 4} bytes), ${bytes} bytes came`);
}

function expectCount(values: Float32Array, count: number, where: string): Float32Array {
  if (values.length !== count) throw wrongSize(where, count, values.length * 4);
  return values;
}
