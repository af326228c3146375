// The blocks the pattern verb is about, analysed.
import { isRepBlock, type NetworkSpec } from '@shared/model/spec';
import { leavesOf } from '@shared/model/walk';
import { analyseNetwork, type BlockPattern } from '@shared/pattern/analyse';
import type { NamedTensors } from '@shared/tensor/tensor';
import { UserError } from '@shared/user-error';
import { remark, type NetworkOptions } from './verb';

export interface PatternOptions extends NetworkOptions {
  readonly layer?: string;
  readonly json?: boolean;
  readonly csv?: boolean;
  readonly out?: string;
  readonly force?: boolean;
  readonly against?: string;
  readonly epochs?: boolean;
}

/** The patterns of the block asked for, else of all. Throws UserError where the network has none. */
export async function analyse(spec: NetworkSpec, weights: NamedTensors, { layer, json, csv }: PatternOptions): Promise<BlockPattern[]> {
  const blocks = leavesOf(spec).flatMap(({ path, layer: own }) => (isRepBlock(own) ? [path] : []));
  if (blocks.length === 0) throw new UserError(`${spec.name} has no re-parameterizable block to analyse`);
  if (layer !== undefined && !blocks.includes(layer))
    throw new UserError(`${spec.name} has no block ${layer}; it has ${blocks.join(', ')}`);
  const quiet = json === true || csv === true;
  return analyseNetwork(spec, weights, {
    layer,
    onProgress: quiet ? undefined : ({ done, total }) => remark(`analysed ${done} of ${total}`),
  });
}
