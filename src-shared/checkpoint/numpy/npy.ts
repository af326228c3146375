// NumPy's array format: magic, version, a Python literal that gives type, order and shape, then the
// values.
import { elementCount } from '../../tensor/tensor';
import { numpyType, type ArrayLayout } from './numpy-type';
import { quoted, refuse } from '../refuse';
import { latin1Text, viewOf } from '../tensor-bytes';

/** What an npy header says. */
export interface NpyHeader {
  /** NumPy's code of the element type, `''` for records of several fields. */
  readonly code: string;
  readonly shape: readonly number[];
  /** How the values lie; null where they are of a type this program does not hold. */
  readonly layout: ArrayLayout | null;
  /** Where the values begin. */
  readonly dataStart: number;
}

export const NPY_MAGIC = '\x93NUMPY';
/** Enough for every header NumPy writes for plain arrays; longer ones are read again at full length. */
export const NPY_FIRST_READ = 512;

/** Length of the whole header (magic to the first value) of an npy file, from its first 12 bytes. */
export function npyHeaderLength(start: Uint8Array): number {
  if (start.length < 12 || latin1Text(start.subarray(0, 6)) !== NPY_MAGIC) refuse('is damaged: an array in it is not in npy format');
  const major = start[6];
  if (major < 1 || major > 3) refuse(`holds an array in npy version ${major}; 1 to 3 are read`);
  return major === 1 ? 10 + viewOf(start).getUint16(8, true) : 12 + viewOf(start).getUint32(8, true);
}

/** Parses a complete header. Throws UserError for what is none. */
export function parseNpyHeader(bytes: Uint8Array, name: string): NpyHeader {
  const dataStart = npyHeaderLength(bytes);
  const text = latin1Text(bytes.subarray(bytes[6] === 1 ? 10 : 12, dataStart));
  const code = /'descr'\s*:\s*'([^']{1,16})'/.exec(text)?.[1] ?? '';
  const order = /'fortran_order'\s*:\s*(True|False)/.exec(text)?.[1];
  const sizes = /'shape'\s*:\s*\(([\d\s,L]*)\)/.exec(text)?.[1];
  if (order === undefined || sizes === undefined) return refuse(`is damaged: array ${quoted(name)} has no proper header`);
  const shape = sizes
    .split(',')
    .map((size) => size.trim().replace(/L$/, ''))
    .filter((size) => size !== '')
    .map(Number);
  if (shape.length > 64 || ![...shape, elementCount(shape)].every(Number.isSafeInteger))
    refuse(`is damaged: array ${quoted(name)} has an impossible shape`);
  const type = numpyType(code);
  return { code, shape, layout: type ? { ...type, shape, fortranOrder: order === 'True' } : null, dataStart };
}
