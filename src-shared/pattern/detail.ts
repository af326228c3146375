// One block, or one group (RepMLPNet: share-set) of it, seen closely: where its rows look and write, what
// kinds of rows there are, and the leading singular vectors of what no convolution can do.
import { z } from 'zod';
import { computed, type Stored } from '../base/sent';
import { largestOf } from '../base/extremes';
import type { FcShape } from '../matrix/geometry';
import type { RepBlock } from '../model/spec';
import { seed, type Seed } from '../tensor/random';
import { UserError } from '../base/user-error';
import { channelPairs, channelPairsSchema } from './channel-pairs';
import { clusterRows } from './clusters';
import { energiesOf } from './energies';
import { positionMaps, positionMapsSchema, type PositionMaps } from './position';
import { invariantKernel, positionSpecificRest } from './projection';
import { groupRows, leadingSingularVectors } from './singular';

export const rowKindSchema = z.object({
  size: computed,
  map: z.array(computed),
  /** A row of the whole matrix that is of this kind. */
  exampleRow: computed,
});
/** Kinds of rows: mean share of energy over the h x w input positions, the largest kind first. */
export type RowKind = Stored<z.infer<typeof rowKindSchema>>;

export const restVectorSchema = z.object({
  /** Share of the energy of the group's rest. */
  energyShare: computed,
  /** Output pattern of the output channel with most energy in it: (h, w). */
  output: z.array(computed),
  /** That output channel, and where its rows begin in the whole matrix. */
  outputChannel: computed,
  /** Input pattern of the input channel with most energy in it: (h, w). */
  input: z.array(computed),
  inputChannel: computed,
});
/** A singular triple of the position-specific rest as maps over the partition. */
export type RestVector = Stored<z.infer<typeof restVectorSchema>>;

export const matrixRestSchema = z.object({
  /** Share of the group's energy that is position-specific. */
  restShare: computed,
  restVectors: z.array(restVectorSchema),
});
/** What a group does that no convolution does. */
export type MatrixRest = Stored<z.infer<typeof matrixRestSchema>>;

export const matrixDetailSchema = matrixRestSchema.extend({
  positions: positionMapsSchema,
  kinds: z.array(rowKindSchema),
  /** Locality of every channel pair of one group, its output channels first. */
  pairs: channelPairsSchema,
});
export type MatrixDetail = Stored<z.infer<typeof matrixDetailSchema>>;

/** Which rows are looked at: group g of 0..groups-1; null is the whole matrix for maps and kinds, and group 0 for channel pairs and vectors. */
export interface GroupChoice {
  readonly group: number | null;
  readonly groups: number;
}

/** How close to look. */
export interface DetailOptions extends GroupChoice {
  /** K of the largest conv branch, 0 without branches. */
  readonly largestKernel: number;
  readonly kinds: number;
  readonly vectors: number;
  readonly seed: Seed;
}

/** Kinds of rows and singular vectors that are shown, and the seed of both searches. */
export const CLOSER = { kinds: 5, vectors: 4, seed: seed(1) } as const;

/** Groups of a block's FC3; share-sets for RepMLPNet. */
export function groupsOf(block: RepBlock): number {
  return block.kind === 'repmlp' ? block.groups : block.shareSets;
}

/** The detail of a matrix (O*h*w, channels*h*w). Throws RangeError where its length does not fit its shape, UserError for a group it does not have. */
export function detailOf(matrix: Float32Array, shape: FcShape, options: DetailOptions): MatrixDetail {
  const { group, groups } = options;
  const single = partOf(matrix, shape, { groups, group: group ?? 0 });
  return {
    positions: groupPositions(matrix, shape, options),
    kinds: rowKinds(matrix, shape, options),
    pairs: channelPairs(single.values, single.shape, options.largestKernel),
    ...restOf(matrix, shape, options),
  };
}

/** Where the rows of a group look and write. */
export function groupPositions(matrix: Float32Array, shape: FcShape, choice: GroupChoice): PositionMaps {
  const part = partOf(matrix, shape, choice);
  return positionMaps(energiesOf(part.values, part.shape));
}

/** The rows of a group sorted into at most `kinds` kinds by where they look. */
export function rowKinds(matrix: Float32Array, shape: FcShape, options: GroupChoice & Pick<DetailOptions, 'kinds' | 'seed'>): RowKind[] {
  const part = partOf(matrix, shape, options);
  const { clusterOfRow, centres, sizes } = clusterRows(part.values, part.shape, options.kinds, options.seed);
  const first = part.firstOutput * shape.h * shape.w;
  return centres.map((centre, kind) => ({
    size: sizes[kind],
    map: [...centre],
    exampleRow: first + Math.max(0, clusterOfRow.indexOf(kind)),
  }));
}

/** The position-specific rest of a group (group 0 where none is chosen) and its leading singular vectors. */
export function restOf(
  matrix: Float32Array,
  shape: FcShape,
  { group, groups, vectors, seed: start }: GroupChoice & Pick<DetailOptions, 'vectors' | 'seed'>,
): MatrixRest {
  const single = partOf(matrix, shape, { groups, group: group ?? 0 });
  const energies = energiesOf(single.values, single.shape);
  const rest = positionSpecificRest(single.values, invariantKernel(energies), single.shape);
  const restEnergy = rest.reduce((sum, value) => sum + value * value, 0);
  return {
    restShare: energies.total === 0 ? 0 : restEnergy / energies.total,
    restVectors: restVectors(rest, single, vectors, start),
  };
}

/** Rows of one group, and which row of the whole matrix is their first. */
interface Part {
  readonly values: Float32Array;
  readonly shape: FcShape;
  readonly firstOutput: number;
}

function partOf(matrix: Float32Array, shape: FcShape, { groups, group }: GroupChoice): Part {
  if (group === null) return { values: matrix, shape, firstOutput: 0 };
  if (!Number.isInteger(group) || group < 0 || group >= groups)
    throw new UserError(`there is no group (share-set) ${group}; they are numbered 0 to ${groups - 1}`);
  const O = shape.O / groups;
  return { values: groupRows(matrix, groups, group), shape: { ...shape, O }, firstOutput: group * O };
}

function restVectors(rest: Float32Array, { shape, firstOutput }: Part, count: number, start: Seed): RestVector[] {
  const positions = shape.h * shape.w;
  return leadingSingularVectors(rest, shape.channels * positions, count, start).map(({ energyShare, left, right }) => {
    const [o, c] = [strongestChannel(left, positions), strongestChannel(right, positions)];
    return {
      energyShare,
      output: [...left.subarray(o * positions, (o + 1) * positions)],
      outputChannel: firstOutput + o,
      input: [...right.subarray(c * positions, (c + 1) * positions)],
      inputChannel: c,
    };
  });
}

/** The channel of a vector (channels, h, w) that carries most of its energy. */
function strongestChannel(vector: Float64Array, positions: number): number {
  const energies = Array.from({ length: vector.length / positions }, (_, channel) =>
    vector.subarray(channel * positions, (channel + 1) * positions).reduce((sum, value) => sum + value * value, 0),
  );
  return energies.indexOf(largestOf(energies));
}
