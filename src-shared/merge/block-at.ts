// Where a block's tensors are found: by path in a network, or at the root for a block of its own.
import { isRepBlock, type NetworkSpec, type RepBlock } from '../model/spec';
import { leavesOf } from '../model/walk';
import { UserError } from '../base/user-error';

/** The re-parameterizable block at `path`. Throws UserError, listing the blocks there are, if it is none. */
export function repBlockAt(spec: NetworkSpec, path: string): RepBlock {
  const blocks = leavesOf(spec).flatMap(({ layer, path: at }) => (isRepBlock(layer) ? [{ layer, at }] : []));
  const found = blocks.find(({ at }) => at === path);
  if (found) return found.layer;
  const names = blocks.map(({ at }) => at || '(the whole network)').join(', ');
  throw new UserError(`${spec.name} has no RepMLP block at '${path}'; its blocks: ${names || 'none'}`);
}
