// The weights that windows refer to: opened files, runs' checkpoints, the bundled one, and networks that
// were merged here. Values are read when first needed; the last few networks read stay in memory.
import { randomUUID } from 'node:crypto';
import { basename, resolve } from 'node:path';
import type { CheckpointFile } from '@shared/checkpoint/checkpoint-file';
import type { OpenedCheckpoint, WeightsReference } from '@shared/contract/studio';
import { assertNever } from '@shared/assert-never';
import type { WeightedNetwork } from '@shared/merge/merge-network';
import { recognise } from '@shared/model/recognise/recognise';
import { UserError } from '@shared/user-error';
import { bundledCheckpoint } from './assets';
import { nearestText, networkOf } from './checkpoint-network';
import { openCheckpointFile } from './files';
import type { RunFolders } from './run-folders';
import { checkpointOfRun, isRunFolder } from './runs/read';

/** Networks kept in memory: read ones and merged ones each. */
const KEPT = 3;

interface OpenedFile {
  readonly path: string;
  readonly file: CheckpointFile;
}

/** Finds weights by reference. */
export class WeightsLibrary {
  private readonly files = new Map<string, OpenedFile>();
  private readonly merged = new Map<string, WeightedNetwork>();
  private readonly kept = new Map<string, Promise<WeightedNetwork>>();

  constructor(private readonly runs: RunFolders) {}

  /** Opens a checkpoint. Rejects with UserError saying what is wrong with the file. */
  async open(path: string): Promise<OpenedCheckpoint> {
    const file = await openCheckpointFile(path);
    const id = randomUUID();
    this.files.set(id, { path: resolve(path), file });
    return describe(id, file);
  }

  /** Keeps a network merged here; its reference is that of an opened file. */
  addMerged(network: WeightedNetwork): WeightsReference {
    const id = randomUUID();
    this.merged.set(id, network);
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
    if (reference.kind === 'file' && this.merged.has(reference.id)) return this.merged.get(reference.id) as WeightedNetwork;
    const key = keyOf(reference);
    const known = this.kept.get(key);
    const network = known ?? this.read(reference);
    this.keep(key, network);
    return network;
  }

  /** Network and weights of a checkpoint file, a run folder (its last checkpoint), `bundled:NAME` or the id of an opened file. */
  async loadPath(path: string): Promise<WeightedNetwork> {
    if (this.files.has(path) || this.merged.has(path)) return this.load({ kind: 'file', id: path });
    const bundled = /^bundled:(.+)$/.exec(path)?.[1];
    if (bundled !== undefined) return this.load({ kind: 'bundled', name: bundled });
    const file = await openCheckpointFile((await isRunFolder(path)) ? await checkpointOfRun(path) : path);
    return readNetwork(file, () => file.close());
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

  private keep(key: string, network: Promise<WeightedNetwork>): void {
    this.kept.delete(key);
    this.kept.set(key, network);
    network.catch(() => this.kept.delete(key));
    for (const old of [...this.kept.keys()].slice(0, -KEPT)) this.kept.delete(old);
  }

  private async read(reference: WeightsReference): Promise<WeightedNetwork> {
    const { file, done } = await this.fileOf(reference);
    return readNetwork(file, done);
  }
}

/** Reads everything, then calls `done`. Rejects with UserError if the file holds no known network. */
async function readNetwork(file: CheckpointFile, done: () => Promise<void>): Promise<WeightedNetwork> {
  try {
    const spec = networkOf(file);
    if (spec === null) throw new UserError(`${file.fileName} holds no network that is known here. ${nearestText(file)}`);
    return { spec, weights: await file.readAll() };
  } finally {
    await done();
  }
}

/** What a window is told about an opened checkpoint. */
function describe(id: string, file: CheckpointFile): OpenedCheckpoint {
  const spec = networkOf(file);
  const { recognised } = recognise(file.tensors);
  const notes = spec === null ? [nearestText(file)] : (recognised?.assumed ?? []);
  return {
    id,
    fileName: basename(file.fileName),
    format: file.format,
    bytes: file.bytes,
    tensors: file.tensors.map(({ name, dtype, shape }) => ({ name, dtype, shape })),
    recognised: spec === null ? null : { model: recognised?.model ?? spec.name, form: spec.form, spec },
    notes,
  };
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
