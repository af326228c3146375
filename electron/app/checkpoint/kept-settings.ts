// What tensors alone do not say of a network and a file of them may lose: eps of the batch norms and partitions that
// pickled modules, a description or the user told. A safetensors file keeps them in its metadata; of the others it is said.
import type { CheckpointFormat, SettingsOfModules } from '@shared/checkpoint/checkpoint-file';
import { epsOfModules, unusualEps } from '@shared/model/recognise/modules';
import { understand, type Understanding } from '@shared/model/recognise/understand';
import { isRepBlock, joinPath, type LeafSpec, type NetworkSpec, type RepBlock } from '@shared/model/spec';
import { leavesOf } from '@shared/model/walk';
import type { TensorInfo } from '@shared/tensor/tensor';
import { UserError } from '@shared/base/user-error';
import { specMetadata } from '../../files/checkpoint-network';

/** How a file is read: as a whole network, or block by block. */
export type Read = Pick<Understanding, 'spec' | 'blocks' | 'others' | 'questions'> & {
  /** eps of batch norms in blocks where they are not all the same: no description holds them. */
  readonly mixedEps?: readonly number[];
};

/** An understood file as it is read, with what its modules say. */
export function readOf(understood: Understanding, moduleSettings: SettingsOfModules): Read {
  const epsAt = epsOfModules(understood.canonical, moduleSettings);
  const mixed = blocksIn(understood).flatMap(({ path, block }) => {
    const norms = ['fc3_bn', 'avg.bn', ...block.kernels.map((K) => `repconv${K}.bn`)];
    const eps = new Set(norms.flatMap((norm) => epsAt(joinPath(path, norm)) ?? []));
    return eps.size > 1 ? [...eps] : [];
  });
  return { ...understood, mixedEps: [...new Set(mixed)] };
}

/** Metadata that describes the network of a file: none where it is unknown, was assumed in part, or is more than a description holds. */
export function networkMetadata({ spec, others, questions, mixedEps = [] }: Read): Record<string, string> {
  return spec === null || others.size > 0 || questions.length > 0 || mixedEps.length > 0 ? {} : specMetadata(spec);
}

/** What a file of these tensors would be read without, as sentences that say how to tell it again; `read` is how they are read now. */
export function lostSettings(read: Read, tensors: readonly TensorInfo[], format: CheckpointFormat): string[] {
  if (format === 'safetensors' && Object.keys(networkMetadata(read)).length > 0) return [];
  const partitions = partitionsLost(read, understandBare(tensors));
  return [
    ...epsLost(read),
    ...(partitions.length === 0
      ? []
      : [`the file does not hold the partitions of its blocks, ${partitions.join(', ')}: say --partition ${partitions.join(',')} of it`]),
  ];
}

function epsLost(read: Read): string[] {
  const { mixedEps = [] } = read;
  if (mixedEps.length > 0)
    return [`the file does not hold the eps of its batch norms, ${mixedEps.join(' and ')} in one block: merge the original, not this file`];
  const eps = unusualEps(leavesIn(read));
  if (eps.length === 0) return [];
  const again = eps.length > 1 ? '' : `say --eps ${eps[0]} of it, or `;
  return [`the file does not hold the eps of its batch norms, ${eps.join(', ')}: ${again}give it to the network it is loaded into`];
}

/** The tensors without anything that is known beside them; null where they contradict themselves. */
function understandBare(tensors: readonly TensorInfo[]): Understanding | null {
  try {
    return understand({ fileName: 'the file', tensors, moduleSettings: new Map() });
  } catch (error) {
    if (error instanceof UserError) return null;
    throw error;
  }
}

/** `2x8` of every block that would be read with another partition; nothing depends on it where there is no branch larger than 1x1. */
function partitionsLost(read: Read, bare: Understanding | null): string[] {
  if (read.others.size > 0 || read.questions.length > 0) return [];
  const again = new Map(bare === null || bare.questions.length > 0 ? [] : blocksIn(bare).map(({ path, block }) => [path, block]));
  const lost = blocksIn(read).filter(({ path, block: { h, w, kernels, form } }) => {
    const other = again.get(path);
    return form === 'train' && kernels.some((K) => K > 1) && (other?.h !== h || other.w !== w);
  });
  return [...new Set(lost.map(({ block: { h, w } }) => `${h}x${w}`))];
}

function leavesIn({ spec, blocks }: Read): readonly LeafSpec[] {
  return spec === null ? blocks.map(({ block }) => block) : leavesOf(spec).map(({ layer }) => layer);
}

function blocksIn({ spec, blocks }: Pick<Read, 'spec' | 'blocks'>): readonly { readonly path: string; readonly block: RepBlock }[] {
  return spec === null ? blocks.map(({ block }) => ({ path: block.name, block })) : blocksOf(spec);
}

function blocksOf(spec: NetworkSpec): { readonly path: string; readonly block: RepBlock }[] {
  return leavesOf(spec).flatMap(({ layer, path }) => (isRepBlock(layer) ? [{ path, block: layer }] : []));
}
