// A v1 block has the size of its map built in, and what shapes leave open of it (partition, how many partitions each way, C
// apart from O) the inputs may tell: of the readings those are left that take them. Invariant: what was said of the
// block, by its file or its user, stays.
import { UserError } from '../../base/user-error';
import { isRepBlock, type NetworkSpec, type RepBlock } from '../spec';
import { leavesOf, sizedFor } from '../walk';
import { withBlocks } from './partitioned';
import { pairsText } from './partition-readings';
import type { Understanding } from './understand';

/** A network that takes the inputs, and what they told; null where they told nothing. */
export interface ForInputs {
  readonly spec: NetworkSpec;
  readonly told: string | null;
}

type Open = Pick<Understanding, 'recognition' | 'others' | 'questions' | 'fileName'>;

/** The network of a recognised file for inputs (N, C, H, W). Throws UserError where several readings that differ take them, and none is assumed. */
export function forInputs(understood: Open, spec: NetworkSpec, shape: readonly number[]): ForInputs {
  const fitting = readingsFor(understood, spec, shape);
  const partitions = new Map(fitting.map(({ block: { h, w } }) => [`${h}x${w}`, [h, w] as const]));
  const isTaken = understood.questions.length === 0 && takes(spec, shape);
  const [first] = fitting;
  if (first === undefined || (isTaken && partitions.size > 1)) return { spec, told: null };
  if (partitions.size > 1)
    throw new UserError(
      `${understood.fileName}: several partitions take inputs of ${shape.slice(1).join('x')}, ${pairsText([...partitions.values()])}: say which (--partition ${[...partitions.keys()][0]})`,
    );
  if (isTaken && understood.others.size === 0) return { spec, told: null };
  return {
    spec: first.spec,
    told: `read for inputs of ${shape.slice(1).join('x')}: ${blockText(first.block)}, as no other reading takes them`,
  };
}

/** The readings of the one v1 block of a network that take the inputs; what its file or its user said of it stays. */
function readingsFor({ recognition, others, questions, fileName }: Open, spec: NetworkSpec, shape: readonly number[]) {
  const [found, ...more] = recognition.blocks;
  const placed = leavesOf(spec).find(({ layer }) => isRepBlock(layer));
  if (found?.block.kind !== 'repmlp' || more.length > 0 || placed === undefined) return [];
  const { path, layer } = placed;
  const isOpen = others.size > 0 || questions.length > 0;
  return found.readings
    .filter(({ h, w }) => isOpen || (h === (layer as RepBlock).h && w === (layer as RepBlock).w))
    .flatMap((block) => {
      const candidate = specWith(spec, path, block, fileName);
      return candidate !== null && takes(candidate, shape) ? [{ block, spec: candidate }] : [];
    });
}

function blockText(block: RepBlock): string {
  const partition = `a partition of ${block.h}x${block.w}`;
  return block.kind === 'repmlp' ? `${partition}, ${block.C} to ${block.O} channels, a map of ${block.H}x${block.W}` : partition;
}

/** The network with another reading of its block; null where the two do not go together. */
function specWith(spec: NetworkSpec, path: string, block: RepBlock, fileName: string): NetworkSpec | null {
  try {
    return withBlocks(spec, new Map([[path, block]]), fileName);
  } catch (error) {
    if (error instanceof UserError) return null;
    throw error;
  }
}

function takes(spec: NetworkSpec, shape: readonly number[]): boolean {
  try {
    sizedFor(spec, shape);
    return true;
  } catch (error) {
    if (error instanceof UserError) return false;
    throw error;
  }
}
