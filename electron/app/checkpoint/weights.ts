// The weights that windows refer to: opened files, runs' checkpoints, the bundled one, and networks that
// were merged here. Values are read when first needed; the last few networks read stay in memory.
import { randomUUID } from 'node:crypto';
import { resolve } from 'node:path';
import { LRUCache } from 'lru-cache';
import type { CheckpointFile } from '@shared/checkpoint/checkpoint-file';
import type { FamilyChoice, NamedText, OpenedCheckpoint, WeightsReference } from '@shared/link/studio';
import { assertNever } from '@shared/base/assert-never';
import type { WeightedNetwork } from '@shared/merge/merge-network';
import { withSizeOf, type InputSize } from '@shared/model/input-size';
import { NO_CHOICE, type Choices } from '@shared/model/recognise/partition-readings';
import { UserError } from '@shared/base/user-error';
import { bundledCheckpoint } from '../../files/assets';
import { understandFile } from '../../files/checkpoint-network';
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
import type { RecipeChoice } from '../merge/recipe-groups';
import { joinAdapter } from './joined-adapter';
import { describe, sizeOrigin, type OpenedFile } from './opened-file';
import { bundledName, openNamedWeights } from './weights-file';

/** Networks kept in memory: read ones and merged ones each. */
const KEPT = 3;

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
    const opened = {
      path: bundledName(text) === null ? resolve(text) : text,
      file,
      choices: NO_CHOICE,
      size: null,
      families,
      joined: null,
    };
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
    const opened = { ...own, file, joined: null, families: await familiesInFile(file, own.choices, own.families.said) };
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
    const opened = { ...own, families: await familiesInFile(own.file, own.choices, said, own.joined?.config) };
    this.files.set(id, opened);
    return describe(id, opened);
  }

  /** Reads an adapter's file beside the tensors of an opened one, in place of the one joined before; null takes that off. Rejects with UserError where the two do not go together. */
  async adapt(id: string, path: string | null, config: NamedText | null): Promise<OpenedCheckpoint> {
    const own = this.openedFile(id);
    const network = own.joined?.network ?? own.file;
    const joined = path === null ? null : await joinAdapter(network, path, config);
    const file = joined?.file ?? network;
    const families = await familiesInFile(file, own.choices, own.families.said, joined?.config);
    const opened = { ...own, file, families, joined };
    const described = describe(id, opened);
    this.files.set(id, opened);
    this.kept.delete(`file:${id}`);
    await own.joined?.file.close();
    return described;
  }

  /** What the user said of the groups in weights. */
  recipeChoice(reference: WeightsReference): RecipeChoice {
    const opened = reference.kind === 'file' ? this.files.get(reference.id) : undefined;
    return { ...(opened?.families.said ?? NO_FAMILY_CHOICE), adapterText: opened?.joined?.config };
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
    const opened = this.files.get(id);
    await opened?.joined?.network.close();
    await opened?.file.close();
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
