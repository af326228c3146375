// Runs the training form of a group: the same steps as the merge, each as the layer it stands for (a batch norm on a map, one
// convolution after another with its padding, branches added), never as a kernel. What the merge must equal is computed so.
import { type AffineMap, type Norm, allRows, biasOfRows, kernelSizeOf } from '../../merge/recipes/algebra/affine-map';
import type { Group } from '../../merge/recipes/bind-group';
import { partsOf } from '../../merge/recipes/evaluate-group';
import { appliesAlgebra, factorsOf, given, runSteps, type Applies, type Lane, type Values } from '../../merge/recipes/evaluate';
import { valueOf } from '../../merge/recipes/formula';
import {
  affine,
  channels,
  combined,
  convolve,
  placedAmong,
  rowsOfMap,
  SAME,
  zeroPadded,
  type Array64,
  type Running,
  type Window,
} from './layers64';
import type { NamedTensors } from '../../tensor/tensor';
import type { GivenSettings } from '../../merge/recipes/settings';

/** A part of a block as a function of its input; `map` is what the algebra makes of it, for sizes and for parts that only move numbers. */
export interface Layer {
  readonly map: AffineMap;
  run(x: Array64, window: Window): Running;
}

/** The training form's steps as functions, by name. Throws Refusal where the algebra refuses: such a group has no merged form. */
export function trainForm(group: Group, weights: NamedTensors, settings: GivenSettings): Values<Layer> {
  const { maps, norms, scope } = partsOf(group, weights, settings);
  const leaves = new Map<string, readonly Lane<Layer>[]>();
  for (const [name, lanes] of maps)
    leaves.set(
      name,
      lanes.map(({ indexes, value }) => ({ indexes, value: layerOf(value) })),
    );
  const values: Values<Layer> = { maps: leaves, norms, scope };
  runSteps(group.recipe.steps, values, appliesLayers, Object.values(group.recipe.merged));
  return values;
}

/** A map run as the convolution or linear layer it is. */
export function layerOf(map: AffineMap): Layer {
  let weight: Float64Array | undefined;
  function* run(x: Array64, window: Window): Running {
    weight ??= yield* rowsOfMap(map);
    return yield* convolve(x, weight, map.shape, biasOfRows(map), window);
  }
  return { map, run };
}

const appliesLayers: Applies<Layer> = (step, layers, norm, scope) => {
  const maps = layers.map(({ map }) => map);
  const map = appliesAlgebra(step, maps, norm, scope);
  return map === null ? null : { map, run: runOf(step, layers, norm, scope, map) };
};

/** What a step does to an input. */
function runOf(...[step, layers, norm, scope, map]: [...Parameters<Applies<Layer>>, AffineMap]): Layer['run'] {
  const [a, b] = layers;
  switch (step.op) {
    case 'foldBnAfter':
      return then(a, (y) => normed(y, given(norm)));
    case 'foldBnBefore':
      return (x, window) => a.run(normed(x, given(norm)), window);
    case 'foldShiftBefore':
      return (x, window) => a.run(affine(x, null, allRows(b.map)), window);
    case 'scale':
      return then(a, (y) => affine(y, factorsFor(factorsOf(step, b.map), map), null));
    case 'multiply':
      return then(a, (y) => affine(y, new Float64Array(map.shape[0]).fill(valueOf(step.by, scope)), null));
    case 'identityKernel':
      return asItIs;
    case 'padTo':
    case 'blockDiagonal':
      return (x, window) => a.run(x, window);
    case 'dilateToDense':
      return (x, window) => a.run(x, { ...window, dilation: valueOf(step.rate, scope) });
    case 'compose1x1ThenKxK':
      return step.padding === 'zero' ? inTurn(a, b) : withCarriedBias(a, b);
    case 'composeKxKThen1x1':
    case 'composeRowColumn':
    case 'linearThenLinear':
      return inTurn(a, b);
    case 'add':
      return sumOf(layers, 1);
    case 'subtract':
      return sumOf([a, b], -1);
    case 'takeOutputs':
      return then(a, (y) => channels(y, valueOf(step.from, scope), valueOf(step.to, scope)));
    case 'takeInputs':
      return (x, window) => a.run(placedAmong(x, valueOf(step.from, scope), a.map.shape[1]), window);
    case 'weightOnly':
      return withoutBias(a);
    default:
      return layerOf(map).run;
  }
}

/** What a layer gives, changed. */
function then(layer: Layer, change: (y: Array64) => Array64): Layer['run'] {
  return function* (x, window) {
    return change(yield* layer.run(x, window));
  };
}

// Nothing is computed, and nobody has to give way.
function* asItIs(x: Array64): Running {
  return x;
}

/** The first layer's answer, and `factor` times that of each other one. */
function sumOf([first, ...others]: readonly Layer[], factor: number): Layer['run'] {
  return function* (x, window) {
    let sum = yield* first.run(x, window);
    for (const layer of others) sum = combined(sum, yield* layer.run(x, window), factor);
    return sum;
  };
}

/** A layer's answer without what it gives to zeros. */
function withoutBias(layer: Layer): Layer['run'] {
  return function* (x, window) {
    const whole = yield* layer.run(x, window);
    return combined(whole, yield* layer.run({ shape: x.shape, data: new Float64Array(x.data.length) }, window), -1);
  };
}

function normed(x: Array64, { scale, shift }: Norm): Array64 {
  return affine(x, scale, shift);
}

function factorsFor(factors: Float64Array, { shape }: AffineMap): Float64Array {
  return factors.length === 1 ? new Float64Array(shape[0]).fill(factors[0]) : factors;
}

/** The second layer on what the first gives, zeros padded in between. */
function inTurn(first: Layer, second: Layer): Layer['run'] {
  return function* (x, window) {
    return yield* second.run(yield* first.run(x, SAME), window);
  };
}

/** The second layer on what the first gives to a map padded before it, so that the padding holds the first's answer to zeros. */
function withCarriedBias(first: Layer, second: Layer): Layer['run'] {
  const [K, L] = kernelSizeOf(second.map);
  return function* (x) {
    const inner = yield* first.run(zeroPadded(x, [(K - 1) / 2, (L - 1) / 2]), SAME);
    return yield* second.run(inner, { ...SAME, padded: false });
  };
}
