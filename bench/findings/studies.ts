// The paper's findings as experiments on the embedded data: which networks are compared on what, and what
// the paper says. Every network of a study gets the same recipe, data and seeds.
import type { DatasetReference, EmbeddedName } from '../../src-shared/dataset/dataset';
import { seed } from '../../src-shared/tensor/random';

/** The difference between two networks that a finding is about. */
export interface Claim {
  readonly better: string;
  readonly worse: string;
  /** What the paper found. */
  readonly paper: string;
  /** For "at least as good": points by which the better one may fall short. Left out: it must be better. */
  readonly margin?: number;
}

/** A network of a study, and its number in the paper (which is of another data set and size). */
export interface Contestant {
  readonly model: string;
  readonly paper: string;
}

export interface Study {
  readonly name: EmbeddedName;
  readonly metric: string;
  readonly recipe: string;
  readonly contestants: readonly Contestant[];
  readonly claims: readonly Claim[];
  /** Samples and epochs in full, and with --quick. */
  readonly full: Size;
  readonly quick: Size;
}

export interface Size {
  readonly train: number;
  readonly validation: number;
  readonly epochs: number;
}

const SHAPES: Study = {
  name: 'shapes',
  metric: 'accuracy',
  recipe: 'shapes-short',
  contestants: [
    { model: 'pure-mlp-small', paper: 'CIFAR-10 91.11' },
    { model: 'pure-mlp-small-no-local', paper: 'B: 8.5 lower' },
    { model: 'pure-mlp-small-no-global', paper: 'C: number not found' },
    { model: 'pure-mlp-small-conv9-for-fc3', paper: 'D: 3.5 lower' },
    { model: 'pure-mlp-small-conv9', paper: 'E: lower than D' },
    { model: 'wide-convnet-small', paper: '91.99' },
  ],
  claims: [
    { better: 'pure-mlp-small', worse: 'pure-mlp-small-no-local', paper: '+8.5 points by the Local Perceptron' },
    { better: 'pure-mlp-small', worse: 'pure-mlp-small-no-global', paper: 'better with the Global Perceptron (row C)' },
    { better: 'pure-mlp-small', worse: 'pure-mlp-small-conv9-for-fc3', paper: '+3.5 points by FC3 over a 9x9 convolution' },
    { better: 'pure-mlp-small', worse: 'pure-mlp-small-conv9', paper: 'more than +3.5 points over 9x9 convolutions throughout' },
    { better: 'wide-convnet-small', worse: 'pure-mlp-small', paper: '+0.88 points for the Wide ConvNet, at 23 % more MACs' },
  ],
  full: { train: 4000, validation: 1000, epochs: 5 },
  quick: { train: 2000, validation: 500, epochs: 5 },
};

export const FACES_LEAD: Claim = { better: 'repmlp-facenet-small', worse: 'facenet-small', paper: '+2.9 points on MegaFace (abstract)' };

const FACES: Study = {
  name: 'faces',
  metric: 'verification accuracy of strangers',
  recipe: 'faces-short',
  contestants: [
    { model: FACES_LEAD.better, paper: 'MegaFace: 2.9 higher' },
    { model: FACES_LEAD.worse, paper: 'MegaFace: number not found' },
  ],
  claims: [FACES_LEAD],
  full: { train: 2560, validation: 128, epochs: 5 },
  quick: { train: 1280, validation: 64, epochs: 8 },
};

const STREETS: Study = {
  name: 'streets',
  metric: 'mIoU',
  recipe: 'streets-short',
  contestants: [
    { model: 'repmlp-pspnet-small', paper: 'Cityscapes 76.48' },
    { model: 'pspnet-small', paper: 'Cityscapes 74.27' },
  ],
  claims: [
    {
      better: 'repmlp-pspnet-small',
      worse: 'pspnet-small',
      paper: "+2.21 mIoU with fewer FLOPs (its networks' MACs, counted by `cost`: 2.1 % fewer)",
      margin: 1,
    },
  ],
  full: { train: 400, validation: 200, epochs: 8 },
  quick: { train: 200, validation: 100, epochs: 8 },
};

/** The paper has no unaligned faces: it argues from alignment that position helps. */
const UNALIGNED: Study = {
  ...FACES,
  name: 'faces-unaligned',
  contestants: FACES.contestants.map(({ model }) => ({ model, paper: 'not in the paper' })),
  claims: [],
};

export const STUDIES: readonly Study[] = [SHAPES, FACES, UNALIGNED, STREETS];

/** The data of a study under one seed; a seed also means other samples. */
export function dataOf({ name }: Study, size: Size, number: number): Extract<DatasetReference, { kind: 'embedded' }> {
  return { kind: 'embedded', name, seed: seed(number), trainCount: size.train, validationCount: size.validation };
}
