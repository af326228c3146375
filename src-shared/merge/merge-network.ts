// The merge of a whole network: a new spec and a new state dict that compute the same function. Layers
// are merged one after the other, so memory stays at input, output and the matrix being written; tensors
// that do not change are shared with the input.
import { checkWeights } from '../model/fit';
import { parametersOf } from '../model/parameters';
import type { NetworkSpec } from '../model/spec';
import { leavesOf } from '../model/walk';
import type { NamedTensors, Tensor } from '../tensor/tensor';
import type { MatrixTarget } from './mathematics/fc-matrix';
import { mergeLayer } from './merge-layer';
import { isMergeable, type FusionChoice, type MergeableLayer, mergedSpec } from '../model/merged-spec';
import type { MergeProgress } from './report';

/** A network with its weights. */
export interface WeightedNetwork {
  readonly spec: NetworkSpec;
  readonly weights: NamedTensors;
}

export interface MergeOptions extends FusionChoice, MatrixTarget, MergeWatch {}

/** Who watches a merge, and who may end it. */
export interface MergeWatch {
  /** Called after every merged layer. */
  readonly onProgress?: (progress: MergeProgress) => void;
  /** Ends the merge between two layers with the signal's reason. */
  readonly signal?: AbortSignal;
}

/**
 * The merged form of a network (arXiv 2105.01883, section 3.3; 2112.11081, Locality Injection). Never changes its input;
 * the result is float32, in state-dict order. Throws UserError where the weights do not fit the spec.
 */
export function mergeNetwork(spec: NetworkSpec, weights: NamedTensors, options: MergeOptions = {}): WeightedNetwork {
  return runSteps(mergeStepwise(spec, weights, options), options);
}

/** `mergeNetwork` that gives way to other work after every layer, so that it can be watched and cancelled. */
export function mergeNetworkAsync(spec: NetworkSpec, weights: NamedTensors, options: MergeOptions = {}): Promise<WeightedNetwork> {
  return runStepsAsync(mergeStepwise(spec, weights, options), options);
}

/** Runs a merge to its end. */
export function runSteps<T>(merge: Generator<MergeProgress, T>, { onProgress, signal }: MergeWatch): T {
  for (;;) {
    signal?.throwIfAborted();
    const step = merge.next();
    if (step.done) return step.value;
    onProgress?.(step.value);
  }
}

/** `runSteps` that gives way to other work after every step. */
export async function runStepsAsync<T>(merge: Generator<MergeProgress, T>, { onProgress, signal }: MergeWatch): Promise<T> {
  for (;;) {
    signal?.throwIfAborted();
    const step = merge.next();
    if (step.done) return step.value;
    onProgress?.(step.value);
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
}

/** The merge as a sequence of layers: yields after each one. */
export function* mergeStepwise(spec: NetworkSpec, weights: NamedTensors, options: MergeOptions): Generator<MergeProgress, WeightedNetwork> {
  checkWeights(spec, weights);
  const layers = mergePlan(spec, options);
  const made = new Map<string, Tensor>();
  for (const [index, { layer, path }] of layers.entries()) {
    for (const [name, tensor] of mergeLayer(layer, weights, path, options)) made.set(name, tensor);
    yield { done: index + 1, total: layers.length, layer: path };
  }
  const merged = mergedSpec(spec, options);
  return { spec: merged, weights: inStateDictOrder(merged, (name) => made.get(name) ?? weights.get(name)) };
}

/** The layers a merge changes, in execution order. */
export function mergePlan(spec: NetworkSpec, choice: FusionChoice = {}): { layer: MergeableLayer; path: string }[] {
  return leavesOf(spec).flatMap(({ layer, path }) => (isMergeable(layer, choice) ? [{ layer, path }] : []));
}

/** Counters of batch norms may be absent (older checkpoints have none); everything else was checked. */
function inStateDictOrder(spec: NetworkSpec, find: (name: string) => Tensor | undefined): NamedTensors {
  const ordered = new Map<string, Tensor>();
  for (const { name } of parametersOf(spec)) {
    const tensor = find(name);
    if (tensor) ordered.set(name, tensor);
  }
  return ordered;
}
