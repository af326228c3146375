// NumPy's archives: a zip of NAME.npy members, stored or deflated; and a lone .npy file, taken as an
// archive of one array.
import { elementCount, shapeText } from '../../tensor/tensor';
import type { ByteSource } from '../byte-source';
import type { FoundDirectory, StoredTensor, UnreadValue } from '../checkpoint-file';
import { NPY_FIRST_READ, type NpyHeader, npyHeaderLength, parseNpyHeader } from './npy';
import { type ArrayLayout, isIntegerCode, tensorOfArray, unreadNumpyType } from './numpy-type';
import { quoted, refuse } from '../refuse';
import { byteLengthOf } from '../tensor-bytes';
import type { ZipArchive } from '../zip/archive';
import type { ZipMember } from '../zip/directory';

const LONGEST_HEADER = 16_384;

/** Reads the headers of all arrays of an archive. Throws UserError if it holds none. */
export async function readNpz(archive: ZipArchive): Promise<FoundDirectory> {
  const found: (StoredTensor | UnreadValue)[] = [];
  for (const member of archive.members.values()) {
    if (member.name.endsWith('.npy')) found.push(await memberArray(archive, member));
    else found.push({ name: member.name, what: 'no array', refusal: `holds ${quoted(member.name)}, which is no array`, kind: 'other' });
  }
  return directoryOf(found, archive.contentBytes);
}

async function memberArray(archive: ZipArchive, member: ZipMember): Promise<StoredTensor | UnreadValue> {
  const name = member.name.slice(0, -'.npy'.length);
  const header = await readHeader((length) => archive.readStart(member, length), name);
  return storedArray(header, name, member.size, () => archive.readWhole(member));
}

/** Reads a lone `.npy` file; its array is called `array`. */
export async function readNpyFile(source: ByteSource): Promise<FoundDirectory> {
  const name = 'array';
  const header = await readHeader((length) => source.read(0, Math.min(length, source.size)), name);
  return directoryOf([storedArray(header, name, source.size, () => source.read(0, source.size))], source.size);
}

function storedArray(header: NpyHeader, name: string, size: number, read: () => Promise<Uint8Array>): StoredTensor | UnreadValue {
  const { layout, shape, dataStart } = header;
  if (!layout) return unreadArray(header, name);
  checkLength(layout, dataStart, size, name);
  const load = async () => tensorOfArray(layout, (await read()).subarray(dataStart));
  return { name, dtype: layout.dtype, shape, cost: size, load };
}

/** Texts, dates, records and objects are no part of a network; numbers of types this program does not hold may be. */
function unreadArray({ code, shape }: NpyHeader, name: string): UnreadValue {
  const isNumber = /^[<>|=]?[uifc]\d+$/.test(code);
  const isCounter = isIntegerCode(code) && elementCount(shape) <= 1;
  const what = `${code === '' ? 'record' : code} ${shape.length === 0 ? 'scalar' : shapeText(shape)}`;
  const refusal = `holds ${quoted(name)} as ${unreadNumpyType(code)}`;
  return { name, what, refusal, kind: isCounter ? 'counter' : isNumber ? 'tensor' : 'other' };
}

function directoryOf(found: readonly (StoredTensor | UnreadValue)[], contentBytes: number): FoundDirectory {
  const tensors = found.filter((one): one is StoredTensor => 'load' in one);
  const unread = found.filter((one): one is UnreadValue => !('load' in one));
  const content = { tensors, unread, settings: new Map() };
  const sets = [{ name: '', tensorNames: tensors.map(({ name }) => name), content: () => content }];
  return { format: 'npz', contentBytes, metadata: {}, sets };
}

async function readHeader(readStart: (length: number) => Promise<Uint8Array>, name: string): Promise<NpyHeader> {
  let start = await readStart(NPY_FIRST_READ);
  const length = npyHeaderLength(start);
  if (length > LONGEST_HEADER) refuse(`holds array ${quoted(name)} with a header of ${length} bytes, which no plain array has`);
  if (length > start.length) start = await readStart(length);
  if (length > start.length) refuse(`is damaged: the header of array ${quoted(name)} is cut off`);
  return parseNpyHeader(start, name);
}

function checkLength({ dtype, shape }: ArrayLayout, dataStart: number, size: number, name: string): void {
  const expected = dataStart + byteLengthOf(dtype, shape);
  if (size !== expected) refuse(`is damaged: array ${quoted(name)} should take ${expected} bytes and takes ${size}`);
}
