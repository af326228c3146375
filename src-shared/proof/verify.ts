// Proof of equivalence: the outputs of every layer of the train and the merged form, compared layer by
// layer in execution order. A difference travels forward, so the first layer that diverges is the culprit.
import { checkWeights } from '../model/fit';
import { leafParameters, type Parameter } from '../model/parameters';
import { leavesOf, type LeafVisit } from '../model/walk';
import { type Form, type NetworkSpec, BN_EPSILON, epsOf, type LeafSpec } from '../model/spec';
import { partsOf, type Watch } from '../tensor/parts';
import type { FloatTensor, NamedTensors } from '../tensor/tensor';
import { UserError } from '../base/user-error';
import { RunningAgreement, RunningDifference, type Difference, type NetworkOutputs, type OutputArray, indexOf } from './compare-arrays';
import type { WeightedNetwork } from '../merge/merge-network';
import type { LayerComparison, VerifyReport } from '../merge/report';
import { allowanceFor, storageMeasurement, storedPrecision, type FormsOutputs, type StorageEffect } from './storage-allowance';
import { toleranceOf } from './tolerance';
import { toFloat32 } from '../tensor/convert';
import type { Reals } from '../merge/mathematics/kernels';

/** A forward pass in eval mode that keeps every leaf's output: the engine's on a backend, or the reference. */
export type ForwardPass = (network: WeightedNetwork, input: FloatTensor) => NetworkOutputs | Promise<NetworkOutputs>;

/** Where the outputs came from. */
export interface Circumstances {
  readonly backend: string;
  readonly inputs: VerifyReport['inputs'];
  /** Set where weights were rounded to half precision. */
  readonly storage?: StorageEffect | null;
}

/** How an input is run: so many samples at once, all of them where it is not said. */
export interface InParts extends Watch {
  readonly atOnce?: number;
}

/**
 * Runs both forms on the same input, part by part, and compares them; the verdict is that on the whole. Throws UserError where
 * weights or layers do not belong together; rejects when aborted.
 */
export async function verifyNetworks(
  train: WeightedNetwork,
  merged: WeightedNetwork,
  input: FloatTensor,
  forward: ForwardPass,
  circumstances: Circumstances,
  { atOnce = input.shape[0], onProgress, signal }: InParts = {},
): Promise<VerifyReport> {
  for (const { spec, weights } of [train, merged]) checkWeights(spec, weights);
  const comparison = new FormsComparison({ train, merged });
  const rounding = storageMeasurement({ train, merged });
  let done = 0;
  for (const part of partsOf(input, atOnce)) {
    signal?.throwIfAborted();
    const outputs = { train: await forward(train, part), merged: await forward(merged, part) };
    comparison.add(outputs);
    await rounding?.add(outputs, (network) => forward(network, part));
    done += part.shape[0];
    onProgress?.(done, input.shape[0]);
  }
  return comparison.report({ ...circumstances, storage: rounding?.effect() ?? null });
}

/** A form with its outputs, and the weights they came from. */
export type FormOutputs = NetworkOutputs & WeightedNetwork;

/** The verdict on two forms from their outputs. Throws UserError if they are not forms of one network. */
export function compareForms(train: FormOutputs, merged: FormOutputs, circumstances: Circumstances): VerifyReport {
  const comparison = new FormsComparison({ train, merged });
  comparison.add({ train, merged });
  return comparison.report(circumstances);
}

/** Compares two forms on part after part of their outputs. */
class FormsComparison {
  readonly #visits: readonly ComparedLayer[];
  readonly #layers: readonly RunningDifference[];
  readonly #output = new RunningDifference();
  readonly #agreement = new RunningAgreement();

  /** Throws UserError if they are not forms of one network. */
  constructor(private readonly forms: Readonly<Record<Form, WeightedNetwork>>) {
    checkSameLayers(forms.train.spec, forms.merged.spec);
    this.#visits = comparedLayers(forms.train.spec);
    this.#layers = this.#visits.map(() => new RunningDifference());
  }

  add({ train, merged }: FormsOutputs): void {
    this.#visits.forEach(({ path }, index) => this.#layers[index].add(outputAt(train.layers, path), outputAt(merged.layers, path)));
    this.#output.add(train.output, merged.output);
    this.#agreement.add(train.output, merged.output);
  }

  report({ backend, inputs, storage = null }: Circumstances): VerifyReport {
    const { spec } = this.forms.train;
    const [tolerance, allowance, depth] = [toleranceOf(backend), allowanceFor(storage), depthOf(spec)];
    const unusable = unusableByPath(this.forms);
    const layers = this.#visits.map(({ path, layer, depth: at }, index) =>
      judged(
        { path: path === '' ? spec.name : path, kind: layer.kind, unusable: unusable.get(path) ?? null },
        this.#layers[index].found(),
        tolerance.at(at) + allowance.ofLayer(path),
      ),
    );
    const output = judged(
      { path: 'output', kind: 'output', unusable: null },
      this.#output.found(),
      tolerance.at(depth) + allowance.ofOutput,
    );
    const all = [...layers, output];
    const divergent = all.find((layer) => !layer.equivalent);
    const depths = [...this.#visits.map((visit) => visit.depth), depth];
    const withoutAllowance = depths.every((at, index) => all[index].maxRel <= tolerance.at(at));
    return {
      equivalent: divergent === undefined,
      tolerance: output.tolerance,
      toleranceReason: `${tolerance.reason} (the output lies ${depth} layers deep)${allowance.reason}`,
      storage: storage && storedPrecision(storage, output.maxRel, withoutAllowance),
      maxAbs: output.maxAbs,
      maxRel: output.maxRel,
      argMaxAgreement: this.#agreement.share(),
      layers,
      firstDivergentLayer: divergent ? divergent.path : null,
      backend,
      inputs,
    };
  }
}

function judged(named: Pick<LayerComparison, 'path' | 'kind' | 'unusable'>, difference: Difference, tolerance: number): LayerComparison {
  return { ...named, ...difference, tolerance, equivalent: named.unusable === null && difference.maxRel <= tolerance };
}

/** For each leaf with a weight that cannot be used: which, and in which form. */
function unusableByPath(forms: Readonly<Record<Form, WeightedNetwork>>): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const form of ['merged', 'train'] satisfies Form[]) {
    for (const { layer, path } of leavesOf(forms[form].spec)) {
      const weight = unusableWeight(layer, path, forms[form].weights);
      if (weight) found.set(path, `${weight} (${form} form)`);
    }
  }
  return found;
}

type ComparedLayer = LeafVisit & { readonly depth: number };

/** Leaves that run in eval mode, each with the number of layers with weights up to it. */
function comparedLayers(spec: NetworkSpec): ComparedLayer[] {
  let depth = 0;
  return leavesOf(spec)
    .filter((visit) => !visit.training)
    .map((visit) => {
      if (leafParameters(visit.layer, visit.path).length > 0) depth++;
      return { ...visit, depth };
    });
}

/** How many layers with weights lie one after the other in execution order: what a tolerance is asked for. */
export function depthOf(spec: NetworkSpec): number {
  return comparedLayers(spec).at(-1)?.depth ?? 0;
}

function outputAt(layers: ReadonlyMap<string, OutputArray>, path: string): OutputArray {
  const output = layers.get(path);
  if (!output) throw new Error(`the forward pass left no output for layer '${path}'`);
  return output;
}

function checkSameLayers(train: NetworkSpec, merged: NetworkSpec): void {
  const [a, b] = [train, merged].map((spec) =>
    leavesOf(spec).map(({ path, layer, output }) => `${layer.kind} ${path} [${output.join(', ')}]`),
  );
  const differing = a.findIndex((line, index) => line !== b[index]);
  if (differing < 0 && a.length === b.length) return;
  const at = differing < 0 ? a.length : differing;
  throw new UserError(
    `not two forms of one network: layer ${at + 1} is ${a[at] ?? 'absent'} in ${train.name}, and ${b[at] ?? 'absent'} in ${merged.name}`,
  );
}

// No equivalence can rest on NaN, infinities, or variances that have no root, and outputs alone do not betray them: some
// backends' ReLU makes 0 of NaN, a sigmoid makes 1 of infinity, and both forms then agree on nothing.
/** The first weight of the leaf at `path` that is not a finite number, or is a variance below -eps, in words; null where all are sound. */
function unusableWeight(layer: LeafSpec, path: string, weights: NamedTensors): string | null {
  for (const parameter of leafParameters(layer, path)) {
    const found = firstUnusable(parameter, weights, 'eps' in layer ? epsOf(layer) : BN_EPSILON);
    if (found) return found;
  }
  return null;
}

function firstUnusable({ name, shape, role }: Parameter, weights: NamedTensors, eps: number): string | null {
  const tensor = weights.get(name);
  if (!tensor || role === 'counter') return null;
  const values = tensor.dtype === 'float64' ? (tensor.data as Float64Array) : toFloat32(tensor).data;
  const at = firstOutside(values, role === 'runningVariance' ? -eps : -Infinity);
  if (at < 0) return null;
  const why = Number.isFinite(values[at]) ? ', and a variance has to be positive' : '';
  return `${name} at [${indexOf(at, shape).join(', ')}] is ${values[at]}${why}`;
}

/** Index of the first value that is not above `least`, or not finite; -1 where there is none. */
function firstOutside(values: Reals, least: number): number {
  // False for NaN too.
  for (let i = 0; i < values.length; i++) if (!(values[i] > least && values[i] < Infinity)) return i;
  return -1;
}
