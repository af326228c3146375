// What lies among the weights and cannot be read as a tensor: set aside where it is beside the network, and a
// reason to refuse the file where a weight depends on it.
import { shapeText } from '../tensor/tensor';
import type { UnreadValue } from './checkpoint-file';
import { quoted, refuse } from './refuse';

/** Names that layers give their parameters and statistics, also when they are normed, pruned or parametrized. */
const WEIGHT = /(^|_)(weight|bias|kernel|gamma|beta|running_mean|running_var)(_\w+)?$|^original\d?$/;
/** Names of what counts steps and operations, and of states that layers keep for themselves. */
const BESIDE = /^(num_batches_tracked|n_averaged|total_ops|total_params|_?extra_state|\w*rng_state|\w*step\w*)$/;

/** A tensor of a type or kind this program does not hold. `type` in the file's words. */
export function unreadTensor(name: string, type: string, shape: readonly number[], kind: UnreadValue['kind']): UnreadValue {
  return {
    name,
    what: `${type} ${shape.length === 0 ? 'scalar' : shapeText(shape)}`,
    refusal: `keeps ${quoted(name)} as ${type}, an element type this program does not read; convert it first, say to float32`,
    kind,
  };
}

/** What is set aside, a phrase each. Throws UserError naming the first value that a weight depends on. */
export function setAside(unread: readonly UnreadValue[]): string[] {
  const weight = unread.find(isWeight);
  if (weight) refuse(weight.refusal);
  return unread.map(({ name, what }) => `${name} (${what})`);
}

/** Below a module every tensor is part of the network, whatever its name. */
function isWeight({ name, kind }: UnreadValue): boolean {
  const last = name.slice(name.lastIndexOf('.') + 1);
  if (BESIDE.test(last)) return false;
  return WEIGHT.test(last) || (kind === 'tensor' && name.includes('.'));
}
