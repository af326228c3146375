// Embedded data as the folders that a bundle's train.py reads.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { encode as encodePng } from 'fast-png';
import type { Sample, SampleSource, SplitName } from '../../src-shared/dataset/dataset';
import { openEmbedded } from '../../src-shared/dataset/embedded/embedded';
import type { Task } from '../../src-shared/model/spec';
import { seed } from '../../src-shared/tensor/random';

const SETS = {
  classification: { name: 'shapes', train: 192, validation: 40 },
  face: { name: 'faces', train: 192, validation: 64 },
  segmentation: { name: 'streets', train: 24, validation: 8 },
} as const;

/** Writes the data of a task below `folder`, in the layout the README names for it. */
export async function writePictures(task: Task, folder: string): Promise<void> {
  const { name, train, validation } = SETS[task];
  const digits = () => Promise.reject(new Error('no digits are asked for'));
  const splits = await openEmbedded({ kind: 'embedded', name, seed: seed(3), trainCount: train, validationCount: validation }, digits);
  for (const split of ['train', 'validation'] as const) await writeSplit(splits[split], split, folder);
}

async function writeSplit(source: SampleSource, split: SplitName, folder: string): Promise<void> {
  const place = split === 'train' ? 'train' : 'val';
  const samples = await source.read(Array.from({ length: source.count }, (_, i) => i));
  for (const [i, sample] of samples.entries()) {
    const number = String(i).padStart(5, '0');
    if (typeof sample.label === 'number') {
      // Numbers, so that the classes' order is theirs.
      await write(join(folder, place, `class-${String(sample.label).padStart(3, '0')}`), `${number}.png`, png(sample));
    } else {
      await write(join(folder, 'leftImg8bit', place, 'drawn'), `${number}_leftImg8bit.png`, png(sample));
      const labels = { ...sample, pixels: sample.label, channels: 1 };
      await write(join(folder, 'gtFine', place, 'drawn'), `${number}_gtFine_labelTrainIds.png`, png(labels));
    }
  }
}

function png({ pixels, height, width, channels }: Sample): Uint8Array {
  return encodePng({ data: pixels, height, width, channels, depth: 8 });
}

async function write(folder: string, name: string, bytes: Uint8Array): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, name), bytes);
}
