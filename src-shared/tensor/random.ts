// Seeded random numbers: the same seed gives the same sequence on every host and backend, so that
// a run can be repeated. Generator: mulberry32 (32-bit state), normal values by Box-Muller.

/** A 32-bit unsigned seed; branded so that it is not mixed up with counts. */
export type Seed = number & { readonly __brand: 'Seed' };

export const LARGEST_SEED = 2 ** 32 - 1;

/** Makes a Seed of any integer (taken modulo 2^32). Throws RangeError for other numbers. */
export function seed(value: number): Seed {
  if (!Number.isInteger(value)) throw new RangeError(`a seed must be an integer, got ${value}`);
  return (value >>> 0) as Seed;
}

/** A stream of random numbers. */
export interface Random {
  /** Uniform in [0, 1). */
  uniform(): number;
  /** Uniform integer in [0, bound). */
  integer(bound: number): number;
  /** Standard normal. */
  normal(): number;
  /** The generator's state; give it to `randomFrom` to go on from here. */
  state(): Seed;
}

/** A generator started from a seed (or from a state saved by `state()`). */
export function randomFrom(start: Seed): Random {
  let state = start >>> 0;
  const uniform = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  return {
    uniform,
    integer: (bound) => Math.floor(uniform() * bound),
    normal: () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform()),
    state: () => seed(state),
  };
}

/** An independent seed for a named purpose (`init`, `shuffle`, ...), derived from a base seed by FNV-1a. */
export function deriveSeed(base: Seed, purpose: string): Seed {
  let hash = (2166136261 ^ base) >>> 0;
  for (let i = 0; i < purpose.length; i++) hash = Math.imul(hash ^ purpose.charCodeAt(i), 16777619) >>> 0;
  return seed(hash);
}

/** `count` normal values with the given standard deviation. */
export function normalArray(random: Random, count: number, deviation: number): Float32Array {
  const values = new Float32Array(count);
  for (let i = 0; i < count; i++) values[i] = random.normal() * deviation;
  return values;
}

/** A random order of 0..count-1 (Fisher-Yates). */
export function permutation(random: Random, count: number): Int32Array {
  const order = Int32Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i--) {
    const j = random.integer(i + 1);
    [order[i], order[j]] = [order[j], order[i]];
  }
  return order;
}
