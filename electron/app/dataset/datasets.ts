// Data sets as the use-cases see them, on whatever thread they are read: the service has one for them, the command line
// reads them itself. What a data set is read as is settled in one way.
import { UserError } from '@shared/base/user-error';
import type { DatasetReference, DatasetSplits, Sample, SampleSource, SettledDataset } from '@shared/dataset/dataset';
import { isBroken, readEach, type BrokenSample } from '@shared/dataset/read-each';
import { labelName, labelPixels, samplePixels } from '@shared/dataset/sample-pixels';
import type { SentSize } from '@shared/dataset/remote';
import { pictureOf, type ShownPicture } from '@shared/dataset/shown-picture';
import type { AskedSamples, ReadSamples, ShownSample } from '@shared/figure/kind';
import type { PictureSource } from '@shared/figure/recipe';
import type { NetworkSpec, Task } from '@shared/model/spec';
import { checkTrainable } from '@shared/training/recipe/fit';

export interface Datasets {
  /** Decides what a data set is read as, for a network of `task`. Rejects with UserError where there is none of that name. */
  settle(reference: DatasetReference, task: Task | null): Promise<SettledDataset>;
  /** Opens a settled data set; where samples are sent between threads, in the size given. */
  open(reference: DatasetReference, size?: SentSize): Promise<DatasetSplits>;
  /** The picture of a JPEG or PNG file, to look at. Rejects with UserError naming the file. */
  picture(file: string): Promise<ShownPicture>;
}

/** A data set about to be used: what it is read as, and what is to be said of its files. */
export interface CheckedDataset extends SettledDataset {
  readonly remarks: readonly string[];
}

/** The data set a network of `task` is evaluated on. Rejects with UserError where it cannot be opened. */
export function datasetForEvaluation(datasets: Datasets, asked: DatasetReference, task: Task): Promise<CheckedDataset> {
  return checked(datasets, asked, task, () => undefined);
}

/** The data set a network is to be trained on. Rejects with UserError where they do not fit, before anything is written. */
export function datasetForTraining(datasets: Datasets, asked: DatasetReference, spec: NetworkSpec): Promise<CheckedDataset> {
  return checked(datasets, asked, spec.task, ({ train }) => checkTrainable(spec, train));
}

async function checked(
  datasets: Datasets,
  asked: DatasetReference,
  task: Task,
  check: (splits: DatasetSplits) => void,
): Promise<CheckedDataset> {
  const settled = await datasets.settle(asked, task);
  const splits = await datasets.open(settled.reference);
  try {
    check(splits);
    return { ...settled, remarks: splits.remarks ?? [] };
  } finally {
    await splits.close?.();
  }
}

/** The samples a recipe names. Rejects with UserError where the data set has no such split, or ends before them. */
export async function namedSamples(datasets: Datasets, { dataset, split, first, count }: AskedSamples): Promise<ReadSamples> {
  const splits = await datasets.open((await datasets.settle(dataset, null)).reference);
  try {
    const source = split === 'train' || split === 'validation' ? splits[split] : splits[split]?.images;
    if (source === undefined) throw new UserError(`"split": this data set has no "${split}"; it has "train" and "validation"`);
    if (first >= source.count)
      throw new UserError(
        `"first": ${source.name} has no sample ${first}; ${source.count === 0 ? 'it is empty' : `they are numbered 0 to ${source.count - 1}`}`,
      );
    const indices = Array.from({ length: Math.min(count, source.count - first) }, (_, i) => first + i);
    const read = await readEach(source, indices);
    return { name: source.name, total: source.count, shown: read.map((sample, i) => shownSample(sample, indices[i], source)) };
  } finally {
    await splits.close?.();
  }
}

function shownSample(sample: Sample | BrokenSample, index: number, { classes }: SampleSource): ShownSample {
  if (isBroken(sample)) return { index, problem: sample.reason };
  const { width, height } = sample;
  return { index, label: labelName(sample, classes) ?? '', width, height, pixels: samplePixels(sample), classMap: labelPixels(sample) };
}

/** The picture a recipe or a window names. Rejects with UserError where there is none. */
export async function namedPicture(datasets: Datasets, source: PictureSource): Promise<ShownPicture> {
  if ('file' in source) return datasets.picture(source.file);
  const { train, close } = await datasets.open((await datasets.settle(source.dataset, null)).reference);
  try {
    return await pictureOf(train, source.of);
  } finally {
    await close?.();
  }
}
