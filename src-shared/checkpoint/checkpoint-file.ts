// An opened checkpoint: the directory of its tensors is known, their values are read on demand.
import { z } from 'zod';
import { count, type Stored } from '../base/sent';
import type { OnnxModel } from './onnx/messages';
import type { NamedTensors, Tensor, TensorInfo } from '../tensor/tensor';

/** Formats that are read. `npz` covers a single `.npy` array too; of an ONNX model the weights are read. */
export const CHECKPOINT_FORMATS = ['pth', 'safetensors', 'npz', 'onnx'] as const;
export type CheckpointFormat = (typeof CHECKPOINT_FORMATS)[number];

/** One tensor as a format's reader found it. */
export interface StoredTensor extends TensorInfo {
  /** Bytes read and made to load it: a strided window touches more than it shows, an expanded one shows more than it touches. */
  readonly cost: number;
  /** Reads the values. Rejects with UserError if the file is damaged there. */
  load(): Promise<Tensor>;
}

/** What a pickled module says of itself beside its tensors. */
export interface ModuleSettings {
  /** As the pickle names it: `torch.nn.modules.batchnorm.BatchNorm2d`. */
  readonly className: string;
  /** Its plain attributes: `eps`, `momentum`, `kernel_size`, `h`, `training`; numbers, flags, texts and short lists of numbers. */
  readonly values: Readonly<Record<string, number | boolean | string | readonly number[]>>;
}

/** Module path, as tensor names have it (root `''`, else `stages.0.conv.bn`) -> its settings. */
export type SettingsOfModules = ReadonlyMap<string, ModuleSettings>;

export const weightSetSchema = z.object({
  /** Keys that lead to it, joined by dots: `model`, `ema`; `''` at the root. */
  name: z.string(),
  tensors: count,
  /** Whether it is the one that is read. */
  chosen: z.boolean(),
});
/** One set of weights of a file that may hold several. */
export type WeightSet = Stored<z.infer<typeof weightSetSchema>>;

/** A value under a name of the state dict that cannot be read as a tensor. */
export interface UnreadValue {
  readonly name: string;
  /** What it is, in a few words: `U64 scalar`, `a sparse tensor`, `a text`. */
  readonly what: string;
  /** Refuses the file, where this is a weight. */
  readonly refusal: string;
  /** `tensor`: part of a network wherever it lies below a module; `counter`: at most one whole number. */
  readonly kind: 'tensor' | 'counter' | 'other';
}

/** What is known of a set of weights once its tensors were looked at. */
export interface SetContent {
  /** In state-dict order. */
  readonly tensors: readonly StoredTensor[];
  readonly unread: readonly UnreadValue[];
  readonly settings: SettingsOfModules;
}

/** A set of weights as a format's reader found it. */
export interface FoundSet {
  /** Keys that lead to it, joined by dots. */
  readonly name: string;
  /** Names of its tensors. */
  readonly tensorNames: readonly string[];
  /** Looks at its tensors. Throws UserError if one does not fit the file. */
  content(): SetContent;
}

/** What a format's reader finds at opening. */
export interface FoundDirectory {
  readonly format: CheckpointFormat;
  /** Bytes the file holds once its compressed members are expanded. */
  readonly contentBytes: number;
  readonly metadata: Readonly<Record<string, string>>;
  /** Of an ONNX file: the whole model, its graph among it. */
  readonly model?: OnnxModel;
  /** The usual one first; at least one. */
  readonly sets: readonly FoundSet[];
}

/** What is known of an opened file: one set of weights, under the network's own names. */
export interface CheckpointDirectory {
  readonly format: CheckpointFormat;
  /** In state-dict order. */
  readonly tensors: readonly StoredTensor[];
  /** Bytes the file holds once its compressed members are expanded. */
  readonly contentBytes: number;
  /** Plain facts beside the weights: safetensors metadata, a training checkpoint's epoch, its configuration. */
  readonly metadata: Readonly<Record<string, string>>;
  /** Of an ONNX file: the whole model. */
  readonly model?: OnnxModel;
  /** Keys that lead to the state dict, joined by dots: `''`, `model`, `state_dict`. */
  readonly stateDictAt: string;
  /** Prefix taken off every name: `''`, `module.`. */
  readonly strippedPrefix: string;
  /** What lies beside the weights and is not read as one, a phrase each: `n_averaged (int64 [])`. */
  readonly setAside: readonly string[];
  /** Every set of weights in the file; one of them is chosen. */
  readonly weightSets: readonly WeightSet[];
  /** Settings of pickled modules; empty for state dicts and other formats. */
  readonly moduleSettings: SettingsOfModules;
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
  readonly setAside: readonly string[];
  readonly weightSets: readonly WeightSet[];
  readonly moduleSettings: SettingsOfModules;
  /** Of an ONNX file: the model that was decoded to open it. */
  readonly model?: OnnxModel;
  /** Reads one tensor. Rejects with UserError if there is none of that name or the file is damaged. */
  read(name: string): Promise<Tensor>;
  /** Reads everything, in state-dict order. */
  readAll(onProgress?: ReadProgress): Promise<NamedTensors>;
  close(): Promise<void>;
}
