// Opens a checkpoint: its format is told from its bytes, never from its name.
import type { NamedTensors, Tensor } from '../tensor/tensor';
import type { ByteSource } from './byte-source';
import type { CheckpointDirectory, CheckpointFile, FoundDirectory, ReadProgress, StoredTensor } from './checkpoint-file';
import { foreignArchive, foreignFormat, foreignJson } from './foreign-formats';
import { NPY_MAGIC } from './numpy/npy';
import { readNpyFile, readNpz } from './numpy/npz';
import { readOnnx } from './onnx/onnx-file';
import { protobufModel } from './protobuf-model';
import { naming, quoted, refuse } from './refuse';
import { readSafetensors } from './safetensors/safetensors';
import { type Choice, settle } from './weight-sets/choose-weight-set';
import { byteLengthOf, latin1Text, uint64At, utf8Text, viewOf } from './tensor-bytes';
import { readTorchLegacy } from './torch/legacy-format';
import { findTorchPickle, readTorchZip } from './torch/zip-format';
import { ZipArchive } from './zip/archive';

const SNIFFED = 512;
/** Indexes and configurations are small; longer texts are not looked into. */
const LONGEST_JSON = 2 ** 24;
/** Tensors read at a time: the disk works while checksums are computed. */
const READ_AHEAD = 4;
/** Views may show a storage several times (tied weights, expanded scalars), but not without bound. */
const EXPANSION = 8;
const ALWAYS_ALLOWED = 2 ** 20;

/**
 * Opens a checkpoint: reads its directory, no values. `fileName` is for messages alone, `choice` says which of
 * several sets of weights is wanted. Throws UserError saying what is wrong with the file, or which sets it has.
 * The caller closes the file, which closes `source`.
 */
export async function openCheckpoint(source: ByteSource, fileName: string, choice: Choice = {}): Promise<CheckpointFile> {
  return naming(fileName, async () => {
    const directory = settle(await readDirectory(source), choice);
    checkExpansion(directory);
    return new OpenedCheckpoint(source, fileName, directory);
  });
}

async function readDirectory(source: ByteSource): Promise<FoundDirectory> {
  if (source.size === 0) refuse('is empty (0 bytes); download or copy it again');
  const start = await source.read(0, Math.min(source.size, SNIFFED));
  const text = latin1Text(start);
  if (text.startsWith('PK\x03\x04') || text.startsWith('PK\x05\x06')) return readArchive(source);
  if (text.startsWith(NPY_MAGIC)) return readNpyFile(source);
  // The length of a safetensors header may begin like a pickle: 0x80 and a small number.
  if (text[8] === '{' && uint64At(viewOf(start), 0) < 2 ** 32 && start[0] === 0x80) return readSafetensors(source);
  if (start[0] === 0x80 && start.length > 1 && start[1] <= 5) return readTorchLegacy(source);
  if (text[8] === '{' && uint64At(viewOf(start), 0) > 1) return readSafetensors(source);
  if (protobufModel(text) === 'onnx') return readOnnx(source);
  const json = text.trimStart().startsWith('{') && source.size <= LONGEST_JSON ? utf8Text(await source.read(0, source.size)) : undefined;
  return refuse((json === undefined ? null : foreignJson(json)) ?? foreignFormat(text));
}

async function readArchive(source: ByteSource): Promise<FoundDirectory> {
  const archive = await ZipArchive.open(source);
  const pickle = findTorchPickle(archive);
  if (pickle) return readTorchZip(archive, pickle);
  if (archive.members.size === 0) refuse('is an empty archive: it holds no tensors');
  const foreign = foreignArchive([...archive.members.keys()]);
  return foreign === null ? readNpz(archive) : refuse(foreign);
}

function checkExpansion({ tensors, contentBytes }: CheckpointDirectory): void {
  const total = tensors.reduce((sum, { cost }) => sum + cost, 0);
  if (total > Math.max(ALWAYS_ALLOWED, EXPANSION * contentBytes))
    refuse(`unfolds to ${total} bytes of tensors from ${contentBytes} bytes of content; such a file is not read`);
}

class OpenedCheckpoint implements CheckpointFile {
  readonly bytes: number;
  readonly format;
  readonly metadata;
  readonly stateDictAt;
  readonly strippedPrefix;
  readonly setAside;
  readonly weightSets;
  readonly moduleSettings;
  readonly tensors;
  readonly model;
  readonly #stored: ReadonlyMap<string, StoredTensor>;

  constructor(
    private readonly source: ByteSource,
    readonly fileName: string,
    directory: CheckpointDirectory,
  ) {
    this.bytes = source.size;
    this.format = directory.format;
    this.metadata = directory.metadata;
    this.stateDictAt = directory.stateDictAt;
    this.strippedPrefix = directory.strippedPrefix;
    this.setAside = directory.setAside;
    this.weightSets = directory.weightSets;
    this.moduleSettings = directory.moduleSettings;
    this.model = directory.model;
    this.tensors = directory.tensors.map(({ name, dtype, shape }) => ({ name, dtype, shape }));
    this.#stored = new Map(directory.tensors.map((tensor) => [tensor.name, tensor]));
  }

  read(name: string): Promise<Tensor> {
    return naming(this.fileName, () => (this.#stored.get(name) ?? refuse(`has no tensor named ${quoted(name)}`)).load());
  }

  async readAll(onProgress?: ReadProgress): Promise<NamedTensors> {
    const tensors = new Map<string, Tensor>();
    const total = this.tensors.reduce((sum, { dtype, shape }) => sum + byteLengthOf(dtype, shape), 0);
    const ahead: Promise<Tensor>[] = [];
    let done = 0;
    for (const [index, { name, dtype, shape }] of this.tensors.entries()) {
      while (ahead.length < READ_AHEAD && index + ahead.length < this.tensors.length) ahead.push(this.startReading(index + ahead.length));
      tensors.set(name, await (ahead.shift() as Promise<Tensor>));
      done += byteLengthOf(dtype, shape);
      onProgress?.(done, total);
    }
    return tensors;
  }

  /** A read whose failure may be noticed late, or never if an earlier one fails too. */
  private startReading(index: number): Promise<Tensor> {
    const reading = this.read(this.tensors[index].name);
    reading.catch(() => undefined);
    return reading;
  }

  close(): Promise<void> {
    return this.source.close();
  }
}
