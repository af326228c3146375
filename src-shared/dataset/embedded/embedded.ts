// The embedded data sets: drawn by our own code on demand, seeded, no files; the digits alone are read from a file that
// comes with the program. `openEmbedded` turns a reference into splits; a drawn split holds nothing but its seed and count.
import { assertNever } from '../../base/assert-never';
import type { Seed } from '../../tensor/random';
import { UserError } from '../../base/user-error';
import type { DatasetReference, DatasetSplits, Sample, SampleSource, SplitName } from '../dataset';
import { openDigits, type LoadDigits } from '../digits';
import { MOST_DRAWN } from '../reference-schema';
import { FACES_DEVIATION, FACES_MEAN, FACE_SIZE, drawFace } from './faces';
import { faceIdentification, faceVerification } from './face-tests';
import { SHAPES_CLASSES, SHAPES_DEVIATION, SHAPES_MEAN, SHAPES_SIZE, drawShapes } from './shapes';
import { STREETS_CLASSES, STREETS_DEVIATION, STREETS_MEAN, STREETS_SIZE, drawStreet } from './streets';

/** Grows whenever the drawing changes, so that a run's data hash tells apart what was drawn differently. */
export const EMBEDDED_DRAWING = 6;

export type EmbeddedReference = Extract<DatasetReference, { kind: 'embedded' }>;

/** People of the embedded faces' training split. */
export const TRAINING_PEOPLE = 64;

/** What all samples of a drawn data set share, and how one is drawn. */
interface Drawing extends Pick<SampleSource, 'task' | 'classes' | 'mean' | 'deviation'> {
  readonly size: number;
  readonly draw: (seed: Seed, split: SplitName, index: number) => Sample;
  /** Samples per split where the reference does not say. */
  readonly counts: Readonly<Record<SplitName, number>>;
}

const SHAPES: Drawing = {
  task: 'classification',
  classes: SHAPES_CLASSES,
  mean: SHAPES_MEAN,
  deviation: SHAPES_DEVIATION,
  size: SHAPES_SIZE,
  draw: drawShapes,
  counts: { train: 4000, validation: 1000 },
};

const STREETS: Drawing = {
  task: 'segmentation',
  classes: STREETS_CLASSES,
  mean: STREETS_MEAN,
  deviation: STREETS_DEVIATION,
  size: STREETS_SIZE,
  draw: drawStreet,
  counts: { train: 400, validation: 100 },
};

/** The same people in both splits, in different pictures; strangers are in the tests. */
function facesDrawing(aligned: boolean): Drawing {
  return {
    task: 'face',
    classes: Array.from({ length: TRAINING_PEOPLE }, (_, person) => `person ${person + 1}`),
    mean: FACES_MEAN,
    deviation: FACES_DEVIATION,
    size: FACE_SIZE,
    draw: (seed, split, index) => {
      const picture = 2 * Math.floor(index / TRAINING_PEOPLE) + (split === 'train' ? 0 : 1);
      return drawFace(seed, index % TRAINING_PEOPLE, picture, aligned);
    },
    counts: { train: 2560, validation: 512 },
  };
}

/** Where no file of the digits is at hand: what they are can be told, but they cannot be read. */
const noDigits: LoadDigits = () => Promise.reject(new Error('the digits cannot be read here: nobody said where their file is'));

/** Opens an embedded data set; `loadDigits` is asked where digits are read. Throws UserError for counts that are no whole numbers from 1 to what there is. */
export function openEmbedded(reference: EmbeddedReference, loadDigits: LoadDigits = noDigits): DatasetSplits {
  const { name, seed } = reference;
  switch (name) {
    case 'shapes':
      return drawnSplits(reference, SHAPES);
    case 'digits':
      return openDigits(reference, loadDigits);
    case 'streets':
      return drawnSplits(reference, STREETS);
    case 'faces':
    case 'faces-unaligned': {
      const aligned = name === 'faces';
      const tests = { verification: faceVerification(name, seed, aligned), identification: faceIdentification(name, seed, aligned) };
      return { ...drawnSplits(reference, facesDrawing(aligned)), ...tests };
    }
    default:
      return assertNever(name);
  }
}

function drawnSplits(reference: EmbeddedReference, drawing: Drawing): DatasetSplits {
  return { train: drawnSource(reference, drawing, 'train'), validation: drawnSource(reference, drawing, 'validation') };
}

function drawnSource(reference: EmbeddedReference, drawing: Drawing, split: SplitName): SampleSource {
  const { size, draw, counts, ...about } = drawing;
  const count = (split === 'train' ? reference.trainCount : reference.validationCount) ?? counts[split];
  if (!Number.isInteger(count) || count < 1 || count > MOST_DRAWN)
    throw new UserError(`the ${split} split of '${reference.name}' needs at least 1 sample and at most ${MOST_DRAWN}, got ${count}`);
  return {
    ...about,
    name: `${reference.name}/${split}`,
    count,
    image: { channels: 3, height: size, width: size },
    read: (indices) => Promise.resolve(Array.from(indices, (index) => draw(reference.seed, split, index))),
  };
}
