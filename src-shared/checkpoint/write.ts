// Writes a checkpoint in any of the three formats, one tensor in memory at a time.
import { assertNever } from '../assert-never';
import { UserError } from '../user-error';
import type { CheckpointFormat } from './checkpoint-file';
import { type ByteSink, inFloatType, type TensorEntry, type WriteOptions } from './entries';
import { writeNpz } from './npz-write';
import { writeSafetensors } from './safetensors-write';
import { writeTorch } from './torch/write';

/**
 * Writes `entries` to `sink`. Throws UserError for what the format cannot hold, before anything is
 * written. The sink is not closed.
 */
export async function writeCheckpoint(
  format: CheckpointFormat,
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
export function formatOfName(fileName: string): CheckpointFormat {
  const ending = /\.([^.]+)$/.exec(fileName)?.[1].toLowerCase();
  if (ending === 'pth' || ending === 'pt') return 'pth';
  if (ending === 'safetensors' || ending === 'npz') return ending;
  throw new UserError(`${fileName}: checkpoints are written as .pth, .safetensors or .npz; the ending decides which`);
}
