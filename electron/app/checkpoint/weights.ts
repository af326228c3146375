// The weights that windows refer to: opened files, runs' checkpoints, the bundled one, and networks that
// were merged here. Values are read when first needed; the last few networks read stay in memory.
import { randomUUID } from 'node:crypto';
import { basename, resolve } from 'node:path';
import { LRUCache } from 'lru-cache';
import type { CheckpointFile } from '@shared/checkpoint/checkpoint-file';
import type { FamiliesInFile, FamilyChoice, InputSizeOrigin, OpenedCheckpoint, WeightsReference } from '@shared/link/studio';
import { assertNever } from '@shared/base/assert-never';
import type { WeightedNetwork } from '@shared/merge/merge-network';
import { isSizeOpen, withSizeOf, type InputSize } from '@shared/model/input-size';
import { everyEps } from '@shared/model/recognise/modules';
import { NO_CHOICE, type Choices } from '@shared/model/recognise/partition-readings';
import { trainBlocksOf, type Understanding } from '@shared/model/recognise/understand';
import type { NetworkSpec } from '@shared/model/spec';
import { leavesOf } from '@shared/model/walk';
import { UserError } from '@shared/base/user-error';
import { bundledCheckpoint } from '../../files/assets';
import { describedNetwork, nearestOf, understandFile } from '../../files/checkpoint-network';
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
import { familiesInFile, NO_FAMILY_CHOICE } from '../merge/families-in-file';
import { bundledName, openNamedWeights } from './weights-file';

/** Networks kept in memory: read ones and merged ones each. */
const KEPT = 3;

interface OpenedFile {
  /** Of the file or run folder, or `bundled:NAME`. */
  readonly path: string;
  readonly file: CheckpointFile;
  /** What the user said of it: partitions and eps that its shapes do not tell. */
  readonly choices: Choices;
  /** Of its network's inputs, where the user chose another than the network is described for. */
  readonly size: InputSize | null;
  /** Groups that merge recipes know in it, and what the user said of them. */
  readonly families: FamiliesInFile;
}

/** Finds weights by reference. */
export class WeightsLibrary {
  private readonly files = new Map<string, OpenedFile>();
  private readonly merged = new LRUCache<string, LoadedWeights>({ max: KEPT });
  private readonly kept = new LRUCache<string, Promise<LoadedWeights>>({ max: KEPT });

  constructor(private readonly runs: RunFolders) {}

  /** Opens the checkpoint at a path, `bundled:NAME`, or the last one of a run folder. Rejects with UserError saying what is wrong with the file. */
  async open(text: string): Promise<OpenedCheckpoint> {
    const file = await openNamedWeights(text);
    const families = await familiesInFile(file, NO_CHOICE);
    const opened = { path: bundledName(text) === null ? resolve(text) : text, file, choices: NO_CHOICE, size: null, families };
    const id = randomUUID();
    this.files.set(id, opened);
    return describe(id, opened);
  }

  /** What is open, in the order of opening. */
  opened(): OpenedCheckpoint[] {
    return [...this.files].map(([id, opened]) => describe(id, opened));
  }

  /** Opens another set of weights of an opened file, as a file of its own. Rejects with UserError if it holds none of that name. */
  async openSet(id: string, set: string): Promise<OpenedCheckpoint> {
    const own = this.openedFile(id);
    const file = await openNamedWeights(own.path, { weights: set });
    const opened = { ...own, file, families: await familiesInFile(file, own.choices, own.families.said) };
    const ownId = randomUUID();
    this.files.set(ownId, opened);
    return describe(ownId, opened);
  }

  /** Takes what the user says of an opened file; everything read from it afterwards is read so. Throws UserError where it contradicts the file. */
  settle(id: string, choices: Choices): OpenedCheckpoint {
    const opened = { ...this.openedFile(id), choices };
    const described = describe(id, opened);
    this.files.set(id, opened);
    this.kept.delete(`file:${id}`);
    return described;
  }

  /** Takes what the user says of the groups in an opened file. Rejects with UserError for a recipe that does not exist or a setting that is no number. */
  async sayFamily(id: string, said: FamilyChoice): Promise<OpenedCheckpoint> {
    const own = this.openedFile(id);
    const opened = { ...own, families: await familiesInFile(own.file, own.choices, said) };
    this.files.set(id, opened);
    return describe(id, opened);
  }

  /** What the user said of the groups in weights. */
  familyChoice(reference: WeightsReference): FamilyChoice {
    return (reference.kind === 'file' ? this.files.get(reference.id)?.families.said : undefined) ?? NO_FAMILY_CHOICE;
  }

  /** Keeps weights merged here; their reference is that of an opened file. */
  addMerged(loaded: LoadedWeights): WeightsReference {
    const id = randomUUID();
    this.merged.set(id, loaded);
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

  /** Weights that were merged here and lie in no file; undefined for all others. */
  mergedHere(reference: WeightsReference): LoadedWeights | undefined {
    return reference.kind === 'file' ? this.merged.get(reference.id) : undefined;
  }

  /** As `load`, of an unknown network with known blocks inside too. */
  async loadAny(reference: WeightsReference): Promise<LoadedWeights> {
    const merged = this.mergedHere(reference);
    if (merged) return merged;
    const key = keyOf(reference);
    const loaded = this.kept.get(key) ?? this.read(reference);
    this.keep(key, loaded);
    return this.sized(reference, await loaded);
  }

  /** Takes the network of an opened file for inputs of another size; null goes back to its own. Throws UserError where it cannot take them. */
  resize(id: string, size: InputSize | null): OpenedCheckpoint {
    const opened = { ...this.openedFile(id), size };
    const described = describe(id, opened);
    this.files.set(id, opened);
    return described;
  }

  /** Whether nothing but a default says how large the inputs of a network are. */
  async assumesSize(reference: WeightsReference): Promise<boolean> {
    if (this.mergedHere(reference)) return false;
    const { file, choices, done } = await this.fileOf(reference);
    const size = reference.kind === 'file' ? (this.files.get(reference.id)?.size ?? null) : null;
    const { spec } = understandFile(file, choices);
    return done().then(() => spec !== null && sizeOrigin(file, spec, size) === 'assumed');
  }

  private openedFile(id: string): OpenedFile {
    const opened = this.files.get(id);
    if (opened === undefined) throw new UserError('this file is no longer open; open it again');
    return opened;
  }

  private sized(reference: WeightsReference, loaded: LoadedWeights): LoadedWeights {
    const size = reference.kind === 'file' ? this.files.get(reference.id)?.size : null;
    if (!size || !loaded.spec) return loaded;
    const spec = withSizeOf(loaded.spec, size);
    return { ...loaded, spec, read: { ...loaded.read, understood: { ...loaded.read.understood, spec } } };
  }

  /** Paths of the blocks, from the file's directory alone. */
  async blocksOf(reference: WeightsReference): Promise<string[]> {
    const merged = this.mergedHere(reference);
    if (merged) return blockPaths(merged.spec, merged.inside);
    const { file, choices, done } = await this.fileOf(reference);
    const understood = understandFile(file, choices);
    return done().then(() => blockPaths(understood.spec, blocksInside(understood)));
  }

  /** Runs `write` on what a file with these weights is written from. */
  async writing<T>(reference: WeightsReference, write: (from: Writable) => Promise<T>): Promise<T> {
    const merged = this.mergedHere(reference);
    if (merged) return write(writableWeights(merged));
    const { file, choices, done } = await this.fileOf(reference);
    const size = reference.kind === 'file' ? (this.files.get(reference.id)?.size ?? null) : null;
    return write(writableFile(file, choices, size)).finally(done);
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
  async fileOf(reference: WeightsReference): Promise<{ file: CheckpointFile; choices: Choices; done: () => Promise<void> }> {
    if (reference.kind === 'file') {
      const opened = this.files.get(reference.id);
      if (opened === undefined) throw new UserError('this file is no longer open; open it again');
      return { file: opened.file, choices: opened.choices, done: () => Promise.resolve() };
    }
    const file = await openCheckpointFile((await this.pathOf(reference)) as string);
    return { file, choices: NO_CHOICE, done: () => file.close() };
  }

  private keep(key: string, network: Promise<LoadedWeights>): void {
    this.kept.set(key, network);
    network.catch(() => this.kept.delete(key));
  }

  private async read(reference: WeightsReference): Promise<LoadedWeights> {
    const { file, choices, done } = await this.fileOf(reference);
    return readWeights(file, done, choices);
  }
}

/** What a window is told about an opened checkpoint. */
function describe(id: string, opened: OpenedFile): OpenedCheckpoint {
  const { path, file, choices, size, families } = opened;
  const told = {
    id,
    path,
    choices,
    families,
    fileName: basename(file.fileName),
    format: file.format,
    bytes: file.bytes,
    weightSets: file.weightSets,
    setAside: file.setAside,
    tensors: file.tensors.map(({ name, dtype, shape }) => ({ name, dtype, shape })),
  };
  try {
    const understood = understandFile(file, choices);
    const { recognition, said, questions, blocks } = understood;
    const spec = understood.spec && size ? withSizeOf(understood.spec, size) : understood.spec;
    const problems = blocks.flatMap(({ block, problem }) => (problem === null || block.form === 'merged' ? [] : [problem]));
    return {
      ...told,
      inside: blocksInside(understood).map(({ name }) => name),
      recognised:
        spec === null
          ? null
          : { model: recognition.recognised?.model ?? spec.name, form: spec.form, spec, inputSize: sizeOrigin(file, spec, size) },
      // What a network of blocks of other families resembles says nothing about it.
      notes: spec === null && families.groups.length === 0 ? [nearestOf(understood), ...said] : said,
      questions: problems.length > 0 ? [] : [...questions.map((one) => ({ ...one, assumed: null })), ...assumedPartitions(understood)],
      eps: epsOfFile(understood),
    };
  } catch (error) {
    // A file that contradicts itself is looked at all the same; what the user chose for it is refused where it cannot be.
    if (!(error instanceof UserError) || choices !== NO_CHOICE || size !== null) throw error;
    return { ...told, inside: [], recognised: null, notes: [error.message], questions: [], eps: [] };
  }
}

/** Partitions that were assumed and may be said otherwise, the assumed one first. */
function assumedPartitions({ spec, blocks, others }: Understanding): OpenedCheckpoint['questions'] {
  const all = spec === null ? blocks.map(({ block }) => block) : trainBlocksOf(spec).map(({ path, block }) => ({ ...block, name: path }));
  return all.flatMap(({ name, h, w }) => {
    const rest = others.get(name);
    if (rest === undefined) return [];
    return [{ block: name, assumed: [h, w] as const, partitions: [[h, w] as const, ...rest.map((other) => [other.h, other.w] as const)] }];
  });
}

/** eps of the batch norms that a file has, each once. */
function epsOfFile({ spec, blocks }: Understanding): number[] {
  const layers = spec === null ? blocks.map(({ block }) => block) : leavesOf(spec).map(({ layer }) => layer);
  return everyEps(layers);
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
