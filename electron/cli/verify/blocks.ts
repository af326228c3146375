// repmlp verify for a network that is not known as a whole: the blocks merged inside it, each compared on its own.
import type { Engine } from '@shared/compute/engine';
import { verifyBlocks, type BlockInputs } from '@shared/proof/blocks-inside';
import type { VerifyReport } from '@shared/merge/report';
import { withEngine } from '../engine';
import { readNamedInput } from '../forward/forward';
import { openWeights, readTensors, blocksInside } from '../network';
import { readShown, StatusLine } from '../progress';
import { seedFrom, wholeNumber } from '../verb';
import type { VerifyOptions } from './verify';

/** The blocks of an unknown network, each on its own; null where the network is known. */
export async function verifyBlocksInside(trainPath: string, mergedPath: string, options: VerifyOptions): Promise<VerifyReport | null> {
  const file = await openWeights(trainPath, options);
  try {
    const blocks = await blocksInside(file, options);
    if (blocks.length === 0) return null;
    const inputs = inputsFrom(options);
    const status = new StatusLine();
    const train = await readShown(file, status);
    const merged = await readTensors(mergedPath, status, { ...options, ifSeveral: true });
    const { backend } = options;
    const compare = (engine: Engine): Promise<VerifyReport> =>
      verifyBlocks({ blocks, train, merged }, inputs, (before, after, input, inputSource) =>
        engine.verify({ train: before, merged: after, input, inputSource, inputSeed: inputs.given ? null : inputs.seed, backend }),
      );
    return await status.during(`running ${blocks.length} blocks in both forms`, () => withEngine(compare));
  } finally {
    await file.close();
  }
}

/** Random inputs, or with --input a tensor of that file under the block's name, else its `x`. */
function inputsFrom({ input, seed, batch }: VerifyOptions): BlockInputs {
  const random = { batch: wholeNumber('--batch', batch, 1), seed: seedFrom('--seed', seed) };
  if (input === undefined) return random;
  return { ...random, given: { source: input, read: (block) => readNamedInput(input, [block, 'x']) } };
}
