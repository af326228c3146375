// What is to be written: tensors by name, produced one at a time, so that writing never holds a second
// copy of a network.
import { isFloating, toFloatType } from '../tensor/convert';
import type { NamedTensors, Tensor, TensorInfo } from '../tensor/tensor';
import type { CheckpointFile } from './checkpoint-file';

/** Floating types a checkpoint can be written in. */
export type FloatType = 'float64' | 'float32' | 'float16' | 'bfloat16';

/** A tensor to be written: known by name, type and shape, made when its turn comes. */
export interface TensorEntry extends TensorInfo {
  load(): Promise<Tensor> | Tensor;
}

/** Takes the bytes of a file being written, in order. */
export interface ByteSink {
  write(bytes: Uint8Array): Promise<void>;
  /** The host's own CRC-32, if it has a faster one than plain TypeScript. */
  readonly crc32?: (bytes: Uint8Array, previous?: number) => number;
}

/** How a checkpoint is written. */
export interface WriteOptions {
  /** Type of all floating tensors (rounded to nearest, ties to even); counters and flags keep theirs. Default: as they are. */
  readonly dtype?: FloatType;
  /** Facts about the weights; kept by safetensors, which alone has a place for them. */
  readonly metadata?: Readonly<Record<string, string>>;
}

/** The tensors of a state dict, in its order. */
export function entriesOfTensors(tensors: NamedTensors): TensorEntry[] {
  return Array.from(tensors, ([name, tensor]) => ({ name, dtype: tensor.dtype, shape: tensor.shape, load: () => tensor }));
}

/** The tensors of an opened checkpoint, each read when its turn comes. */
export function entriesOfFile(file: CheckpointFile): TensorEntry[] {
  return file.tensors.map((info) => ({ ...info, load: () => file.read(info.name) }));
}

/** The entries with floating tensors in `dtype`. */
export function inFloatType(entries: readonly TensorEntry[], dtype: FloatType): TensorEntry[] {
  return entries.map((entry) => {
    if (!isFloating(entry.dtype) || entry.dtype === dtype) return entry;
    return { ...entry, dtype, load: async () => toFloatType(await entry.load(), dtype) };
  });
}

/** Makes an entry's tensor. Throws TypeError if it is not what the entry announced: the directory is written by then. */
export async function produce(entry: TensorEntry): Promise<Tensor> {
  const tensor = await entry.load();
  if (tensor.dtype !== entry.dtype || tensor.shape.join() !== entry.shape.join())
    throw new TypeError(
      `${entry.name} was announced as ${entry.dtype} [${entry.shape.join()}] and came as ${tensor.dtype} [${tensor.shape.join()}]`,
    );
  return tensor;
}
