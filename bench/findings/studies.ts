// The paper's findings as experiments on the embedded data: which networks are compared on what, and what
// the paper says. Every network of a study gets the same recipe, data and seeds.
import { openEmbedded } from '../../src-shared/dataset/embedded';
import type { DatasetReference, EmbeddedName } from '../../src-shared/dataset/dataset';
import { seed } from '../../src-shared/tensor/random';

/** The difference between two networks that a finding is about. */
export interface Claim {
  readonly better: string;
  readonly worse: string;
  /** What the paper found. */
  readonly paper: string;
}

export interface Study {
  readonly name: 'shapes' | 'faces' | 'faces-unaligned' | 'streets';
  readonly metric: string;
  readonly recipe: string;
  readonly models: readonly string[];
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

const FACES = {
  metric: 'verification accuracy of strangers',
  recipe: 'faces-short',
  models: ['repmlp-facenet-small', 'facenet-small'],
  full: { train: 2560, validation: 256, epochs: 8 },
  quick: { train: 1280, validation: 64, epochs: 4 },
} as const;

export const STUDIES: readonly Study[] = [
  {
    name: 'shapes',
    metric: 'accuracy',
    recipe: 'shapes-short',
    models: ['pure-mlp-small', 'pure-mlp-small-no-local', 'pure-mlp-small-no-global', 'pure-mlp-small-conv9', 'wide-convnet-small'],
    claims: [
      {
        better: 'pure-mlp-small',
        worse: 'pure-mlp-small-no-local',
        paper: 'CIFAR-10: 91.11 with Local Perceptron, 8.5 points less without',
      },
      {
        better: 'pure-mlp-small',
        worse: 'pure-mlp-small-no-global',
        paper: 'CIFAR-10: ablation C of table 1 (its number was not found)',
      },
      {
        better: 'pure-mlp-small',
        worse: 'pure-mlp-small-conv9',
        paper: 'CIFAR-10: more than 3.5 points lower with 9x9 convolutions in place of RepMLP',
      },
    ],
    full: { train: 4000, validation: 1000, epochs: 5 },
    quick: { train: 2000, validation: 500, epochs: 5 },
  },
  {
    ...FACES,
    name: 'faces',
    claims: [
      {
        better: 'repmlp-facenet-small',
        worse: 'facenet-small',
        paper: 'MegaFace: +2.9 points over FaceResNet on aligned faces (abstract)',
      },
    ],
  },
  // The paper has no unaligned faces: it argues from alignment that position helps.
  { ...FACES, name: 'faces-unaligned', claims: [] },
  {
    name: 'streets',
    metric: 'mIoU',
    recipe: 'streets-short',
    models: ['repmlp-pspnet-small', 'pspnet-small'],
    claims: [{ better: 'repmlp-pspnet-small', worse: 'pspnet-small', paper: 'Cityscapes: 76.48 against 74.27 mIoU, with fewer FLOPs' }],
    full: { train: 400, validation: 100, epochs: 6 },
    quick: { train: 160, validation: 60, epochs: 4 },
  },
];

/** The data of a study under one seed; a seed also means other samples. */
export function dataOf({ name }: Study, size: Size, number: number): Extract<DatasetReference, { kind: 'embedded' }> {
  const embedded: EmbeddedName = name;
  return { kind: 'embedded', name: embedded, seed: seed(number), trainCount: size.train, validationCount: size.validation };
}

export const openData = openEmbedded;
