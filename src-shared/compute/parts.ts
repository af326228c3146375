// Large batches are run in parts that fit in memory. Invariant: in evaluation mode samples do not see each
// other, so parts one after the other give what the whole batch would.
import type { NetworkSpec } from '../model/spec';
import { leavesOf, sizedFor } from '../model/walk';
import { partsOf, type Watch } from '../tensor/parts';
import { elementCount, type FloatTensor } from '../tensor/tensor';
import { yieldToEvents } from '../base/yield-to-events';
import { UserError } from '../base/user-error';

/** Bytes of activations alive at once on a backend: WebAssembly has 4 GB for these, the weights and what lies between. */
let mostBytes = 2 ** 29;

/** Sets how many bytes of activations may be alive at once. */
export function allowActivations(bytes: number): void {
  mostBytes = bytes;
}

/** Arrays of a layer's size while it computes: input, what a residual keeps, partitions, branches, their sum, output. */
const ARRAYS_OF_A_LAYER = 6;

const BYTES_PER_FLOAT = 4;

/** Bytes of activations one sample needs on its way through a network; with every layer's output kept where asked. */
export function activationBytes(spec: NetworkSpec, everyLayer: boolean): number {
  const leaves = leavesOf(spec).filter(({ training }) => !training);
  const sample = spec.input.channels * spec.input.height * spec.input.width;
  const largest = leaves.reduce((most, { input, output }) => Math.max(most, elementCount(input), elementCount(output)), sample);
  const kept = everyLayer ? leaves.reduce((sum, { output }) => sum + elementCount(output), 0) : 0;
  return BYTES_PER_FLOAT * (ARRAYS_OF_A_LAYER * largest + kept);
}

/**
 * How many samples of an input (N, C, H, W) are run at once; at least one. Throws UserError where it is no batch of
 * images, or naming the layer that cannot take their size.
 */
export function samplesAtOnce(spec: NetworkSpec, shape: readonly number[], everyLayer: boolean): number {
  const { channels, height, width } = spec.input;
  if (shape.length !== 4 || shape[1] !== channels)
    throw new UserError(`${spec.name} takes an input of shape (N, ${channels}, ${height}, ${width}), got [${shape.join(', ')}]`);
  if (shape[0] === 0) throw new UserError(`${spec.name} takes at least one sample, got an input of shape [${shape.join(', ')}]`);
  return Math.max(1, Math.floor(mostBytes / activationBytes(sizedFor(spec, shape), everyLayer)));
}

/** Runs an input part by part. Between parts the thread hears whether it goes on: rejects when aborted. */
export async function inParts<Result>(
  input: FloatTensor,
  atOnce: number,
  run: (part: FloatTensor) => Promise<Result>,
  { onProgress, signal }: Watch = {},
): Promise<Result[]> {
  const results: Result[] = [];
  let done = 0;
  for (const part of partsOf(input, atOnce)) {
    signal?.throwIfAborted();
    results.push(await run(part));
    done += part.shape[0];
    onProgress?.(done, input.shape[0]);
    await yieldToEvents();
  }
  return results;
}
