// Data sets that another process reads: questions as JSON, answers as bytes. The side that owns the files
// answers (`answerDatasetQuestion`), the engine in a window asks (`openRemote`).
import { z } from 'zod';
import { fitTo, resize } from './pixels/geometry';
import { datasetReferenceSchema } from './reference-schema';
import type { DatasetReference, DatasetSplits, Sample } from './dataset';
import { describeSplits, encodeSamples, remoteSplits, SOURCE_NAMES, sourceNamed, splitsDescriptionSchema } from './wire';

const side = z.number().int().positive().max(16_384);

/** The size samples are sent in: cut to a network's input, or shrunk until no side is longer than `within`. Their own if nothing is said. */
const sentSize = z.union([z.object({ fit: z.object({ height: side, width: side }) }), z.object({ within: side })]);
export type SentSize = Readonly<z.infer<typeof sentSize>>;

/** What a data set is (its SplitsDescription as JSON), or samples of one of its sources (as `encodeSamples` writes them). */
export const datasetQuestionSchema = z.object({
  reference: datasetReferenceSchema,
  samples: z
    .object({ source: z.enum(SOURCE_NAMES), indices: z.array(z.number()).max(65_536).readonly(), size: sentSize.optional() })
    .optional(),
});
export type DatasetQuestion = Readonly<z.infer<typeof datasetQuestionSchema>>;

/** Answers questions about data sets. */
export type AskDataset = (question: DatasetQuestion) => Promise<Uint8Array>;

/** Opens a data set on the other side of `ask`; samples come in the size given. */
export async function openRemote(reference: DatasetReference, ask: AskDataset, size?: SentSize): Promise<DatasetSplits> {
  const description = splitsDescriptionSchema.parse(JSON.parse(new TextDecoder().decode(await ask({ reference }))));
  return remoteSplits(description, (source, indices) => ask({ reference, samples: { source, indices, ...(size && { size }) } }));
}

/** The answer of the side that has the splits open. Throws RangeError for a source or sample the data set does not have. */
export async function answerDatasetQuestion(splits: DatasetSplits, { samples }: DatasetQuestion): Promise<Uint8Array> {
  if (samples === undefined) return new TextEncoder().encode(JSON.stringify(describeSplits(splits)));
  const source = sourceNamed(splits, samples.source);
  const wrong = samples.indices.find((index) => !(Number.isInteger(index) && index >= 0 && index < source.count));
  if (wrong !== undefined) throw new RangeError(`${source.name} has samples 0 to ${source.count - 1}, ${wrong} was asked for`);
  const { size } = samples;
  const read = await source.read(samples.indices);
  return encodeSamples(size === undefined ? read : read.map((sample) => sized(sample, size)));
}

function sized(sample: Sample, size: SentSize): Sample {
  if ('fit' in size) return fitTo(sample, size.fit);
  const scale = Math.min(1, size.within / Math.max(sample.height, sample.width));
  const scaled = (side: number): number => Math.max(1, Math.round(side * scale));
  return resize(sample, { height: scaled(sample.height), width: scaled(sample.width) });
}
