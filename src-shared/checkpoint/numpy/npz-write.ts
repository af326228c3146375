// Writes npz: a zip of stored arrays in npy format version 1, in state-dict order.
import type { DType } from '../../tensor/tensor';
import { UserError } from '../../base/user-error';
import { type ByteSink, produce, type TensorEntry } from '../entries';
import { bytesOfTensor } from '../tensor-bytes';
import { ZipWriter } from '../zip/writer';

const HEADER_MULTIPLE = 64;

const DESCR: Readonly<Record<Exclude<DType, 'bfloat16'>, string>> = {
  float64: '<f8',
  float32: '<f4',
  float16: '<f2',
  int64: '<i8',
  int32: '<i4',
  int16: '<i2',
  int8: '|i1',
  uint8: '|u1',
  bool: '|b1',
};

/** Writes the entries. Throws UserError for bfloat16, which NumPy does not have. */
export async function writeNpz(entries: readonly TensorEntry[], sink: ByteSink): Promise<void> {
  const headers = entries.map(npyHeader);
  const zip = new ZipWriter(sink);
  for (const [index, entry] of entries.entries()) await zip.add(`${entry.name}.npy`, headers[index], bytesOfTensor(await produce(entry)));
  await zip.finish();
}

function npyHeader({ name, dtype, shape }: TensorEntry): Uint8Array {
  if (dtype === 'bfloat16') throw new UserError(`npz has no bfloat16 (tensor ${name}): write float32 or float16, or another format`);
  const sizes = shape.length === 1 ? `${shape[0]},` : shape.join(', ');
  const text = `{'descr': '${DESCR[dtype]}', 'fortran_order': False, 'shape': (${sizes}), }`;
  const length = Math.ceil((10 + text.length + 1) / HEADER_MULTIPLE) * HEADER_MULTIPLE;
  const header = new Uint8Array(length).fill(0x20);
  header.set([0x93, ...Array.from('NUMPY', (character) => character.charCodeAt(0)), 1, 0, (length - 10) & 0xff, (length - 10) >>> 8]);
  header.set(new TextEncoder().encode(text), 10);
  header[length - 1] = 0x0a;
  return header;
}
