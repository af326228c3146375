// The optimizers' steps and the blends of averages in WebGL: several parameters a draw. A texture cannot be written while it is
// read, so that what is moved comes out anew: values and moments one behind the other in one texture, of which each is a view.
import type * as tf from '@tensorflow/tfjs-core';
import { BLEND_KERNEL, STEP_KERNEL, type BlendAttributes, type MOVED, type StepAttributes } from '../session/optimizer';
import { draw, MOST_INPUTS, reader, sizeOf, viewOf, type WebglCall, type WebglKernels } from './flat-program';

/** Values that one draw moves at most: a texture of as many elements is to be had everywhere. */
const MOST_VALUES = 2 ** 22;

export const optimizerKernels: WebglKernels = {
  [STEP_KERNEL]: ({ inputs, attrs, backend }: WebglCall<StepAttributes>) =>
    moved(backend, inputs, RULES[attrs.kind](attrs.scalars), attrs.decays),
  [BLEND_KERNEL]: ({ inputs, attrs, backend }: WebglCall<BlendAttributes>) =>
    moved(backend, inputs, blend(attrs.share), Array<boolean>(attrs.count).fill(false)),
};

/** One way to move: `results` per parameter, the n-th by `code`, which has `value`, `towards`, `first`, `second` and `decays`, and returns it. */
interface Rule {
  /** Of MOVED, those that are read. */
  readonly inputs: readonly (typeof MOVED)[number][];
  readonly results: number;
  readonly code: string;
  readonly uniforms: Readonly<Record<string, number>>;
}

/** Results: value, momentum. Numbers in the order of the optimizer's rule (compute/session/optimizer.ts). */
const sgd = ([momentum, weightDecay, nesterov, rate]: readonly number[]): Rule => ({
  inputs: ['value', 'towards', 'first'],
  results: 2,
  code: `
    float gradient = decays ? towards + value * weightDecay : towards;
    float velocity = first * momentum + gradient;
    if (result == 1) return velocity;
    return value - (nesterov > 0.5 ? gradient + velocity * momentum : velocity) * rate;`,
  uniforms: { momentum, weightDecay, nesterov, rate },
});

/** Results: value, first and second moment. */
const adamw = ([beta1, beta2, rest1, rest2, epsilon, rate, root, kept]: readonly number[]): Rule => ({
  inputs: ['value', 'towards', 'first', 'second'],
  results: 3,
  code: `
    float mean = first * beta1 + towards * rest1;
    float square = second * beta2 + towards * towards * rest2;
    if (result == 1) return mean;
    if (result == 2) return square;
    return (decays ? value * kept : value) - mean * rate / (sqrt(square) / root + epsilon);`,
  uniforms: { beta1, beta2, rest1, rest2, epsilon, rate, root, kept },
});

const RULES: { readonly [K in StepAttributes['kind']]: (scalars: readonly number[]) => Rule } = { sgd, adamw };

/** Result: the value. */
const blend = (share: number): Rule => ({
  inputs: ['value', 'towards'],
  results: 1,
  code: 'return value * (1.0 - share) + towards * share;',
  uniforms: { share },
});

/** Per parameter the rule's results, in their order. */
function moved(backend: WebglCall['backend'], inputs: WebglCall['inputs'], rule: Rule, decays: readonly boolean[]): tf.TensorInfo[] {
  const sizes = decays.map((_, i) => sizeOf(inputs[`value${i}`].shape));
  return together(sizes, Math.floor(MOST_INPUTS / rule.inputs.length)).flatMap((parameters) => {
    const draws = parameters.map((i) => ({ tensors: rule.inputs.map((name) => inputs[`${name}${i}`]), size: sizes[i], decays: decays[i] }));
    const total = draws.reduce((sum, { size }) => sum + size, 0);
    const read = Object.fromEntries(draws.flatMap(({ tensors }, n) => tensors.map((tensor, k) => [`${rule.inputs[k]}${n}`, tensor])));
    const whole = draw(backend, {
      inputs: read,
      size: rule.results * total,
      code: selecting(draws, total, rule),
      functions: moving(rule),
      uniforms: rule.uniforms,
    });
    let begin = 0;
    const views = draws.flatMap(({ tensors: [value], size }) => {
      const own = Array.from({ length: rule.results }, (_, result) => viewOf(backend, whole, result * total + begin, value.shape));
      begin += size;
      return own;
    });
    backend.disposeIntermediateTensorInfo(whole);
    return views;
  });
}

const moving = ({ inputs, code }: Rule): string =>
  `float move(int result, bool decays, ${inputs.map((name) => `float ${name}`).join(', ')}) { ${code} }`;

/** Finds the parameter of the index, and moves its value. */
function selecting(draws: readonly { readonly size: number; readonly decays: boolean }[], total: number, { inputs }: Rule): string {
  let begin = 0;
  const cases = draws.map(({ size, decays }, n) => {
    const values = inputs.map((name) => `${reader(name)}${n}(at - ${begin})`);
    begin += size;
    return `if (at < ${begin}) result = move(which, ${decays}, ${values.join(', ')});`;
  });
  return `int which = index / ${total}; int at = index % ${total}; ${cases.join(' else ')}`;
}

/** Indices of parameters, in their order, `most` at a time and few enough values. */
function together(sizes: readonly number[], most: number): number[][] {
  const groups: number[][] = [];
  let values = Infinity;
  for (const [i, size] of sizes.entries()) {
    const last = groups[groups.length - 1];
    if (values + size > MOST_VALUES || last.length === most) {
      groups.push([i]);
      values = size;
    } else {
      last.push(i);
      values += size;
    }
  }
  return groups;
}
