// Value transforms: what is laid along a colour scale in the place of a weight. One record each, this is their only
// list; the shader has each once more, chosen by its place in it. Invariant: each is increasing and inverse undoes it.

export type ValueTransform = 'linear' | 'symlog' | 'rank' | 'log-ratio';

/** Entries of the rank table minus one. */
export const RANK_LENGTH = 1024;

/** What transforms need to know of the values. */
export interface TransformInputs {
  /** symlog: values below this magnitude are shown nearly linearly. */
  readonly threshold: number;
  /** log-ratio: the smallest magnitude, shown as 0. */
  readonly smallest: number;
  /** rank: RANK_LENGTH + 1 shares of magnitudes below k / RANK_LENGTH * rankMax (matrix/statistics.ts). */
  readonly shares: Float32Array | null;
  readonly rankMax: number;
}

interface TransformRecord {
  readonly label: string;
  /** Of magnitudes alone: the sign is never shown. */
  readonly unsigned: boolean;
  /** The one number of its inputs that the shader takes besides the rank table. */
  readonly parameter: (inputs: TransformInputs) => number;
  /** Of a finite value; of its magnitude where `unsigned`. log-ratio of zero is -Infinity. */
  readonly forward: (inputs: TransformInputs, value: number) => number;
  readonly inverse: (inputs: TransformInputs, transformed: number) => number;
}

const TRANSFORMS: Readonly<Record<ValueTransform, TransformRecord>> = {
  linear: {
    label: 'Linear',
    unsigned: false,
    parameter: () => 1,
    forward: (_, value) => value,
    inverse: (_, t) => t,
  },
  symlog: {
    label: 'Symmetric log',
    unsigned: false,
    parameter: ({ threshold }) => threshold,
    forward: ({ threshold }, value) => Math.sign(value) * Math.log(1 + Math.abs(value) / threshold),
    inverse: ({ threshold }, t) => Math.sign(t) * threshold * (Math.exp(Math.abs(t)) - 1),
  },
  rank: {
    label: 'Rank',
    unsigned: false,
    parameter: ({ rankMax }) => rankMax,
    forward: (inputs, value) => Math.sign(value) * shareBelow(inputs, Math.abs(value)),
    inverse: (inputs, t) => Math.sign(t) * magnitudeAt(inputs, Math.abs(t)),
  },
  'log-ratio': {
    label: 'ln(|w| / min |w|)',
    unsigned: true,
    parameter: ({ smallest }) => smallest,
    forward: ({ smallest }, magnitude) => Math.log(magnitude / smallest),
    inverse: ({ smallest }, t) => smallest * Math.exp(t),
  },
};

export const VALUE_TRANSFORMS = Object.keys(TRANSFORMS) as [ValueTransform, ...ValueTransform[]];

/** The record of a name. */
export function valueTransform(name: ValueTransform): TransformRecord {
  return TRANSFORMS[name];
}

function shareBelow({ shares, rankMax }: TransformInputs, magnitude: number): number {
  if (!shares) return 0;
  const place = Math.min(magnitude / rankMax, 1) * RANK_LENGTH;
  const entry = Math.min(Math.floor(place), RANK_LENGTH - 1);
  return shares[entry] + (shares[entry + 1] - shares[entry]) * (place - entry);
}

function magnitudeAt({ shares, rankMax }: TransformInputs, share: number): number {
  if (!shares) return 0;
  const entry = Math.max(0, shares.findIndex((s) => s >= share) - 1);
  const step = shares[entry + 1] - shares[entry];
  return ((entry + (step > 0 ? (share - shares[entry]) / step : 0)) / RANK_LENGTH) * rankMax;
}
