// The weights that windows refer to: opened files, runs' checkpoints, the bundled one, and networks that
// were merged here. Values are read when first needed; the last few networks read stay in memory.
import { randomUUID } from 'node:crypto';
import { basename, resolve } from 'node:path';
import type { CheckpointFile } from '@shared/checkpoint/checkpoint-file';
import type { InputSizeOrigin, OpenedCheckpoint, WeightsReference } from '@shared/link/studio';
import { assertNever } from '@shared/base/assert-never';
import type { WeightedNetwork } from '@shared/merge/merge-network';
import { isSizeOpen, withSizeOf, type InputSize } from '@shared/model/input-size';
import { recognise } from '@shared/model/recognise/recognise';
import type { NetworkSpec } from '@shared/model/spec';
import { UserError } from '@shared/base/user-error';
import { bundledCheckpoint } from '../../files/assets';
import { describedNetwork, nearestText, networkOf } from '../../files/checkpoint-network';
import { openCheckpointFile } from '../../files';
import {
  blockPaths,
  blocksInside,
  networkIn,
  readWeights,
  writableFile,
  writableWeights,
  type LoadedWeights,
  type Writable,
} from './loaded-weights';
import type { RunFolders } from '../../runs/run-folders';
import { bundledName, openNamedWeights } from './weights-file';

/** Networks kept in memory: read ones and merged ones each. */
const KEPT = 3;

interface OpenedFile {
  /** Of the file or run folder, or `bundled:NAME`. */
  readonly path: string;
  readonly file: CheckpointFile;
  /** Of its network's inputs, where the user chose another than the network is described for. */
  readonly size: InputSize | null;
}

/** Finds weights by reference. */
export class WeightsLibrary {
  private readonly files = new Map<string, OpenedFile>();
  private readonly merged = new Map<string, LoadedWeights>();
  private readonly kept = new Map<string, Promise<LoadedWeights>>();

  constructor(private readonly runs: RunFolders) {}

  /** Opens the checkpoint at a path, `bundled:NAME`, or the last one of a run folder. Rejects with UserError saying what is wrong with the file. */
  async open(text: string): Promise<OpenedCheckpoint> {
    const file = await openNamedWeights(text);
    const opened = { path: bundledName(text) === null ? resolve(text) : text, file, size: null };
    const id = randomUUID();
    this.files.set(id, opened);
    return describe(id, opened);
  }

  /** Opens another set of weights of an opened file, as a file of its own. Rejects with UserError if it holds none of that name. */
  async openSet(id: string, set: string): Promise<OpenedCheckpoint> {
    const opened = this.files.get(id);
    if (opened === undefined) throw new UserError('this file is no longer open; open it again');
    const other = { ...opened, file: await openNamedWeights(opened.path, { weights: set }) };
    const ownId = randomUUID();
    this.files.set(ownId, other);
    return describe(ownId, other);
  }

  /** Keeps weights merged here; their reference is that of an opened file. */
  addMerged(loaded: LoadedWeights): WeightsReference {
    const id = randomUUID();
    this.merged.set(id, loaded);
    for (const old of [...this.merged.keys()].slice(0, -KEPT)) this.merged.delete(old);
    return { kind: 'file', id };
  }

  async close(id: string): Promise<void> {
    this.merged.delete(id);
    this.kept.delete(`file:${id}`);
    await this.files.get(id)?.file.close();
    this.files.delete(id);
  }

  async closeAll(): Promise<void> {
    await Promise.all([...this.files.keys()].map((id) => this.close(id)));
  }

  /** Network and weights of a reference. Rejects with UserError if it is gone or holds no known network. */
  async load(reference: WeightsReference): Promise<WeightedNetwork> {
    return networkIn(await this.loadAny(reference));
  }

  /** As `load`, of an unknown network with known blocks inside too. */
  async loadAny(reference: WeightsReference): Promise<LoadedWeights> {
    const merged = reference.kind === 'file' ? this.merged.get(reference.id) : undefined;
    if (merged) return merged;
    const key = keyOf(reference);
    const loaded = this.kept.get(key) ?? this.read(reference);
    this.keep(key, loaded);
    return this.sized(reference, await loaded);
  }

  /** Takes the network of an opened file for inputs of another size; null goes back to its own. Throws UserError where it cannot take them. */
  resize(id: string, size: InputSize | null): OpenedCheckpoint {
    const opened = this.files.get(id);
    if (opened === undefined) throw new UserError('this file is no longer open; open it again');
    const resized = { ...opened, size };
    const described = describe(id, resized);
    this.files.set(id, resized);
    return described;
  }

  private sized(reference: WeightsReference, loaded: LoadedWeights): LoadedWeights {
    const size = reference.kind === 'file' ? this.files.get(reference.id)?.size : null;
    return size && loaded.spec ? { ...loaded, spec: withSizeOf(loaded.spec, size) } : loaded;
  }

  /** Paths of the blocks, from the file's directory alone. */
  async blocksOf(reference: WeightsReference): Promise<string[]> {
    const merged = reference.kind === 'file' ? this.merged.get(reference.id) : undefined;
    if (merged) return blockPaths(merged.spec, merged.inside);
    const { file, done } = await this.fileOf(reference);
    const spec = networkOf(file);
    return done().then(() => blockPaths(spec, spec === null ? blocksInside(file) : []));
  }

  /** Runs `write` on what a file with these weights is written from. */
  async writing<T>(reference: WeightsReference, write: (from: Writable) => Promise<T>): Promise<T> {
    const merged = reference.kind === 'file' ? this.merged.get(reference.id) : undefined;
    if (merged) return write(writableWeights(merged));
    const { file, done } = await this.fileOf(reference);
    const size = reference.kind === 'file' ? (this.files.get(reference.id)?.size ?? null) : null;
    return write(writableFile(file, size)).finally(done);
  }

  /** The path weights can be read from again by another program; null for those that are only in memory. */
  async pathOf(reference: WeightsReference): Promise<string | null> {
    switch (reference.kind) {
      case 'bundled':
        return bundledCheckpoint(reference.name);
      case 'run':
        return this.runs.checkpoint(reference.run, reference.checkpoint);
      case 'file':
        return this.files.get(reference.id)?.path ?? null;
      default:
        return assertNever(reference);
    }
  }

  /** The opened file of a reference; the caller calls `done` when it has read what it needs. */
  async fileOf(reference: WeightsReference): Promise<{ file: CheckpointFile; done: () => Promise<void> }> {
    if (reference.kind === 'file') {
      const opened = this.files.get(reference.id);
      if (opened === undefined) throw new UserError('this file is no longer open; open it again');
      return { file: opened.file, done: () => Promise.resolve() };
    }
    const file = await openCheckpointFile((await this.pathOf(reference)) as string);
    return { file, done: () => file.close() };
  }

  private keep(key: string, network: Promise<LoadedWeights>): void {
    this.kept.delete(key);
    this.kept.set(key, network);
    network.catch(() => this.kept.delete(key));
    for (const old of [...this.kept.keys()].slice(0, -KEPT)) this.kept.delete(old);
  }

  private async read(reference: WeightsReference): Promise<LoadedWeights> {
    const { file, done } = await this.fileOf(reference);
    return readWeights(file, done);
  }
}

/** What a window is told about an opened checkpoint. */
function describe(id: string, { path, file, size }: OpenedFile): OpenedCheckpoint {
  const own = networkOf(file);
  const spec = own && size ? withSizeOf(own, size) : own;
  const { recognised } = recognise(file.tensors);
  const notes = spec === null ? [nearestText(file)] : (recognised?.assumed ?? []);
  return {
    id,
    path,
    fileName: basename(file.fileName),
    format: file.format,
    bytes: file.bytes,
    weightSets: file.weightSets,
    setAside: file.setAside,
    tensors: file.tensors.map(({ name, dtype, shape }) => ({ name, dtype, shape })),
    inside: spec === null ? blocksInside(file).map(({ name }) => name) : [],
    recognised:
      spec === null ? null : { model: recognised?.model ?? spec.name, form: spec.form, spec, inputSize: sizeOrigin(file, spec, size) },
    notes,
  };
}

function sizeOrigin(file: CheckpointFile, spec: NetworkSpec, chosen: InputSize | null): InputSizeOrigin {
  if (chosen !== null) return 'chosen';
  if (!isSizeOpen(spec)) return 'fixed';
  return describedNetwork(file) === null ? 'assumed' : 'stated';
}

function keyOf(reference: WeightsReference): string {
  switch (reference.kind) {
    case 'file':
      return `file:${reference.id}`;
    case 'run':
      return `run:${reference.run}:${reference.checkpoint}`;
    case 'bundled':
      return `bundled:${reference.name}`;
    default:
      return assertNever(reference);
  }
}
