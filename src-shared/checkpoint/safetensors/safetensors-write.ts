// Writes safetensors. Values are laid out by falling element size, so that each array lies at a
// multiple of its element size, as readers that map the file need; the header keeps state-dict order.
import { BYTES_PER_ELEMENT } from '../../tensor/tensor';
import { UserError } from '../../base/user-error';
import { type ByteSink, produce, type TensorEntry } from '../entries';
import { HEADER_LENGTH_BYTES, SAFETENSORS_TYPES } from './safetensors';
import { byteLengthOf, bytesOfTensor } from '../tensor-bytes';

/** Writes the entries; `metadata` goes into the header (with `format: pt`, which PyTorch's loaders look for). */
export async function writeSafetensors(
  entries: readonly TensorEntry[],
  sink: ByteSink,
  metadata: Readonly<Record<string, string>> = {},
): Promise<void> {
  const layout = [...entries].sort((a, b) => BYTES_PER_ELEMENT[b.dtype] - BYTES_PER_ELEMENT[a.dtype]);
  await sink.write(headerOf(entries, layout, { format: 'pt', ...metadata }));
  for (const entry of layout) await sink.write(bytesOfTensor(await produce(entry)));
}

function headerOf(entries: readonly TensorEntry[], layout: readonly TensorEntry[], metadata: Record<string, string>): Uint8Array {
  const begins = new Map<TensorEntry, number>();
  let end = 0;
  for (const entry of layout) {
    begins.set(entry, end);
    end += byteLengthOf(entry.dtype, entry.shape);
  }
  // Written piece by piece: an object would move names that look like numbers to the front.
  const records = entries.map((entry) => `${JSON.stringify(entry.name)}:${recordOf(entry, begins.get(entry) ?? 0)}`);
  const json = new TextEncoder().encode(`{${[`"__metadata__":${JSON.stringify(metadata)}`, ...records].join(',')}}`);
  const length = Math.ceil(json.length / 8) * 8;
  const header = new Uint8Array(HEADER_LENGTH_BYTES + length).fill(0x20);
  new DataView(header.buffer).setBigUint64(0, BigInt(length), true);
  header.set(json, HEADER_LENGTH_BYTES);
  return header;
}

function recordOf({ name, dtype, shape }: TensorEntry, begin: number): string {
  if (name === '__metadata__') throw new UserError('safetensors cannot hold a tensor named __metadata__: rename it');
  return JSON.stringify({ dtype: SAFETENSORS_TYPES[dtype], shape, data_offsets: [begin, begin + byteLengthOf(dtype, shape)] });
}
