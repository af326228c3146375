// Writes a zip archive of stored members whose data begin at multiples of 64 bytes, as PyTorch's own
// files do (so that they can be memory-mapped). zip64 fields appear only where 32 bits do not suffice,
// for readers of before zip64.
import type { ByteSink } from '../entries';
import { crc32 } from './crc32';

const ALIGNMENT = 64;
const UTF8_NAMES = 0x0800;
/** 1 January 1980: the same input gives the same file. */
const DOS_DATE = 0x21;
const VERSION_PLAIN = 20;
const VERSION_ZIP64 = 45;
/** Identifier of the padding field, PyTorch's choice ("FB"). */
const PADDING_FIELD = 0x4246;
const LARGEST_32_BIT = 0xffffffff;
const LARGEST_COUNT = 0xffff;

interface WrittenMember {
  readonly name: Uint8Array;
  readonly size: number;
  readonly crc32: number;
  readonly headerOffset: number;
}

/** Writes members one after the other, then the directory. */
export class ZipWriter {
  readonly #members: WrittenMember[] = [];
  #position = 0;

  /** `zip64From`: sizes and offsets from here on get zip64 fields (lower it to test them). */
  constructor(
    private readonly sink: ByteSink,
    private readonly zip64From = LARGEST_32_BIT,
  ) {}

  /** Adds a member; its parts are its bytes in order. */
  async add(name: string, ...parts: Uint8Array[]): Promise<void> {
    const sum = this.sink.crc32 ?? crc32;
    const member = {
      name: new TextEncoder().encode(name),
      size: parts.reduce((total, part) => total + part.length, 0),
      // zlib starts over when it is given no bytes.
      crc32: parts.reduce((previous, part) => (part.length === 0 ? previous : sum(part, previous)), 0),
      headerOffset: this.#position,
    };
    await this.write(this.localHeader(member));
    for (const part of parts) await this.write(part);
    this.#members.push(member);
  }

  /** Writes the directory. Nothing may be added after it. */
  async finish(): Promise<void> {
    const start = this.#position;
    for (const member of this.#members) await this.write(this.directoryEntry(member));
    const length = this.#position - start;
    const count = this.#members.length;
    const large = count >= LARGEST_COUNT || start >= this.zip64From || length >= this.zip64From;
    if (large) await this.write(zip64End(count, length, start, this.#position));
    await this.write(plainEnd(large ? LARGEST_COUNT : count, large ? LARGEST_32_BIT : length, large ? LARGEST_32_BIT : start));
  }

  private async write(bytes: Uint8Array): Promise<void> {
    this.#position += bytes.length;
    await this.sink.write(bytes);
  }

  private localHeader(member: WrittenMember): Uint8Array {
    const large = member.size >= this.zip64From;
    const fields = new Fields();
    fields
      .u32(0x04034b50)
      .u16(large ? VERSION_ZIP64 : VERSION_PLAIN)
      .u16(UTF8_NAMES)
      .u16(0)
      .u16(0)
      .u16(DOS_DATE)
      .u32(member.crc32);
    const size = large ? LARGEST_32_BIT : member.size;
    fields.u32(size).u32(size).u16(member.name.length);
    const zip64 = large ? new Fields().u16(1).u16(16).u64(member.size).u64(member.size).bytes : [];
    const unpadded = member.headerOffset + 30 + member.name.length + zip64.length + 4;
    const padding = (ALIGNMENT - (unpadded % ALIGNMENT)) % ALIGNMENT;
    fields
      .u16(zip64.length + 4 + padding)
      .raw(member.name)
      .raw(zip64);
    return fields.u16(PADDING_FIELD).u16(padding).raw(new Uint8Array(padding).fill(0x5a)).done();
  }

  private directoryEntry({ name, size, crc32: sum, headerOffset }: WrittenMember): Uint8Array {
    const [largeSize, largeOffset] = [size >= this.zip64From, headerOffset >= this.zip64From];
    const large = new Fields();
    if (largeSize) large.u64(size).u64(size);
    if (largeOffset) large.u64(headerOffset);
    const extra = large.bytes.length > 0 ? new Fields().u16(1).u16(large.bytes.length).raw(large.bytes).bytes : [];
    const version = extra.length > 0 ? VERSION_ZIP64 : VERSION_PLAIN;
    const size32 = largeSize ? LARGEST_32_BIT : size;
    const fields = new Fields().u32(0x02014b50).u16(version).u16(version).u16(UTF8_NAMES).u16(0).u16(0).u16(DOS_DATE).u32(sum);
    fields.u32(size32).u32(size32).u16(name.length).u16(extra.length).u16(0).u16(0).u16(0).u32(0);
    return fields
      .u32(largeOffset ? LARGEST_32_BIT : headerOffset)
      .raw(name)
      .raw(extra)
      .done();
  }
}

function zip64End(count: number, length: number, start: number, position: number): Uint8Array {
  const end = new Fields().u32(0x06064b50).u64(44).u16(VERSION_ZIP64).u16(VERSION_ZIP64).u32(0).u32(0);
  end.u64(count).u64(count).u64(length).u64(start);
  return end.u32(0x07064b50).u32(0).u64(position).u32(1).done();
}

function plainEnd(count: number, length: number, start: number): Uint8Array {
  return new Fields().u32(0x06054b50).u16(0).u16(0).u16(count).u16(count).u32(length).u32(start).u16(0).done();
}

/** Little-endian fields one after the other. */
class Fields {
  readonly bytes: number[] = [];

  u16(value: number): this {
    this.bytes.push(value & 0xff, (value >>> 8) & 0xff);
    return this;
  }

  u32(value: number): this {
    return this.u16(value & 0xffff).u16(value >>> 16);
  }

  u64(value: number): this {
    return this.u32(value >>> 0).u32(Math.floor(value / 2 ** 32));
  }

  raw(bytes: Iterable<number>): this {
    for (const byte of bytes) this.bytes.push(byte);
    return this;
  }

  done(): Uint8Array {
    return Uint8Array.from(this.bytes);
  }
}
