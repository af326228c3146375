// The merge of a checkpoint as it was understood: a known network as a whole, or the blocks inside an unknown one.
// Command line and window both merge through here. The result stands twice: under official names, to compute
// with, and as the file would hold it, what was not touched unchanged.
import { asFileHolds, canonicalTensors } from '../model/canonical/canonical';
import { expectDecided, mergeableBlocks, type Understanding } from '../model/recognise/understand';
import type { NetworkSpec } from '../model/spec';
import type { NamedTensors, Tensor } from '../tensor/tensor';
import { UserError } from '../base/user-error';
import { mergeBlocksStepwise } from './blocks-inside';
import { mergeStepwise, type MergeOptions } from './merge-network';
import type { MergeProgress } from './report';

/** A checkpoint whose values were read. */
export interface ReadCheckpoint {
  readonly understood: Understanding;
  /** As the file holds them. */
  readonly stored: NamedTensors;
  /** Under official names. */
  readonly weights: NamedTensors;
}

export interface MergedCheckpoint {
  /** null for an unknown network with merged blocks inside. */
  readonly spec: NetworkSpec | null;
  /** Under official names. */
  readonly weights: NamedTensors;
  /** As a file holds them. */
  readonly stored: NamedTensors;
}

/** A checkpoint from what a file holds. */
export function readCheckpoint(understood: Understanding, stored: NamedTensors): ReadCheckpoint {
  return { understood, stored, weights: canonicalTensors(understood.canonical, stored) };
}

/** Throws UserError where there is nothing to merge, or it cannot be merged as it is: before any value is read. */
export function expectMergeable(understood: Understanding, nearest: () => string): void {
  const { fileName, spec } = understood;
  if (spec?.form === 'merged') throw new UserError(`${fileName} is merged already (${spec.name})`);
  if (spec !== null) return expectDecided(understood);
  if (mergeableBlocks(understood).length === 0)
    throw new UserError(`${fileName} holds no network that is known here; name one with --model or --block. ${nearest()}`);
}

/** The merge layer by layer, or block by block: yields after each one. Throws UserError as `expectMergeable` does. */
export function* mergeCheckpoint(read: ReadCheckpoint, options: MergeOptions): Generator<MergeProgress, MergedCheckpoint> {
  const { understood, stored, weights } = read;
  const { spec, canonical } = understood;
  if (spec !== null) {
    expectDecided(understood);
    const merged = yield* mergeStepwise(spec, weights, options);
    return { spec: merged.spec, weights: merged.weights, stored: asFileHolds(canonical, stored, weights, merged.weights) };
  }
  const blocks = mergeableBlocks(understood);
  const merged = yield* mergeBlocksStepwise(weights, blocks);
  const held = asFileHolds(canonical, stored, weights, merged);
  return { spec: null, weights: merged, stored: withCounters(held, stored, counters(understood)) };
}

/** Counters of tools beside the blocks stay in the file of an unknown network; those inside go with the branches. */
function counters({ canonical, blocks }: Understanding): string[] {
  const prefixes = blocks.filter(({ block }) => block.form === 'train').map(({ prefix }) => prefix);
  return canonical.setAside.filter((name) => !prefixes.some((prefix) => name.startsWith(prefix)));
}

function withCounters(held: NamedTensors, stored: NamedTensors, names: readonly string[]): NamedTensors {
  return new Map([...held, ...names.map((name) => [name, stored.get(name) as Tensor] as const)]);
}
