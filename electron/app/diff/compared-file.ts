// An opened file as it is compared: under official names, each tensor read when its turn comes; in another form where the other file
// is in it. Invariant: nothing is read twice but what two official tensors are made of.
import type { CheckpointFile } from '@shared/checkpoint/checkpoint-file';
import { mergeNetworkAsync, type MergeOptions } from '@shared/merge/merge-network';
import { canonicalInfos } from '@shared/model/canonical/canonical';
import { mergedSpec } from '@shared/model/merged-spec';
import { parametersOf } from '@shared/model/parameters';
import type { Understanding } from '@shared/model/recognise/understand';
import type { NetworkSpec } from '@shared/model/spec';
import type { ComparedFile } from '@shared/proof/diff/compare-weights';
import { tensorInfos, type NamedTensors, type Tensor, type TensorInfo } from '@shared/tensor/tensor';

/** A file, or weights in memory, with what was understood of it. */
export interface DiffInput {
  readonly understood: Understanding;
  readonly moduleSettings: CheckpointFile['moduleSettings'];
  /** Reads a tensor by the file's own name. */
  readonly read: (name: string) => Promise<Tensor>;
}

export function inputOfFile(file: CheckpointFile, understood: Understanding): DiffInput {
  return { understood, moduleSettings: file.moduleSettings, read: (name) => file.read(name) };
}

/** The file under official names. */
export function comparedFile({ understood, read }: DiffInput): ComparedFile {
  const { canonical, spec, fileName } = understood;
  return {
    fileName,
    spec,
    infos: canonicalInfos(canonical),
    read: async (name) => {
      const found = canonical.tensors.get(name);
      if (found === undefined) throw new Error(`${fileName} has no tensor ${name}`);
      const sources = new Map<string, Tensor>();
      for (const source of found.sources) sources.set(source, await read(source));
      return found.make((source) => sources.get(source) as Tensor);
    },
  };
}

/** Every tensor of a file. */
export async function allTensors({ infos, read }: ComparedFile): Promise<NamedTensors> {
  const tensors = new Map<string, Tensor>();
  for (const { name } of infos) tensors.set(name, await read(name));
  return tensors;
}

/** A train-form file merged here, as far as the other file is, whose tensors are `other`. */
export async function mergedLike(
  file: ComparedFile & { readonly spec: NetworkSpec },
  weights: NamedTensors,
  other: readonly TensorInfo[],
  onProgress?: MergeOptions['onProgress'],
): Promise<ComparedFile> {
  const names = new Set(other.map(({ name }) => name));
  const fuseAllConvBn = parametersOf(mergedSpec(file.spec, { fuseAllConvBn: true })).every(
    ({ name, role }) => role === 'counter' || names.has(name),
  );
  const merged = await mergeNetworkAsync(file.spec, weights, { fuseAllConvBn, onProgress });
  return {
    fileName: file.fileName,
    spec: merged.spec,
    infos: tensorInfos(merged.weights),
    read: (name) => Promise.resolve(merged.weights.get(name) as Tensor),
  };
}
