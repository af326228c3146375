// Makes the memory of tfjs's single-threaded WASM module shared, so that our threads can work on it: in the
// binary one flag of the memory's limits. tfjs's own threads stay off, for they are not to be had in Node.

const MEMORY_SECTION = 5;
const IMPORT_SECTION = 2;
/** Flags of a memory's limits: it has a maximum; it is shared. */
const [HAS_MAXIMUM, SHARED] = [1, 2];

/** An unsigned LEB128 number at `at`, and where the next byte is. */
function numberAt(bytes: Uint8Array, at: number): [number, number] {
  let value = 0;
  for (let shift = 0; ; shift += 7) {
    const byte = bytes[at++];
    value |= (byte & 127) << shift;
    if (byte < 128) return [value, at];
  }
}

/** Where the content of a section begins; null where the binary has none. */
function findSection(bytes: Uint8Array, wanted: number): number | null {
  for (let at = 8; at < bytes.length; ) {
    const [size, content] = numberAt(bytes, at + 1);
    if (bytes[at] === wanted) return content;
    at = content + size;
  }
  return null;
}

function sectionAt(bytes: Uint8Array, wanted: number): number {
  const at = findSection(bytes, wanted);
  if (at === null) throw new Error(`the WebAssembly binary has no section ${wanted}`);
  return at;
}

/** Whether a binary brings a memory of its own, with a maximum. */
function hasMemory(bytes: Uint8Array): boolean {
  const at = findSection(bytes, MEMORY_SECTION);
  if (at === null) return false;
  const [, limits] = numberAt(bytes, at);
  return bytes[limits] === HAS_MAXIMUM;
}

function withFlag(binary: Uint8Array, at: number): Uint8Array<ArrayBuffer> {
  if (binary[at] !== HAS_MAXIMUM) throw new Error('the memory of the WebAssembly binary has no maximum');
  const bytes = binary.slice() as Uint8Array<ArrayBuffer>;
  bytes[at] |= SHARED;
  return bytes;
}

/** The binary with its own memory shared. */
export function withSharedMemory(binary: Uint8Array): Uint8Array<ArrayBuffer> {
  const [, limits] = numberAt(binary, sectionAt(binary, MEMORY_SECTION));
  return withFlag(binary, limits);
}

/** The binary, whose only import is a memory, importing a shared one. */
export function importingSharedMemory(binary: Uint8Array): Uint8Array<ArrayBuffer> {
  let [, at] = numberAt(binary, sectionAt(binary, IMPORT_SECTION));
  for (let name = 0; name < 2; name++) {
    const [length, start] = numberAt(binary, at);
    at = start + length;
  }
  return withFlag(binary, at + 1);
}

/** While `start` runs, modules that bring their own memory are instantiated with a shared one. */
export async function withSharedInstances<T>(start: () => Promise<T>): Promise<T> {
  const { instantiate, instantiateStreaming } = WebAssembly;
  type Imports = WebAssembly.Imports;
  // Others may start modules of their own meanwhile, compiled ones or without a memory to share: those stay as they are.
  const shared = (source: BufferSource | WebAssembly.Module, imports?: Imports): Promise<unknown> => {
    if (source instanceof WebAssembly.Module) return instantiate(source, imports);
    const bytes = ArrayBuffer.isView(source) ? new Uint8Array(source.buffer, source.byteOffset, source.byteLength) : new Uint8Array(source);
    return instantiate(hasMemory(bytes) ? withSharedMemory(bytes) : source, imports);
  };
  const streaming = async (response: Response | PromiseLike<Response>, imports?: Imports) =>
    shared(await (await response).arrayBuffer(), imports);
  Object.assign(WebAssembly, { instantiate: shared, instantiateStreaming: streaming });
  try {
    return await start();
  } finally {
    Object.assign(WebAssembly, { instantiate, instantiateStreaming });
  }
}
