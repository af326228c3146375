// Proof of equivalence: the outputs of every layer of the train and the merged form, compared layer by
// layer in execution order. A difference travels forward, so the first layer that diverges is the culprit.
import { checkWeights } from '../model/fit';
import { leafParameters } from '../model/parameters';
import { leavesOf, type LeafVisit } from '../model/walk';
import { referenceForward } from '../model/reference/forward';
import type { Form, NetworkSpec } from '../model/spec';
import type { FloatTensor, NamedTensors } from '../tensor/tensor';
import { UserError } from '../user-error';
import { argMaxAgreement, differenceOf, type OutputArray } from './compare-arrays';
import type { WeightedNetwork } from './merge-network';
import type { LayerComparison, VerifyReport } from './report';
import { allowanceFor, storageEffect, storedPrecision, type StorageEffect } from './storage-allowance';
import { toleranceOf } from './tolerance';
import { unusableWeight } from './unusable-weights';

/** What a forward pass left: the network's output and every leaf's, by path. */
export interface NetworkOutputs {
  readonly output: OutputArray;
  readonly layers: ReadonlyMap<string, OutputArray>;
}

/** A forward pass in eval mode that keeps every leaf's output: the engine's on a backend, or the reference. */
export type ForwardPass = (network: WeightedNetwork, input: FloatTensor) => NetworkOutputs | Promise<NetworkOutputs>;

/** Where the outputs came from. */
export interface Circumstances {
  readonly backend: string;
  readonly inputs: VerifyReport['inputs'];
  /** Set where weights were rounded to half precision. */
  readonly storage?: StorageEffect | null;
}

/** Runs both forms on the same input and compares them. Throws UserError where weights or layers do not belong together. */
export async function verifyNetworks(
  train: WeightedNetwork,
  merged: WeightedNetwork,
  input: FloatTensor,
  forward: ForwardPass,
  circumstances: Circumstances,
): Promise<VerifyReport> {
  for (const { spec, weights } of [train, merged]) checkWeights(spec, weights);
  checkSameLayers(train.spec, merged.spec);
  const trainOutputs = await forward(train, input);
  const mergedOutputs = await forward(merged, input);
  const computed = { train: { ...train, outputs: trainOutputs }, merged: { ...merged, outputs: mergedOutputs } };
  const storage = await storageEffect(computed, (network) => forward(network, input));
  return compareForms({ ...train, ...trainOutputs }, { ...merged, ...mergedOutputs }, { ...circumstances, storage });
}

/** A form with its outputs, and the weights they came from. */
export type FormOutputs = NetworkOutputs & { readonly spec: NetworkSpec; readonly weights: NamedTensors };

/** The verdict on two forms from their outputs. Throws UserError if they are not forms of one network. */
export function compareForms(train: FormOutputs, merged: FormOutputs, { backend, inputs, storage = null }: Circumstances): VerifyReport {
  checkSameLayers(train.spec, merged.spec);
  const tolerance = toleranceOf(backend);
  const allowance = allowanceFor(storage);
  const visits = comparedLayers(train.spec);
  const unusable = unusableByPath({ train, merged });
  const layers = visits.map(({ path, layer, depth }) =>
    compareLayer(
      { path: path === '' ? train.spec.name : path, kind: layer.kind, unusable: unusable.get(path) ?? null },
      outputAt(train.layers, path),
      outputAt(merged.layers, path),
      tolerance.at(depth) + allowance.ofLayer(path),
    ),
  );
  const depth = depthOf(train.spec);
  const output = compareLayer(
    { path: 'output', kind: 'output', unusable: null },
    train.output,
    merged.output,
    tolerance.at(depth) + allowance.ofOutput,
  );
  const all = [...layers, output];
  const divergent = all.find((layer) => !layer.equivalent);
  const withoutAllowance = [...visits.map((visit) => visit.depth), depth].every((at, index) => all[index].maxRel <= tolerance.at(at));
  return {
    equivalent: divergent === undefined,
    tolerance: output.tolerance,
    toleranceReason: `${tolerance.reason} (the output lies ${depth} layers deep)${allowance.reason}`,
    storage: storage && storedPrecision(storage, output.maxRel, withoutAllowance),
    maxAbs: output.maxAbs,
    maxRel: output.maxRel,
    argMaxAgreement: argMaxAgreement(train.output, merged.output),
    layers,
    firstDivergentLayer: divergent ? divergent.path : null,
    backend,
    inputs,
  };
}

function compareLayer(
  named: Pick<LayerComparison, 'path' | 'kind' | 'unusable'>,
  train: OutputArray,
  merged: OutputArray,
  tolerance: number,
): LayerComparison {
  const difference = differenceOf(train, merged);
  return { ...named, ...difference, tolerance, equivalent: named.unusable === null && difference.maxRel <= tolerance };
}

/** For each leaf with a weight that cannot be used: which, and in which form. */
function unusableByPath(forms: Readonly<Record<Form, FormOutputs>>): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const form of ['merged', 'train'] satisfies Form[]) {
    for (const { layer, path } of leavesOf(forms[form].spec)) {
      const weight = unusableWeight(layer, path, forms[form].weights);
      if (weight) found.set(path, `${weight} (${form} form)`);
    }
  }
  return found;
}

/** Leaves that run in eval mode, each with the number of layers with weights up to it. */
function comparedLayers(spec: NetworkSpec): (LeafVisit & { readonly depth: number })[] {
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

/** The double-precision forward pass as a `ForwardPass`; its backend name is `reference`. */
export const referencePass: ForwardPass = ({ spec, weights }, input) => {
  const { output, shape, layers } = referenceForward(spec, weights, input, { layers: true });
  return { output: { shape, data: output }, layers };
};
