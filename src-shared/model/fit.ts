// Whether a state dict fits a network: which names are missing, unexpected or of another shape.
// Batch norms' `num_batches_tracked` may be absent: nothing is computed from it, and old checkpoints have none.
import { isFloating } from '../tensor/convert';
import { sameShape, shapeText, tensorInfos, type NamedTensors, type TensorInfo } from '../tensor/tensor';
import { UserError } from '../base/user-error';
import { leafParameters, parametersOf, type Parameter } from './parameters';
import type { LeafSpec, NetworkSpec } from './spec';

/** What does not fit, names in state-dict (missing, wrong) or file (unexpected) order. */
export interface WeightsFit {
  readonly missing: readonly string[];
  readonly unexpected: readonly string[];
  readonly wrong: readonly WrongTensor[];
}

/** A tensor that is there but of another shape, or of an element type that no weight can have. */
export interface WrongTensor {
  readonly name: string;
  readonly what: 'shape' | 'type';
  readonly expected: string;
  readonly actual: string;
}

/** Tensors by name: made once, where one file is held against many networks. */
export type TensorIndex = ReadonlyMap<string, TensorInfo>;

export function indexOf(tensors: Iterable<TensorInfo>): TensorIndex {
  return new Map(Array.from(tensors, (tensor) => [tensor.name, tensor]));
}

/** How many names are missing, unexpected or wrong: takes as long as the network is large, however many tensors there are. */
export function misfitCount(spec: NetworkSpec, found: TensorIndex): number {
  let [misfits, known] = [0, 0];
  for (const parameter of parametersOf(spec)) {
    const tensor = found.get(parameter.name);
    if (tensor) known++;
    if (tensor ? wrongOf(parameter, tensor).length > 0 : parameter.role !== 'counter') misfits++;
  }
  return misfits + found.size - known;
}

/** Compares the tensors of a checkpoint (values are not looked at) with what `spec` needs. */
export function fitOf(spec: NetworkSpec, tensors: Iterable<TensorInfo>): WeightsFit {
  const found = indexOf(tensors);
  const parameters = parametersOf(spec);
  const expected = new Set(parameters.map((parameter) => parameter.name));
  const missing = parameters.filter(({ name, role }) => !found.has(name) && role !== 'counter').map(({ name }) => name);
  const wrong = parameters.flatMap((parameter) => wrongOf(parameter, found.get(parameter.name)));
  return { missing, unexpected: [...found.keys()].filter((name) => !expected.has(name)), wrong };
}

/** Shape and element type against what a parameter needs; counters may be anything. */
function wrongOf({ name, shape, role }: Parameter, tensor: TensorInfo | undefined): WrongTensor[] {
  if (!tensor || role === 'counter') return [];
  if (!isFloating(tensor.dtype)) return [{ name, what: 'type', expected: 'a float type', actual: tensor.dtype }];
  if (sameShape(tensor.shape, shape)) return [];
  return [{ name, what: 'shape', expected: shapeText(shape), actual: shapeText(tensor.shape) }];
}

/** `fc3.weight is int64, expected a float type`. */
export function wrongText({ name, expected, actual }: WrongTensor): string {
  return `${name} is ${actual}, expected ${expected}`;
}

/** The first thing that keeps one layer of a checkpoint from being computed, in words; null where its tensors are all there and fit. */
export function layerProblem(layer: LeafSpec, path: string, tensors: ReadonlyMap<string, TensorInfo>): string | null {
  for (const parameter of leafParameters(layer, path)) {
    const tensor = tensors.get(parameter.name);
    if (!tensor && parameter.role !== 'counter')
      return `${parameter.name} is missing: save the whole state_dict(), running statistics included`;
    const [wrong] = wrongOf(parameter, tensor);
    if (wrong) return wrongText(wrong);
  }
  return null;
}

/** Whether nothing is missing, unexpected or wrong. */
export function isFitting({ missing, unexpected, wrong }: WeightsFit): boolean {
  return missing.length + unexpected.length + wrong.length === 0;
}

/** Throws UserError listing missing, unexpected and wrong-shaped names if `weights` do not fit `spec`. */
export function checkWeights(spec: NetworkSpec, weights: NamedTensors): void {
  const fit = fitOf(spec, tensorInfos(weights));
  if (!isFitting(fit)) throw new UserError(`the weights do not fit ${spec.name} (${spec.form} form): ${misfitText(fit)}`);
}

/** The misfit in words: `missing: a, b; unexpected: c; wrong shape: d is 4x4, expected 8x8; wrong type: e is int64, expected a float type`. */
export function misfitText({ missing, unexpected, wrong }: WeightsFit): string {
  const wrongIn = (kind: WrongTensor['what']): string[] => wrong.filter(({ what }) => what === kind).map(wrongText);
  const parts = [
    list('missing', missing),
    list('unexpected', unexpected),
    list('wrong shape', wrongIn('shape')),
    list('wrong type', wrongIn('type')),
  ];
  return parts.filter((part) => part !== '').join('; ');
}

const LISTED = 8;

function list(label: string, names: readonly string[]): string {
  if (names.length === 0) return '';
  const more = names.length > LISTED ? ` and ${names.length - LISTED} more` : '';
  return `${label}: ${names.slice(0, LISTED).join(', ')}${more}`;
}
