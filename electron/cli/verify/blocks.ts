// repmlp verify for a network that is not known as a whole: the blocks merged inside it, each compared on its own.
import type { Engine } from '@shared/compute/engine';
import type { BlockInputs } from '@shared/proof/blocks-inside';
import type { ReadCheckpoint } from '@shared/merge/merge-checkpoint';
import type { VerifyReport } from '@shared/merge/report';
import { verifyInside } from '@shared/proof/verify-checkpoint';
import { withEngine } from '../engine';
import { readNamedInput } from '../forward/forward';
import type { StatusLine } from '../progress';
import { seedFrom, wholeNumber } from '../verb';
import type { VerifyOptions } from './verify';

/** The blocks of an unknown network, each on its own, and what lies beside them. */
export function verifyBlocksOf(
  train: ReadCheckpoint,
  merged: ReadCheckpoint,
  options: VerifyOptions,
  status: StatusLine,
): Promise<VerifyReport> {
  const inputs = inputsFrom(options);
  const { backend } = options;
  const compare = (engine: Engine): Promise<VerifyReport> =>
    verifyInside(train, merged, inputs, (before, after, input, inputSource) =>
      engine.verify({ train: before, merged: after, input, inputSource, inputSeed: inputs.given ? null : inputs.seed, backend }),
    );
  return status.during('running the blocks in both forms', () => withEngine(compare));
}

/** Random inputs, or with --input a tensor of that file under the block's name, else its `x`. */
function inputsFrom({ input, seed, batch }: VerifyOptions): BlockInputs {
  const random = { batch: wholeNumber('--batch', batch, 1), seed: seedFrom('--seed', seed) };
  if (input === undefined) return random;
  return { ...random, given: { source: input, read: (block) => readNamedInput(input, [block, 'x']) } };
}
