// Data sets that another process reads: questions as JSON, answers as bytes. The side that owns the files
// answers (`answerDatasetQuestion`), the engine in a window asks (`openRemote`).
import type { DatasetReference, DatasetSplits } from './dataset';
import { describeSplits, encodeSamples, remoteSplits, sourceNamed, type SourceName, type SplitsDescription } from './wire';

/** What a data set is (its SplitsDescription as JSON), or samples of one of its sources (as `encodeSamples` writes them). */
export interface DatasetQuestion {
  readonly reference: DatasetReference;
  readonly samples?: { readonly source: SourceName; readonly indices: readonly number[] };
}

/** Opens a data set on the other side of `ask`. */
export async function openRemote(
  reference: DatasetReference,
  ask: (question: DatasetQuestion) => Promise<Uint8Array>,
): Promise<DatasetSplits> {
  const description = JSON.parse(new TextDecoder().decode(await ask({ reference }))) as SplitsDescription;
  return remoteSplits(description, (source, indices) => ask({ reference, samples: { source, indices } }));
}

/** The answer of the side that has the splits open. Throws RangeError for a source or sample the data set does not have. */
export async function answerDatasetQuestion(splits: DatasetSplits, { samples }: DatasetQuestion): Promise<Uint8Array> {
  if (samples === undefined) return new TextEncoder().encode(JSON.stringify(describeSplits(splits)));
  const source = sourceNamed(splits, samples.source);
  const wrong = samples.indices.find((index) => !(Number.isInteger(index) && index >= 0 && index < source.count));
  if (wrong !== undefined) throw new RangeError(`${source.name} has samples 0 to ${source.count - 1}, ${wrong} was asked for`);
  return encodeSamples(await source.read(samples.indices));
}
