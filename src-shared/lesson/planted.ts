// Merges with a mistake in one block, for a lesson that lets it be found. The mistake is made in the weights and the merge itself is
// the program's own, so that what is judged differs from the truth by nothing but the mistake. Each is one that public converters made.
import { UserError } from '../base/user-error';
import { mergeNetwork, type WeightedNetwork } from '../merge/merge-network';
import { floatTensor, type NamedTensors, type Tensor } from '../tensor/tensor';
import { toFloat32 } from '../tensor/convert';

export const PLANTED_FAULTS = ['mean-forgotten', 'kernel-mirrored', 'branch-forgotten'] as const;
export type PlantedFault = (typeof PLANTED_FAULTS)[number];

/** What each is, said once it was found. */
export const FAULT_TEXT: Readonly<Record<PlantedFault, string>> = {
  'mean-forgotten': 'the running mean of the batch norm after the 3x3 convolution was taken for zero',
  'kernel-mirrored': 'the 3x3 kernel was written into the matrix mirrored, left for right',
  'branch-forgotten': 'the 3x3 branch was left out of the sum',
};

/** The tensor of a block that each changes. */
const CHANGED: Readonly<Record<PlantedFault, string>> = {
  'mean-forgotten': 'repconv3.bn.running_mean',
  'kernel-mirrored': 'repconv3.conv.weight',
  'branch-forgotten': 'repconv3.bn.weight',
};

/** The train form merged with a mistake in one block. Throws UserError where the block has no 3x3 branch. */
export function mergeWithFault({ spec, weights }: WeightedNetwork, fault: PlantedFault, block: string): WeightedNetwork {
  return mergeNetwork(spec, weightsWithFault(weights, fault, block));
}

/** The weights of a train form with a mistake in one block; the others are shared. Throws UserError where the block has no 3x3 branch. */
export function weightsWithFault(weights: NamedTensors, fault: PlantedFault, block: string): NamedTensors {
  const at = (name: string): Tensor => {
    const tensor = weights.get(`${block}.${name}`);
    if (tensor) return tensor;
    throw new UserError(`${block} has no ${name}, so that the mistake ${fault} cannot be made in it`);
  };
  const name = CHANGED[fault];
  const changed = new Map([...weights, [`${block}.${name}`, changedTensor(at(name), fault)]]);
  // A branch that is left out leaves no shift behind either.
  if (fault === 'branch-forgotten') changed.set(`${block}.repconv3.bn.bias`, zerosLike(at('repconv3.bn.bias')));
  return changed;
}

function changedTensor(tensor: Tensor, fault: PlantedFault): Tensor {
  return fault === 'kernel-mirrored' ? mirrored(tensor) : zerosLike(tensor);
}

function zerosLike({ shape, data }: Tensor): Tensor {
  return floatTensor(shape, new Float32Array(data.length));
}

/** A kernel (O, C, K, K), its columns in the opposite order. */
function mirrored(tensor: Tensor): Tensor {
  const { shape, data } = toFloat32(tensor);
  const K = shape[shape.length - 1];
  return floatTensor(
    shape,
    data.map((_, at) => data[at - (at % K) + (K - 1 - (at % K))]),
  );
}
