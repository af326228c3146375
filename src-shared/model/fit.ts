// Whether a state dict fits a network: which names are missing, unexpected or of another shape.
// Batch norms' `num_batches_tracked` may be absent: nothing is computed from it, and old checkpoints have none.
import { isFloating } from '../tensor/convert';
import { sameShape, shapeText, type NamedTensors, type TensorInfo } from '../tensor/tensor';
import { UserError } from '../user-error';
import { parametersOf } from './parameters';
import type { NetworkSpec } from './spec';

/** What does not fit, names in state-dict (missing, wrong) or file (unexpected) order. */
export interface WeightsFit {
  readonly missing: readonly string[];
  readonly unexpected: readonly string[];
  readonly wrong: readonly { readonly name: string; readonly expected: string; readonly actual: string }[];
}

/** Compares the tensors of a checkpoint (values are not looked at) with what `spec` needs. */
export function fitOf(spec: NetworkSpec, tensors: Iterable<TensorInfo>): WeightsFit {
  const found = new Map([...tensors].map((tensor) => [tensor.name, tensor]));
  const parameters = parametersOf(spec);
  const expected = new Set(parameters.map((parameter) => parameter.name));
  const missing = parameters.filter(({ name, role }) => !found.has(name) && role !== 'counter').map(({ name }) => name);
  const wrong = parameters.flatMap(({ name, shape, role }) => {
    const tensor = found.get(name);
    if (!tensor || role === 'counter' || (sameShape(tensor.shape, shape) && isFloating(tensor.dtype))) return [];
    return [
      { name, expected: shapeText(shape), actual: `${shapeText(tensor.shape)}${isFloating(tensor.dtype) ? '' : ` ${tensor.dtype}`}` },
    ];
  });
  return { missing, unexpected: [...found.keys()].filter((name) => !expected.has(name)), wrong };
}

/** Whether nothing is missing, unexpected or wrong. */
export function isFitting({ missing, unexpected, wrong }: WeightsFit): boolean {
  return missing.length + unexpected.length + wrong.length === 0;
}

/** Throws UserError listing missing, unexpected and wrong-shaped names if `weights` do not fit `spec`. */
export function checkWeights(spec: NetworkSpec, weights: NamedTensors): void {
  const fit = fitOf(
    spec,
    [...weights].map(([name, { dtype, shape }]) => ({ name, dtype, shape })),
  );
  if (!isFitting(fit)) throw new UserError(`the weights do not fit ${spec.name} (${spec.form} form): ${misfitText(fit)}`);
}

/** The misfit in words: `missing: a, b; unexpected: c; wrong shape: d is 4x4, expected 8x8`. */
export function misfitText({ missing, unexpected, wrong }: WeightsFit): string {
  const parts = [
    list('missing', missing),
    list('unexpected', unexpected),
    list(
      'wrong shape',
      wrong.map(({ name, expected, actual }) => `${name} is ${actual}, expected ${expected}`),
    ),
  ];
  return parts.filter((part) => part !== '').join('; ');
}

const LISTED = 8;

function list(label: string, names: readonly string[]): string {
  if (names.length === 0) return '';
  const more = names.length > LISTED ? ` and ${names.length - LISTED} more` : '';
  return `${label}: ${names.slice(0, LISTED).join(', ')}${more}`;
}
