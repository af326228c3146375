// The tensors that leaves own: names, shapes and roles as the official PyTorch code has them.
import type { DType } from '../../tensor/tensor';

/** What a tensor is for: decides initialisation, weight decay, and whether the optimizer touches it. */
export type ParameterRole = 'weight' | 'bias' | 'gamma' | 'beta' | 'slope' | 'runningMean' | 'runningVariance' | 'counter';

/** One entry of the state_dict. */
export interface Parameter {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: DType;
  readonly role: ParameterRole;
}

/** Joins a parent's path and a name; either may be empty. */
export function joinPath(parent: string, name: string): string {
  return parent === '' ? name : name === '' ? parent : `${parent}.${name}`;
}

function parameter(name: string, shape: readonly number[], role: ParameterRole): Parameter {
  return { name, shape, dtype: role === 'counter' ? 'int64' : 'float32', role };
}

/** `weight` and, where there is one, `bias` of a convolution or FC. */
export function affineTensors(path: string, weightShape: readonly number[], bias: boolean): Parameter[] {
  const weight = parameter(joinPath(path, 'weight'), weightShape, 'weight');
  return bias ? [weight, parameter(joinPath(path, 'bias'), [weightShape[0]], 'bias')] : [weight];
}

/** A PReLU's slope per channel. */
export function slopeTensor(name: string, channels: number): Parameter {
  return parameter(name, [channels], 'slope');
}

export function batchNormTensors(path: string, channels: number): Parameter[] {
  return [
    parameter(joinPath(path, 'weight'), [channels], 'gamma'),
    parameter(joinPath(path, 'bias'), [channels], 'beta'),
    parameter(joinPath(path, 'running_mean'), [channels], 'runningMean'),
    parameter(joinPath(path, 'running_var'), [channels], 'runningVariance'),
    parameter(joinPath(path, 'num_batches_tracked'), [], 'counter'),
  ];
}
