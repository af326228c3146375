// The embedded data sets: drawn by our own code on demand, seeded, no files. `openEmbedded` turns a
// reference into splits; a split holds nothing but its seed and count.
import { assertNever } from '../assert-never';
import type { Task } from '../model/spec';
import type { Seed } from '../tensor/random';
import { UserError } from '../user-error';
import type { DatasetReference, DatasetSplits, EmbeddedName, Sample, SampleSource, SplitName } from './dataset';
import { SHAPES_CLASSES, SHAPES_DEVIATION, SHAPES_MEAN, SHAPES_SIZE, drawShapes } from './shapes';

export const EMBEDDED_NAMES: readonly EmbeddedName[] = ['shapes', 'faces', 'faces-unaligned', 'streets'];

export type EmbeddedReference = Extract<DatasetReference, { kind: 'embedded' }>;

const DEFAULT_COUNTS: Readonly<Record<SplitName, number>> = { train: 4000, validation: 1000 };

/** What all samples of a drawn data set share, and how one is drawn. */
interface Drawing {
  readonly task: Task;
  readonly classes: readonly string[];
  readonly mean: readonly number[];
  readonly deviation: readonly number[];
  readonly size: number;
  readonly draw: (seed: Seed, split: SplitName, index: number) => Sample;
}

const SHAPES: Drawing = {
  task: 'classification',
  classes: SHAPES_CLASSES,
  mean: SHAPES_MEAN,
  deviation: SHAPES_DEVIATION,
  size: SHAPES_SIZE,
  draw: drawShapes,
};

/** Opens an embedded data set. Throws UserError for counts that are not positive integers. */
export function openEmbedded(reference: EmbeddedReference): DatasetSplits {
  const drawing = drawingOf(reference.name);
  return { train: drawnSource(reference, drawing, 'train'), validation: drawnSource(reference, drawing, 'validation') };
}

function drawingOf(name: EmbeddedName): Drawing {
  switch (name) {
    case 'shapes':
      return SHAPES;
    case 'faces':
    case 'faces-unaligned':
    case 'streets':
      throw new UserError(`the embedded data set '${name}' is not there yet; use 'shapes'`);
    default:
      return assertNever(name);
  }
}

function drawnSource(reference: EmbeddedReference, drawing: Drawing, split: SplitName): SampleSource {
  const count = (split === 'train' ? reference.trainCount : reference.validationCount) ?? DEFAULT_COUNTS[split];
  if (!Number.isInteger(count) || count < 1)
    throw new UserError(`the ${split} split of '${reference.name}' needs at least 1 sample, got ${count}`);
  return {
    name: `${reference.name}/${split}`,
    task: drawing.task,
    count,
    classes: drawing.classes,
    mean: drawing.mean,
    deviation: drawing.deviation,
    image: { channels: 3, height: drawing.size, width: drawing.size },
    read: (indices) => Promise.resolve(Array.from(indices, (index) => drawing.draw(reference.seed, split, index))),
  };
}
