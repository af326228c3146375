// One idx file: a header (0, 0, type 8 for bytes or 12 for 32-bit whole numbers, rank, big-endian sizes), then the values.
// A gzipped file is unzipped once, to a temporary one, so that it can be read by place.
import { join } from 'node:path';
import { UserError } from '@shared/base/user-error';
import { readPart, sizeOf } from './sources';
import { type TemporaryFile, unzipped } from './temporary-file';

/** What the values are, by the type in the header. */
const VALUE_TYPES = { bytes: { code: 8, bytes: 1 }, int32: { code: 12, bytes: 4 } } as const;

/** What is expected of a file. */
export interface IdxKind {
  readonly rank: number;
  readonly values: keyof typeof VALUE_TYPES;
}

/** A file of values with a shape. */
export interface IdxFile {
  /** The file as it was found, for messages. */
  readonly name: string;
  /** Where its bytes are read. */
  readonly path: string;
  readonly shape: readonly number[];
  /** Where the values begin. */
  readonly start: number;
  readonly temporary: TemporaryFile | null;
}

/** Path of an idx file, gzipped or not, its name as published or with the dot that some unpackers put in; null if there is none. */
export async function idxPath(folder: string, name: string): Promise<string | null> {
  for (const spelled of [name, name.replace('-idx', '.idx')])
    for (const candidate of [join(folder, spelled), join(folder, `${spelled}.gz`)])
      if ((await sizeOf(candidate)) !== null) return candidate;
  return null;
}

/** Opens a file; `temporary` is to be removed after use. Rejects with UserError naming what is missing or wrong. */
export async function openIdxFile(folder: string, fileName: string, kind: IdxKind): Promise<IdxFile> {
  const name = await idxPath(folder, fileName);
  if (name === null) throw new UserError(`${join(folder, fileName)}: is missing (with or without .gz)`);
  const temporary = name.endsWith('.gz') ? await unzipped(name) : null;
  const path = temporary?.path ?? name;
  try {
    return { name, path, temporary, start: headerLength(kind), shape: await shapeIn(path, name, kind) };
  } catch (error) {
    await temporary?.remove();
    throw error;
  }
}

/** Bytes before the values. */
function headerLength({ rank }: IdxKind): number {
  return 4 + 4 * rank;
}

/** The shape a file's header tells. Rejects with UserError where there is no such header, or not as many bytes as it says. */
async function shapeIn(path: string, name: string, kind: IdxKind): Promise<number[]> {
  const { rank, values } = kind;
  const { code, bytes } = VALUE_TYPES[values];
  const start = headerLength(kind);
  const size = (await sizeOf(path)) ?? 0;
  const header = size < start ? null : await readPart(path, 0, start);
  const view = header && new DataView(header.buffer);
  if (view?.getUint32(0) !== code * 256 + rank)
    throw new UserError(`${name}: is not an idx file of ${values} with ${rank} dimension${rank === 1 ? '' : 's'}`);
  const shape = Array.from({ length: rank }, (_, i) => view.getUint32(4 + 4 * i));
  const expected = start + bytes * shape.reduce((product, side) => product * side, 1);
  if (size !== expected)
    throw new UserError(`${name}: has ${size} bytes, its header (${shape.join(' x ')}) needs ${expected}: fetch it again`);
  return shape;
}
