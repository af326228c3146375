// The central directory of a zip archive, zip64 included (PKWARE APPNOTE 4.3 and 4.5.3). Both PyTorch's
// format and npz are zip archives. Invariant: every member listed lies inside the file.
import type { ByteSource } from '../byte-source';
import { quoted, refuse } from '../refuse';
import { latin1Text, uint64At, utf8Text, viewOf } from '../tensor-bytes';

/** One member of a zip archive, as its directory describes it. */
export interface ZipMember {
  readonly name: string;
  /** 0 stored, 8 deflated. */
  readonly method: number;
  readonly compressedSize: number;
  readonly size: number;
  readonly crc32: number;
  readonly headerOffset: number;
  /** First byte that cannot be its own any more, or a later one: what its local header adds besides its name is not known here. */
  readonly leastEnd: number;
}

const END_SIGNATURE = 0x06054b50;
const END_LENGTH = 22;
const LONGEST_COMMENT = 0xffff;
const ZIP64_LOCATOR_SIGNATURE = 0x07064b50;
const ZIP64_LOCATOR_LENGTH = 20;
const ZIP64_END_SIGNATURE = 0x06064b50;
const ZIP64_END_LENGTH = 56;
const ENTRY_SIGNATURE = 0x02014b50;
const ENTRY_LENGTH = 46;
/** Of a local header without name and extra field. */
export const LOCAL_LENGTH = 30;

interface DirectoryPlace {
  readonly count: number;
  readonly length: number;
  readonly offset: number;
}

/** Reads the central directory. Throws UserError if it is missing or does not fit the file. */
export async function readZipDirectory(source: ByteSource): Promise<ZipMember[]> {
  const place = await findDirectory(source);
  if (place.offset + place.length > source.size || place.count * ENTRY_LENGTH > place.length)
    refuse('is damaged: its zip directory does not fit into the file');
  const bytes = await source.read(place.offset, place.length);
  const members: ZipMember[] = [];
  for (let offset = 0; members.length < place.count; ) {
    const { member, end } = parseEntry(bytes, offset);
    if (member.headerOffset + member.compressedSize > source.size)
      refuse(`is damaged: its member ${quoted(member.name)} reaches past the end of the file`);
    members.push(member);
    offset = end;
  }
  refuseOverlaps(members, place.offset);
  return members;
}

/** Members that share bytes are how a small file unfolds to a huge one, and how two readers see two contents in it. */
function refuseOverlaps(members: readonly ZipMember[], directoryOffset: number): void {
  const inOrder = [...members].sort((a, b) => a.headerOffset - b.headerOffset);
  for (const [index, { name, leastEnd }] of inOrder.entries()) {
    const next = index + 1 < inOrder.length ? inOrder[index + 1].headerOffset : directoryOffset;
    if (leastEnd > next) refuse(`is damaged: its member ${quoted(name)} overlaps what lies behind it`);
  }
}

async function findDirectory(source: ByteSource): Promise<DirectoryPlace> {
  const tailLength = Math.min(source.size, END_LENGTH + LONGEST_COMMENT);
  const tail = viewOf(await source.read(source.size - tailLength, tailLength));
  const at = endRecordIn(tail);
  if (at === null)
    return refuse('is cut off: it begins as a zip archive but the directory at its end is missing; download or copy it again');
  const end = source.size - tailLength + at;
  const place = { count: tail.getUint16(at + 10, true), length: tail.getUint32(at + 12, true), offset: tail.getUint32(at + 16, true) };
  const overflows = place.count === 0xffff || place.length === 0xffffffff || place.offset === 0xffffffff;
  return overflows ? ((await findZip64Directory(source, end)) ?? place) : place;
}

/**
 * Where the end record begins: one whose comment ends with the file, else the last one of all. Bytes after it, which
 * some copies and storages append, are passed over as PyTorch does.
 */
function endRecordIn(tail: DataView): number | null {
  let last: number | null = null;
  for (let at = tail.byteLength - END_LENGTH; at >= 0; at--) {
    if (tail.getUint32(at, true) !== END_SIGNATURE) continue;
    const end = at + END_LENGTH + tail.getUint16(at + 20, true);
    if (end === tail.byteLength) return at;
    if (end < tail.byteLength) last ??= at;
  }
  return last;
}

async function findZip64Directory(source: ByteSource, end: number): Promise<DirectoryPlace | undefined> {
  if (end < ZIP64_LOCATOR_LENGTH) return undefined;
  const locator = viewOf(await source.read(end - ZIP64_LOCATOR_LENGTH, ZIP64_LOCATOR_LENGTH));
  if (locator.getUint32(0, true) !== ZIP64_LOCATOR_SIGNATURE) return undefined;
  const offset = uint64At(locator, 8);
  if (offset + ZIP64_END_LENGTH > source.size) refuse('is damaged: its zip64 directory lies outside the file');
  const record = viewOf(await source.read(offset, ZIP64_END_LENGTH));
  if (record.getUint32(0, true) !== ZIP64_END_SIGNATURE) refuse('is damaged: its zip64 directory is not where the file says');
  return { count: uint64At(record, 32), length: uint64At(record, 40), offset: uint64At(record, 48) };
}

function parseEntry(bytes: Uint8Array, start: number): { member: ZipMember; end: number } {
  const view = viewOf(bytes);
  if (start + ENTRY_LENGTH > bytes.length || view.getUint32(start, true) !== ENTRY_SIGNATURE)
    refuse('is damaged: its zip directory is shorter than it says');
  const nameEnd = start + ENTRY_LENGTH + view.getUint16(start + 28, true);
  const extraEnd = nameEnd + view.getUint16(start + 30, true);
  const end = extraEnd + view.getUint16(start + 32, true);
  if (end > bytes.length) refuse('is damaged: its zip directory is cut off');
  const nameBytes = bytes.subarray(start + ENTRY_LENGTH, nameEnd);
  const name = utf8Text(nameBytes) ?? latin1Text(nameBytes);
  if (view.getUint16(start + 8, true) & 1) refuse(`is encrypted (member ${quoted(name)}): decrypt it first`);
  const [size, compressedSize, headerOffset] = sizesOf(view, start, nameEnd, extraEnd);
  return {
    member: {
      name,
      method: view.getUint16(start + 10, true),
      crc32: view.getUint32(start + 16, true),
      size,
      compressedSize,
      headerOffset,
      leastEnd: headerOffset + LOCAL_LENGTH + nameBytes.length + compressedSize,
    },
    end,
  };
}

/** Size, compressed size and header offset; those that do not fit 32 bits stand in the zip64 extra field, in this order. */
function sizesOf(view: DataView, entry: number, extraStart: number, extraEnd: number): [number, number, number] {
  const sizes: [number, number, number] = [24, 20, 42].map((at) => view.getUint32(entry + at, true)) as [number, number, number];
  for (let at = extraStart; at + 4 <= extraEnd; at += 4 + view.getUint16(at + 2, true)) {
    if (view.getUint16(at, true) !== 1) continue;
    let field = at + 4;
    const fieldEnd = Math.min(extraEnd, field + view.getUint16(at + 2, true));
    for (let i = 0; i < 3; i++) {
      if (sizes[i] !== 0xffffffff || field + 8 > fieldEnd) continue;
      sizes[i] = uint64At(view, field);
      field += 8;
    }
  }
  return sizes;
}
