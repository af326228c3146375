// What `verify` needs when nothing is given: seeded inputs, and batch norms with random statistics. Fresh
// batch norms are nearly the identity and would hide a forgotten one.
import { parametersOf, type ParameterRole } from '../model/parameters';
import type { NetworkSpec } from '../model/spec';
import { deriveSeed, normalArray, randomFrom, type Random, type Seed } from '../tensor/random';
import { elementCount, floatTensor, type FloatTensor, type NamedTensors } from '../tensor/tensor';

/** `samples` images of standard normal values, (samples, C, H, W); other purposes draw other values from one seed. */
export function seededInput(
  { input: { channels, height, width } }: NetworkSpec,
  samples: number,
  seed: Seed,
  purpose = 'verify-input',
): FloatTensor {
  const shape = [samples, channels, height, width];
  return floatTensor(shape, normalArray(randomFrom(deriveSeed(seed, purpose)), elementCount(shape), 1));
}

/**
 * The same weights with every batch norm's gamma, beta, mean and variance drawn anew: gammas of both signs between 0.5 and
 * 1.5, variances between 0.5 and 2.
 */
export function randomizeBatchNorm(spec: NetworkSpec, weights: NamedTensors, seed: Seed): NamedTensors {
  const random = randomFrom(deriveSeed(seed, 'batch norm'));
  const drawn = new Map(weights);
  for (const { name, shape, role } of parametersOf(spec)) {
    const draw = drawOf(role, random);
    if (draw && weights.has(name)) drawn.set(name, floatTensor(shape, Float32Array.from({ length: elementCount(shape) }, draw)));
  }
  return drawn;
}

/** How a value of this role is drawn; null for tensors that are not a batch norm's. */
function drawOf(role: ParameterRole, random: Random): (() => number) | null {
  switch (role) {
    case 'gamma':
      return () => (random.uniform() < 0.25 ? -1 : 1) * (0.5 + random.uniform());
    case 'beta':
    case 'runningMean':
      return () => 0.5 * random.normal();
    case 'runningVariance':
      return () => 2 ** (2 * random.uniform() - 1);
    default:
      return null;
  }
}
