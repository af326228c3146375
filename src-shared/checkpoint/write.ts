// Writes a checkpoint in any of the three formats, one tensor in memory at a time.
import { assertNever } from '../base/assert-never';
import { UserError } from '../base/user-error';
import type { CheckpointFormat } from './checkpoint-file';
import { type ByteSink, inFloatType, type TensorEntry, type WriteOptions, produce } from './entries';
import { writeNpz } from './numpy/npz-write';
import { writeSafetensors } from './safetensors/safetensors-write';
import { bytesOfTensor } from './tensor-bytes';
import { ZipWriter } from './zip/writer';
import { pickleStateDict } from './torch/pickle-writer';

/** Formats of nothing but weights; a network goes into an ONNX model with `export`. */
export type WrittenFormat = Exclude<CheckpointFormat, 'onnx'>;

/** Names that PyTorch's files go by; torch.load asks for none of them. */
export const PYTORCH_ENDINGS = ['.pth', '.pt', '.ckpt', '.bin', '.pth.tar', '.pt.tar'] as const;

/**
 * Writes `entries` to `sink`. Throws UserError for what the format cannot hold, before anything is
 * written. The sink is not closed.
 */
export async function writeCheckpoint(
  format: WrittenFormat,
  entries: readonly TensorEntry[],
  sink: ByteSink,
  options: WriteOptions = {},
): Promise<void> {
  const typed = options.dtype === undefined ? entries : inFloatType(entries, options.dtype);
  switch (format) {
    case 'pth':
      return writeTorch(typed, sink);
    case 'safetensors':
      return writeSafetensors(typed, sink, options.metadata);
    case 'npz':
      return writeNpz(typed, sink);
    default:
      return assertNever(format);
  }
}

/** The format a file name asks for by its ending. Throws UserError for other endings. */
export function formatOfName(fileName: string): WrittenFormat {
  const name = fileName.toLowerCase();
  if (PYTORCH_ENDINGS.some((ending) => name.endsWith(ending))) return 'pth';
  if (name.endsWith('.safetensors')) return 'safetensors';
  if (name.endsWith('.npz')) return 'npz';
  throw new UserError(
    `${fileName}: checkpoints are written as .pth, .safetensors or .npz (.pt, .ckpt, .bin and .pth.tar are written as .pth is); the ending decides which`,
  );
}

const ROOT = 'archive';
/** File format version of PyTorch 1.6 and later. */
const FORMAT_VERSION = '3\n';

/** Writes the entries as a state dict in PyTorch's zip format, in the order and with the alignment of PyTorch's own files. */
async function writeTorch(entries: readonly TensorEntry[], sink: ByteSink): Promise<void> {
  const zip = new ZipWriter(sink);
  const text = (content: string) => new TextEncoder().encode(content);
  await zip.add(`${ROOT}/data.pkl`, pickleStateDict(entries));
  await zip.add(`${ROOT}/byteorder`, text('little'));
  for (const [index, entry] of entries.entries()) await zip.add(`${ROOT}/data/${index}`, bytesOfTensor(await produce(entry)));
  await zip.add(`${ROOT}/version`, text(FORMAT_VERSION));
  await zip.finish();
}
