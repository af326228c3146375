// NumPy's archives: a zip of NAME.npy members, stored or deflated; and a lone .npy file, taken as an
// archive of one array.
import type { ByteSource } from './byte-source';
import { type CheckpointDirectory, singleSet, type StoredTensor } from './checkpoint-file';
import { NPY_FIRST_READ, type NpyHeader, npyHeaderLength, parseNpyHeader, tensorOfNpy } from './npy';
import { quoted, refuse } from './refuse';
import { byteLengthOf } from './tensor-bytes';
import type { ZipArchive } from './zip/archive';
import type { ZipMember } from './zip/directory';

const LONGEST_HEADER = 16_384;

/** Reads the headers of all arrays of an archive. Throws UserError for members that are no plain arrays. */
export async function readNpz(archive: ZipArchive): Promise<CheckpointDirectory> {
  const tensors: StoredTensor[] = [];
  for (const member of archive.members.values()) {
    if (!member.name.endsWith('.npy')) refuse(`holds ${quoted(member.name)}, which is no array; an npz archive holds .npy members only`);
    tensors.push(await storedMember(archive, member));
  }
  return directoryOf(tensors, archive.contentBytes);
}

async function storedMember(archive: ZipArchive, member: ZipMember): Promise<StoredTensor> {
  const name = member.name.slice(0, -'.npy'.length);
  const header = await readHeader((length) => archive.readStart(member, length), name);
  checkLength(header, member.size, name);
  const load = async () => tensorOfNpy(header, (await archive.readWhole(member)).subarray(header.dataStart));
  return { name, dtype: header.dtype, shape: header.shape, cost: member.size, load };
}

/** Reads a lone `.npy` file; its array is called `array`. */
export async function readNpyFile(source: ByteSource): Promise<CheckpointDirectory> {
  const name = 'array';
  const header = await readHeader((length) => source.read(0, Math.min(length, source.size)), name);
  checkLength(header, source.size, name);
  const load = async () => tensorOfNpy(header, await source.read(header.dataStart, source.size - header.dataStart));
  return directoryOf([{ name, dtype: header.dtype, shape: header.shape, cost: source.size, load }], source.size);
}

function directoryOf(tensors: readonly StoredTensor[], contentBytes: number): CheckpointDirectory {
  return { format: 'npz', tensors, contentBytes, metadata: {}, stateDictAt: '', strippedPrefix: '', ...singleSet(tensors.length) };
}

async function readHeader(readStart: (length: number) => Promise<Uint8Array>, name: string): Promise<NpyHeader> {
  let start = await readStart(NPY_FIRST_READ);
  const length = npyHeaderLength(start);
  if (length > LONGEST_HEADER) refuse(`holds array ${quoted(name)} with a header of ${length} bytes, which no plain array has`);
  if (length > start.length) start = await readStart(length);
  if (length > start.length) refuse(`is damaged: the header of array ${quoted(name)} is cut off`);
  return parseNpyHeader(start, name);
}

function checkLength(header: NpyHeader, size: number, name: string): void {
  const expected = header.dataStart + byteLengthOf(header.dtype, header.shape);
  if (size !== expected) refuse(`is damaged: array ${quoted(name)} should take ${expected} bytes and takes ${size}`);
}
