// Data sets across a boundary: the side that owns the files describes its splits as JSON and sends samples
// as bytes; the other side reads them as if they were its own. Used where the engine runs in a window.
import { z } from 'zod';
import { TASKS } from '../model/spec';
import type { DatasetSplits, Sample, SampleSource } from './dataset';

/** The sources of a data set by name. */
export const SOURCE_NAMES = ['train', 'validation', 'verification', 'identification'] as const;
export type SourceName = (typeof SOURCE_NAMES)[number];

const count = z.number().int().nonnegative();
const source = z.object({
  name: z.string(),
  task: z.enum(TASKS),
  count,
  classes: z.array(z.string()).readonly(),
  mean: z.array(z.number()).readonly(),
  deviation: z.array(z.number()).readonly(),
  image: z.object({ channels: count, height: count, width: count }),
});

/** Splits without their samples: plain JSON. */
export const splitsDescriptionSchema = z.object({
  train: source,
  validation: source,
  verification: z
    .object({ images: source, pairs: z.array(z.object({ first: count, second: count, same: z.boolean(), fold: count })).readonly() })
    .optional(),
  identification: z.object({ images: source, probes: z.array(count).readonly(), distractors: z.array(count).readonly() }).optional(),
  remarks: z.array(z.string()).readonly().optional(),
});

export type SplitsDescription = Readonly<z.infer<typeof splitsDescriptionSchema>>;
/** A source without its samples. */
type SourceDescription = z.infer<typeof source>;

/** What the owner of the files tells of them. */
export function describeSplits({ train, validation, verification, identification, remarks }: DatasetSplits): SplitsDescription {
  return {
    train: describe(train),
    validation: describe(validation),
    ...(verification && { verification: { ...verification, images: describe(verification.images) } }),
    ...(identification && { identification: { ...identification, images: describe(identification.images) } }),
    ...(remarks && { remarks }),
  };
}

function describe({ read: _, ...description }: SampleSource): SourceDescription {
  return description;
}

/** The source of that name. Throws RangeError if the data set has none. */
export function sourceNamed(splits: DatasetSplits, name: SourceName): SampleSource {
  const source = name === 'train' || name === 'validation' ? splits[name] : splits[name]?.images;
  if (!source) throw new RangeError(`the data set has no source '${name}'`);
  return source;
}

/** Splits whose samples are asked for with `fetchSamples`, which answers what `encodeSamples` made on the other side. */
export function remoteSplits(
  description: SplitsDescription,
  fetchSamples: (source: SourceName, indices: readonly number[]) => Promise<Uint8Array>,
): DatasetSplits {
  const remote = (name: SourceName, about: SourceDescription): SampleSource => ({
    ...about,
    read: async (indices) => decodeSamples(await fetchSamples(name, Array.from(indices))),
  });
  const { train, validation, verification, identification, remarks } = description;
  return {
    train: remote('train', train),
    validation: remote('validation', validation),
    ...(verification && { verification: { ...verification, images: remote('verification', verification.images) } }),
    ...(identification && { identification: { ...identification, images: remote('identification', identification.images) } }),
    ...(remarks && { remarks }),
  };
}

/** Little-endian uint32 words before each sample: height, width, channels, label (PER_PIXEL: a class map follows the pixels). */
const HEADER_WORDS = 4;
const PER_PIXEL = 0xffffffff;

/** Samples as bytes: for each a header of four words, its pixels, and its class map if it has one. */
export function encodeSamples(samples: readonly Sample[]): Uint8Array {
  const bytes = new Uint8Array(samples.reduce((sum, sample) => sum + encodedLength(sample), 0));
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const sample of samples) {
    const { height, width, channels, pixels, label } = sample;
    [height, width, channels, typeof label === 'number' ? label : PER_PIXEL].forEach((word, i) => view.setUint32(at + 4 * i, word, true));
    bytes.set(pixels, at + 4 * HEADER_WORDS);
    if (typeof label !== 'number') bytes.set(label, at + 4 * HEADER_WORDS + pixels.length);
    at += encodedLength(sample);
  }
  return bytes;
}

function encodedLength({ pixels, label }: Sample): number {
  return 4 * HEADER_WORDS + pixels.length + (typeof label === 'number' ? 0 : label.length);
}

/** The samples `encodeSamples` wrote; they share its memory. Throws RangeError if the bytes end within a sample. */
export function decodeSamples(bytes: Uint8Array): Sample[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const samples: Sample[] = [];
  for (let at = 0; at < bytes.length; ) {
    const [height, width, channels, label] = [0, 1, 2, 3].map((i) => view.getUint32(at + 4 * i, true));
    const start = at + 4 * HEADER_WORDS;
    const end = start + height * width * channels;
    at = label === PER_PIXEL ? end + height * width : end;
    if (at > bytes.length) throw new RangeError(`sample ${samples.length} ends at byte ${at}, ${bytes.length} came`);
    samples.push({
      height,
      width,
      channels,
      pixels: bytes.subarray(start, end),
      label: label === PER_PIXEL ? bytes.subarray(end, at) : label,
    });
  }
  return samples;
}
