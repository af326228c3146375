// The samples of a split in order, some at a time. The next ones are read while the network is busy with the
// last: decoding pictures takes about as long as running them.
import type { Sample, SampleSource } from '../../dataset/dataset';

/** Samples with the place of the first one. */
export interface Portion {
  readonly first: number;
  readonly samples: readonly Sample[];
}

/** All samples, `atOnce` at a time. A failure to read shows when its portion's turn comes. */
export async function* inOrder(source: SampleSource, atOnce: number): AsyncGenerator<Portion, void> {
  let next = read(source, 0, atOnce);
  for (let first = 0; first < source.count; first += atOnce) {
    const samples = await next;
    next = read(source, first + atOnce, atOnce);
    yield { first, samples };
  }
}

function read(source: SampleSource, first: number, atOnce: number): Promise<readonly Sample[]> {
  const length = Math.max(0, Math.min(atOnce, source.count - first));
  if (length === 0) return Promise.resolve([]);
  const samples = source.read(Int32Array.from({ length }, (_, i) => first + i));
  // Nobody waits for it when the evaluation ends before.
  samples.catch(() => undefined);
  return samples;
}
