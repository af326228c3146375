// Writes PyTorch's zip format: data.pkl, byteorder, one storage per tensor, version, in the order and
// with the alignment of PyTorch's own files.
import { type ByteSink, produce, type TensorEntry } from '../entries';
import { bytesOfTensor } from '../tensor-bytes';
import { ZipWriter } from '../zip/writer';
import { pickleStateDict } from './pickle-writer';

const ROOT = 'archive';
/** File format version of PyTorch 1.6 and later. */
const FORMAT_VERSION = '3\n';

/** Writes the entries as a state dict in PyTorch's zip format. */
export async function writeTorch(entries: readonly TensorEntry[], sink: ByteSink): Promise<void> {
  const zip = new ZipWriter(sink);
  const text = (content: string) => new TextEncoder().encode(content);
  await zip.add(`${ROOT}/data.pkl`, pickleStateDict(entries));
  await zip.add(`${ROOT}/byteorder`, text('little'));
  for (const [index, entry] of entries.entries()) await zip.add(`${ROOT}/data/${index}`, bytesOfTensor(await produce(entry)));
  await zip.add(`${ROOT}/version`, text(FORMAT_VERSION));
  await zip.finish();
}
