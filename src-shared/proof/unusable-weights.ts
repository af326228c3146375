// Weights no equivalence can rest on: NaN, infinities, variances that have no root. Outputs alone do not betray
// them: some backends' ReLU makes 0 of NaN, a sigmoid makes 1 of infinity, and both forms then agree on nothing.
import { leafParameters, type Parameter } from '../model/parameters';
import { BN_EPSILON, epsOf, type LeafSpec } from '../model/spec';
import { toFloat32 } from '../tensor/convert';
import type { NamedTensors } from '../tensor/tensor';
import { indexOf } from './compare-arrays';
import type { Reals } from '../merge/mathematics/kernels';

/** The first weight of the leaf at `path` that is not a finite number, or is a variance below -eps, in words; null where all are sound. */
export function unusableWeight(layer: LeafSpec, path: string, weights: NamedTensors): string | null {
  for (const parameter of leafParameters(layer, path)) {
    const found = firstUnusable(parameter, weights, 'eps' in layer ? epsOf(layer) : BN_EPSILON);
    if (found) return found;
  }
  return null;
}

function firstUnusable({ name, shape, role }: Parameter, weights: NamedTensors, eps: number): string | null {
  const tensor = weights.get(name);
  if (!tensor || role === 'counter') return null;
  const values: Reals = tensor.dtype === 'float64' ? (tensor.data as Float64Array) : toFloat32(tensor).data;
  const least = role === 'runningVariance' ? -eps : -Infinity;
  for (let i = 0; i < values.length; i++) {
    // False for NaN too.
    if (values[i] > least && values[i] < Infinity) continue;
    const why = Number.isFinite(values[i]) ? ', and a variance has to be positive' : '';
    return `${name} at [${indexOf(i, shape).join(', ')}] is ${values[i]}${why}`;
  }
  return null;
}
