// Samples read for someone who looks: one that cannot be read is answered with the reason and hides no other.
import { UserError } from '../base/user-error';
import type { Sample, SampleSource } from './dataset';

/** A sample that cannot be read; `reason` names its file. */
export interface BrokenSample {
  readonly index: number;
  readonly reason: string;
}

/** The samples at these places, with those that cannot be read replaced by the reason. Rejects only where the service is gone. */
export async function readEach(source: SampleSource, indices: readonly number[]): Promise<readonly (Sample | BrokenSample)[]> {
  try {
    return await source.read(indices);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    if (indices.length === 1) return [{ index: indices[0], reason: error.message }];
    const middle = indices.length >> 1;
    const halves = [indices.slice(0, middle), indices.slice(middle)];
    return (await Promise.all(halves.map((half) => readEach(source, half)))).flat();
  }
}

export function isBroken(sample: Sample | BrokenSample): sample is BrokenSample {
  return 'reason' in sample;
}
