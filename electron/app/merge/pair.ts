// Two references of a window as a pair to be judged: files as they are on disk, or weights merged here.
import type { FloatType } from '@shared/checkpoint/entries';
import type { WeightsReference } from '@shared/link/studio';
import { isFloating, toFloatType } from '@shared/tensor/convert';
import { NO_CHOICE } from '@shared/model/recognise/partition-readings';
import type { KnownFile } from '@shared/model/recognise/understand';
import { tensorInfos, type NamedTensors } from '@shared/tensor/tensor';
import type { MergedFile } from '@shared/proof/verify-checkpoint';
import type { NetworkSpec } from '@shared/model/spec';
import { describedNetwork } from '../../files/checkpoint-network';
import type { WeightsLibrary } from '../checkpoint/weights';
import { mergedFileOf, type FormPair } from './verify';

export interface AskedPair {
  readonly train: WeightsReference;
  readonly merged: WeightsReference;
  /** Rounds the merged weights to what a file of that type holds. */
  readonly storedAs?: FloatType;
}

/** Reads both sides; `stored` takes the place of the merged side's tensors. Rejects with UserError where one is gone, or the first holds neither a known network nor a block. */
export async function pairOf(weights: WeightsLibrary, { train, merged, storedAs }: AskedPair, stored?: NamedTensors): Promise<FormPair> {
  const loaded = await weights.loadAny(train);
  const side = await mergedSide(weights, merged, stored);
  const assumed = await weights.assumesSize(train);
  return {
    train: loaded.read,
    merged: storedAs === undefined ? side.file : { ...side.file, weights: asStored(side.file.weights, storedAs) },
    readAs: loaded.readAs,
    size: assumed ? (side.stated?.input ?? 'assumed') : null,
  };
}

/** The merged weights, and the network that their file states. */
async function mergedSide(
  weights: WeightsLibrary,
  reference: WeightsReference,
  stored?: NamedTensors,
): Promise<{ readonly file: MergedFile; readonly stated: NetworkSpec | null }> {
  const here = weights.mergedHere(reference);
  if (here)
    return { file: stored === undefined ? here.read : mergedFileOf(knownOf(here.fileName, stored), NO_CHOICE, stored), stated: null };
  const { file, choices, done } = await weights.fileOf(reference);
  try {
    const known = stored === undefined ? file : { ...knownOf(file.fileName, stored), moduleSettings: file.moduleSettings };
    return { file: mergedFileOf(known, choices, stored ?? (await file.readAll())), stated: describedNetwork(file) };
  } finally {
    await done();
  }
}

const knownOf = (fileName: string, stored: NamedTensors): KnownFile => ({
  fileName,
  tensors: tensorInfos(stored),
  moduleSettings: new Map(),
});

/** Merged weights as they are stored: made here, or of a file. */
export async function mergedTensorsOf(weights: WeightsLibrary, reference: WeightsReference): Promise<NamedTensors> {
  const here = weights.mergedHere(reference);
  if (here) return here.read.stored;
  const { file, done } = await weights.fileOf(reference);
  return file.readAll().finally(done);
}

/** The weights as a file of that type holds them. */
export function asStored(weights: NamedTensors, dtype: FloatType): NamedTensors {
  return new Map([...weights].map(([name, tensor]) => [name, isFloating(tensor.dtype) ? toFloatType(tensor, dtype) : tensor]));
}
