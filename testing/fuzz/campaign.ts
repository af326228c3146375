// A fuzzing campaign: damaged real files and random pickles in turn, from a seed, so that a failing
// input can be made again.
import { deriveSeed, randomFrom, type Seed } from '@shared/tensor/random';
import type { NamedTensors } from '@shared/tensor/tensor';
import { judge, type Outcome, type Truth } from './judge';
import { mutate } from './mutate';
import { inArchive, inLegacyFile, randomPickle, STORAGE_BYTE } from './streams';

/** A real file to damage. */
export interface FuzzFile {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** Its tensors, where the format's checksums protect them. */
  readonly original?: NamedTensors;
}

/** Result of a campaign. */
export interface Tally {
  readonly read: number;
  readonly refused: number;
  /** Longest time one input took, in ms. */
  readonly slowest: number;
  readonly slowestInput: number;
}

/** An input that broke a promise. */
export class FuzzFailure extends Error {
  override readonly name = 'FuzzFailure';

  constructor(
    readonly input: Uint8Array,
    readonly index: number,
    cause: unknown,
  ) {
    super(`input ${index}: ${cause instanceof Error ? (cause.stack ?? cause.message) : String(cause)}`, { cause });
  }
}

/** Runs inputs `from` to `to`. Throws FuzzFailure at the first that breaks a promise. */
export async function fuzz(files: readonly FuzzFile[], base: Seed, from: number, to: number): Promise<Tally> {
  const counts: Record<Outcome, number> = { read: 0, refused: 0 };
  let [slowest, slowestInput] = [0, from];
  for (let index = from; index < to; index++) {
    const { bytes, ...truth } = await inputAt(files, base, index);
    const start = performance.now();
    const outcome = await judge(bytes, truth).catch((error: unknown) => {
      throw new FuzzFailure(bytes, index, error);
    });
    counts[outcome]++;
    const took = performance.now() - start;
    if (took > slowest) [slowest, slowestInput] = [took, index];
  }
  return { ...counts, slowest, slowestInput };
}

/** Input number `index` of the campaign. */
export async function inputAt(files: readonly FuzzFile[], base: Seed, index: number): Promise<Truth & { bytes: Uint8Array }> {
  const random = randomFrom(deriveSeed(base, `input ${index}`));
  if (index % 2 === 0 && files.length > 0) {
    const file = files[random.integer(files.length)];
    return { bytes: mutate(file.bytes, random), original: file.original };
  }
  const pickle = randomPickle(random);
  return { bytes: random.integer(2) === 0 ? await inArchive(pickle) : inLegacyFile(pickle), onlyByte: STORAGE_BYTE };
}
