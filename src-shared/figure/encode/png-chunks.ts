// Chunks of PNG files: length, type, data, checksum.
import { joinedBytes } from '../../base/joined-bytes';
import { crc32 } from '../../checkpoint/zip/crc32';

/** A PNG chunk: length, type, data, CRC-32 of type and data. */
export function chunk(type: string, data: Uint8Array): Uint8Array {
  const body = joinedBytes([utf8(type), data]);
  return joinedBytes([uint32(data.length), body, uint32(crc32(body))]);
}

/** iTXt, uncompressed, no language: keyword, then UTF-8 text. */
export function textChunk(keyword: string, text: string): Uint8Array {
  return chunk('iTXt', joinedBytes([utf8(keyword), new Uint8Array(5), utf8(text)]));
}

/** Four bytes, the highest first. */
export function uint32(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value);
  return bytes;
}

function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
