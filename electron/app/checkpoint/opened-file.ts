// An opened checkpoint as the service keeps it, and what a window is told of it: its directory, the network it holds, the groups of
// families in it, and what its shapes leave open.
import { basename } from 'node:path';
import type { CheckpointFile } from '@shared/checkpoint/checkpoint-file';
import type { FamiliesInFile, InputSizeOrigin, OpenedCheckpoint } from '@shared/link/studio';
import { isSizeOpen, withSizeOf, type InputSize } from '@shared/model/input-size';
import { everyEps } from '@shared/model/recognise/modules';
import { NO_CHOICE, type Choices } from '@shared/model/recognise/partition-readings';
import { trainBlocksOf, type Understanding } from '@shared/model/recognise/understand';
import type { NetworkSpec } from '@shared/model/spec';
import { leavesOf } from '@shared/model/walk';
import { UserError } from '@shared/base/user-error';
import { describedNetwork, nearestOf, understandFile } from '../../files/checkpoint-network';
import type { Joined } from './joined-adapter';
import { blocksInside } from './loaded-weights';

/** An opened file, and what the user said of it. */
export interface OpenedFile {
  /** Of the file or run folder, or `bundled:NAME`. */
  readonly path: string;
  readonly file: CheckpointFile;
  /** What the user said of it: partitions and eps that its shapes do not tell. */
  readonly choices: Choices;
  /** Of its network's inputs, where the user chose another than the network is described for. */
  readonly size: InputSize | null;
  /** Groups that merge recipes know in it, and what the user said of them. */
  readonly families: FamiliesInFile;
  /** An adapter whose tensors `file` holds besides; null where there is none. */
  readonly joined: Joined | null;
}

/** What a window is told about an opened checkpoint. */
export function describe(id: string, opened: OpenedFile): OpenedCheckpoint {
  const { path, file, choices, size, families, joined } = opened;
  const told = {
    id,
    path,
    choices,
    families,
    ...(joined && {
      adapter: { path: joined.path, config: joined.config?.fileName ?? null, ...(joined.given && { given: joined.given }) },
    }),
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

/** Where the size of a network's inputs is from; `chosen` is what the user said of it. */
export function sizeOrigin(file: CheckpointFile, spec: NetworkSpec, chosen: InputSize | null): InputSizeOrigin {
  if (chosen !== null) return 'chosen';
  if (!isSizeOpen(spec)) return 'fixed';
  return describedNetwork(file) === null ? 'assumed' : 'stated';
}
