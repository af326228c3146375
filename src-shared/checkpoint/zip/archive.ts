// Reading members of a zip archive: whole or by range. Stored members are read where they lie;
// deflated ones are inflated as a whole. Invariant: a member read whole has the checksum its directory
// states, or the file is refused.
import type { ByteSource } from '../byte-source';
import { quoted, refuse } from '../refuse';
import { viewOf } from '../tensor-bytes';
import { crc32 } from './crc32';
import { inflateStart, inflateWhole } from './inflate';
import { LOCAL_LENGTH, readZipDirectory, type ZipMember } from './directory';

const LOCAL_SIGNATURE = 0x04034b50;
/** No deflate stream expands further than this (zlib, technical details): a larger size in the directory is a lie. */
const HIGHEST_DEFLATE_RATIO = 1032;
/** Stored members up to this size are read whole even for a part of them, to be checked. */
const READ_WHOLE = 2 ** 20;
/** Deflated weights are hardly smaller than their values; masks and zeros may be, by this much, and by any factor where that is small. */
const HIGHEST_EXPANSION = 100;
const ALWAYS_EXPANDED = 2 ** 28;

/** An opened zip archive. */
export class ZipArchive {
  readonly members: ReadonlyMap<string, ZipMember>;
  /** Bytes of all members, expanded. */
  readonly contentBytes: number;
  readonly #dataOffsets = new Map<ZipMember, number>();
  /** The last member read as a whole for a part of it: neighbouring tensors often share one. */
  #whole: { member: ZipMember; bytes: Promise<Uint8Array> } | undefined;

  private constructor(
    private readonly source: ByteSource,
    members: readonly ZipMember[],
  ) {
    const byName = new Map<string, ZipMember>();
    for (const member of members) {
      if (byName.has(member.name)) refuse(`is damaged: it has two members named ${quoted(member.name)}`);
      checkMethod(member);
      byName.set(member.name, member);
    }
    this.members = byName;
    this.contentBytes = members.reduce((sum, { size }) => sum + size, 0);
    if (this.contentBytes > Math.max(ALWAYS_EXPANDED, HIGHEST_EXPANSION * source.size))
      refuse(
        `would unfold from ${source.size} bytes to ${this.contentBytes}, more than ${HIGHEST_EXPANSION} times as many; no weights are so, and it is not read`,
      );
  }

  /** Reads the directory. Throws UserError for what is not a readable zip archive. */
  static async open(source: ByteSource): Promise<ZipArchive> {
    return new ZipArchive(source, await readZipDirectory(source));
  }

  /** All bytes of a member, checked against its checksum. */
  readWhole(member: ZipMember): Promise<Uint8Array> {
    return this.#whole?.member === member ? this.readRange(member, 0, member.size) : this.expand(member);
  }

  /** `length` bytes of a member from `start` on. A part of a large stored member is read alone, and so cannot be checked. */
  async readRange(member: ZipMember, start: number, length: number): Promise<Uint8Array> {
    if (start + length > member.size) refuse(`is damaged: its member ${quoted(member.name)} is too short`);
    const isPart = length < member.size;
    if (member.method === 8 || (isPart && member.size <= READ_WHOLE)) return (await this.whole(member)).slice(start, start + length);
    const bytes = await this.source.read((await this.dataOffset(member)) + start, length);
    if (!isPart) this.check(member, bytes);
    return bytes;
  }

  /** The first bytes of a member, at least `length` of them if it has as many; unchecked. For headers. */
  async readStart(member: ZipMember, length: number): Promise<Uint8Array> {
    if (member.method === 0) return this.source.read(await this.dataOffset(member), Math.min(length, member.size));
    const compressed = await this.source.read(await this.dataOffset(member), Math.min(length, member.compressedSize));
    return inflateStart(compressed, length);
  }

  private whole(member: ZipMember): Promise<Uint8Array> {
    if (this.#whole?.member !== member) this.#whole = { member, bytes: this.expand(member) };
    return this.#whole.bytes;
  }

  private async expand(member: ZipMember): Promise<Uint8Array> {
    const stored = await this.source.read(await this.dataOffset(member), member.compressedSize);
    const bytes = member.method === 8 ? await inflateWhole(stored, member) : stored;
    this.check(member, bytes);
    return bytes;
  }

  /** Position of a member's data: only its local header knows how long its own extra field is. */
  private async dataOffset(member: ZipMember): Promise<number> {
    const known = this.#dataOffsets.get(member);
    if (known !== undefined) return known;
    const outside = () => refuse(`is damaged: its member ${quoted(member.name)} lies outside the file`);
    if (member.headerOffset + LOCAL_LENGTH > this.source.size) outside();
    const header = viewOf(await this.source.read(member.headerOffset, LOCAL_LENGTH));
    if (header.getUint32(0, true) !== LOCAL_SIGNATURE)
      refuse(`is damaged: its member ${quoted(member.name)} is not where its directory says`);
    const offset = member.headerOffset + LOCAL_LENGTH + header.getUint16(26, true) + header.getUint16(28, true);
    if (offset + member.compressedSize > this.source.size) outside();
    this.#dataOffsets.set(member, offset);
    return offset;
  }

  private check(member: ZipMember, bytes: Uint8Array): void {
    // Writers that skip the checksum leave a zero there.
    if (member.crc32 === 0) return;
    if ((this.source.crc32 ?? crc32)(bytes) !== member.crc32)
      refuse(`is damaged: the bytes of its member ${quoted(member.name)} do not match their checksum; download or copy it again`);
  }
}

function checkMethod(member: ZipMember): void {
  const name = quoted(member.name);
  if (member.method !== 0 && member.method !== 8)
    refuse(`compresses its member ${name} by method ${member.method}; only stored and deflated members are read`);
  if (member.method === 0 && member.size !== member.compressedSize) refuse(`is damaged: the two sizes of its member ${name} differ`);
  if (member.method === 8 && member.size > member.compressedSize * HIGHEST_DEFLATE_RATIO)
    refuse(`is damaged: its member ${name} cannot expand to ${member.size} bytes`);
}
