// Messages between processes: plain JSON, with the typed arrays taken out and laid end to end so that they travel as one
// body by HTTP. Invariant: attachArrays(detachArrays(m)) equals m; properties that are undefined are left out. What else
// JSON has no words for is the codec's (codec.ts).

/** A message without its arrays, and their bytes; null if it had none. */
export interface DetachedMessage {
  readonly body: unknown;
  readonly arrays: Uint8Array<ArrayBuffer> | null;
}

const constructors = { Float64Array, Float32Array, Uint16Array, BigInt64Array, Int32Array, Int16Array, Int8Array, Uint8Array };
type ArrayName = keyof typeof constructors;

/** Where an array stood. */
interface Marked {
  readonly $: 'array';
  readonly type: ArrayName;
  readonly offset: number;
  readonly length: number;
}

/** Offsets are multiples of the largest element size. */
const ALIGNMENT = 8;

/** Takes every typed array out of a message (a tree of plain objects and arrays). */
export function detachArrays(message: unknown): DetachedMessage {
  const views: ArrayBufferView[] = [];
  let size = 0;
  const body = replaceDeep(message, (view) => {
    const offset = size;
    views.push(view);
    size = Math.ceil((offset + view.byteLength) / ALIGNMENT) * ALIGNMENT;
    return offset;
  });
  return { body, arrays: size === 0 ? null : laidOut(views, size) };
}

/** Puts the arrays back. Throws TypeError for a body that detachArrays did not make. */
export function attachArrays(body: unknown, arrays: Uint8Array<ArrayBuffer> | null): unknown {
  if (typeof body !== 'object' || body === null) return body;
  if (Array.isArray(body)) return body.map((item) => attachArrays(item, arrays));
  if ('$' in body) return unmarked(body as Marked, arrays);
  return mapValues(body, (item) => attachArrays(item, arrays));
}

function replaceDeep(value: unknown, place: (view: ArrayBufferView) => number): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (ArrayBuffer.isView(value)) return markedArray(value, place);
  if (Array.isArray(value)) return value.map((item) => replaceDeep(item, place));
  return mapValues(value, (item) => replaceDeep(item, place));
}

function markedArray(view: ArrayBufferView, place: (view: ArrayBufferView) => number): Marked {
  const type = view.constructor.name;
  if (!(type in constructors)) throw new TypeError(`arrays of type ${type} are not sent between processes`);
  const { length } = view as Uint8Array;
  return { $: 'array', type: type as ArrayName, offset: place(view), length };
}

function unmarked(marked: Marked, arrays: Uint8Array<ArrayBuffer> | null): unknown {
  const { $, type, offset, length } = marked;
  if ($ !== 'array' || !Object.hasOwn(constructors, type)) throw new TypeError(`unknown mark ${JSON.stringify(marked)}`);
  const make = constructors[type];
  if (length === 0) return new make(0);
  if (arrays === null) throw new TypeError('a message with arrays came without their bytes');
  return new make(arrays.buffer.slice(arrays.byteOffset + offset, arrays.byteOffset + offset + length * make.BYTES_PER_ELEMENT));
}

function laidOut(views: readonly ArrayBufferView[], size: number): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(size);
  let offset = 0;
  for (const { buffer, byteOffset, byteLength } of views) {
    all.set(new Uint8Array(buffer, byteOffset, byteLength), offset);
    offset = Math.ceil((offset + byteLength) / ALIGNMENT) * ALIGNMENT;
  }
  return all;
}

function mapValues(object: object, map: (item: unknown) => unknown): Record<string, unknown> {
  return Object.fromEntries(Object.entries(object).map(([key, item]) => [key, map(item)]));
}
