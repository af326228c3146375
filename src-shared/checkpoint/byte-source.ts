// Where the bytes of a checkpoint come from: a file, a dropped Blob, an array. Everything is read by
// range, so that opening a large checkpoint touches its directory alone.

/** Random access to the bytes of one file. */
export interface ByteSource {
  /** Length of the file in bytes. */
  readonly size: number;
  /** Exactly `length` bytes from `offset` on. Rejects if the file does not reach that far. */
  read(offset: number, length: number): Promise<Uint8Array>;
  close(): Promise<void>;
  /** The host's own CRC-32, if it has a faster one than plain TypeScript; `previous` continues an earlier sum. */
  readonly crc32?: (bytes: Uint8Array, previous?: number) => number;
}

/** A source over bytes already in memory. Ranges are copied, so that tensors never alias the file. */
export function memorySource(bytes: Uint8Array): ByteSource {
  return {
    size: bytes.length,
    read: (offset, length) => {
      if (offset + length > bytes.length) return Promise.reject(new RangeError(`bytes ${offset}..${offset + length} of ${bytes.length}`));
      return Promise.resolve(bytes.slice(offset, offset + length));
    },
    close: () => Promise.resolve(),
  };
}

/** A source over a dropped or picked file of the window. */
export function blobSource(blob: Blob): ByteSource {
  return {
    size: blob.size,
    read: async (offset, length) => {
      const bytes = new Uint8Array(await blob.slice(offset, offset + length).arrayBuffer());
      if (bytes.length !== length) throw new RangeError(`bytes ${offset}..${offset + length} of ${blob.size}`);
      return bytes;
    },
    close: () => Promise.resolve(),
  };
}
