// An opened checkpoint: the directory of its tensors is known, their values are read on demand.
import type { NamedTensors, Tensor, TensorInfo } from '../tensor/tensor';

/** Container formats. `npz` covers a single `.npy` array too. */
export type CheckpointFormat = 'pth' | 'safetensors' | 'npz';

/** One tensor as a format's reader found it. */
export interface StoredTensor extends TensorInfo {
  /** Bytes read and made to load it: a strided window touches more than it shows, an expanded one shows more than it touches. */
  readonly cost: number;
  /** Reads the values. Rejects with UserError if the file is damaged there. */
  load(): Promise<Tensor>;
}

/** What a format's reader finds at opening. */
export interface CheckpointDirectory {
  readonly format: CheckpointFormat;
  /** In state-dict order. */
  readonly tensors: readonly StoredTensor[];
  /** Bytes the file holds once its compressed members are expanded. */
  readonly contentBytes: number;
  /** Plain facts beside the weights: safetensors metadata, a training checkpoint's epoch, its configuration. */
  readonly metadata: Readonly<Record<string, string>>;
  /** Keys that lead to the state dict, joined by dots: `''`, `model`, `state_dict`. */
  readonly stateDictAt: string;
  /** Prefix taken off every name: `''`, `module.`. */
  readonly strippedPrefix: string;
}

/** Progress of reading: bytes of tensor values. */
export type ReadProgress = (done: number, total: number) => void;

/** A checkpoint ready to be read. */
export interface CheckpointFile {
  readonly fileName: string;
  readonly format: CheckpointFormat;
  /** Length of the file in bytes. */
  readonly bytes: number;
  readonly tensors: readonly TensorInfo[];
  readonly metadata: Readonly<Record<string, string>>;
  readonly stateDictAt: string;
  readonly strippedPrefix: string;
  /** Reads one tensor. Rejects with UserError if there is none of that name or the file is damaged. */
  read(name: string): Promise<Tensor>;
  /** Reads everything, in state-dict order. */
  readAll(onProgress?: ReadProgress): Promise<NamedTensors>;
  close(): Promise<void>;
}
