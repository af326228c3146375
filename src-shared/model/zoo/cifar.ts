// Section 4.1 of the paper (figure 3): the pure MLP for 32x32 images, its ablations A to E of table 1,
// and the Wide ConvNet it is compared with. The paper draws stages 1 and 3; stage 2 follows by analogy
// and reproduces the published FLOPs. Not stated there: the branches' K (figure 1 suggests 1,3,5,7)
// and a ReLU between the two last FCs (taken as present; without it they would be one). The small networks
// have several partitions in every stage, as the paper's ImageNet networks do, so that each needs its Global Perceptron.
import { repMlp } from '../blocks';
import { classifier, convBn, linear, maxPool, relu } from '../layers';
import type { LayerSpec } from '../spec';
import { UserError } from '../../base/user-error';
import { integer, integers, type Settings, type ZooEntry } from './entry';

/** What stands in place of a RepMLP: the block itself, FC3 as a 9x9 conv (D), all of it as a 9x9 conv (E), or a 3x3 conv (Wide ConvNet). */
type Mixer = 'repmlp' | 'conv9-for-fc3' | 'conv9' | 'conv3';

interface PureMlpShape {
  /** Channels of the three stages (the last FC of a stage leads to the next one's). */
  readonly channels: readonly number[];
  readonly size: number;
  /** h = w of each stage's partitions. */
  readonly partitions: readonly number[];
  /** RepMLP + FC pairs per stage. */
  readonly repeats: number;
  readonly groups: number;
  readonly kernels: readonly number[];
  readonly withoutGlobal: boolean;
  readonly hidden: number;
  readonly classes: number;
  readonly mixer: Mixer;
}

function mixerLayers(shape: PureMlpShape, name: string, C: number, size: number, h: number): LayerSpec[] {
  const { groups, mixer } = shape;
  switch (mixer) {
    case 'repmlp': {
      const kernels = shape.kernels.filter((K) => K <= h);
      const settings = { C, O: C, H: size, W: size, h, w: h, kernels, reduction: 1, groups };
      return [repMlp(name, shape.withoutGlobal ? { ...settings, withoutGlobal: true } : settings), relu(`${name}_relu`)];
    }
    case 'conv9-for-fc3': {
      const conv = convBn(name, C, C, 9, 'relu', { padding: 4, groups });
      if (size === h) return [conv];
      return [{ kind: 'globalPerceptron', name: `${name}_global`, C, H: size, W: size, h, w: h, reduction: 1, form: 'train' }, conv];
    }
    case 'conv9':
      return [convBn(name, C, C, 9, 'relu', { padding: 4, groups })];
    case 'conv3':
      return [convBn(name, C, C, 3, 'relu', { padding: 1 })];
  }
}

function pureMlpLayers(shape: PureMlpShape): LayerSpec[] {
  const { channels, repeats } = shape;
  const stages = channels.flatMap((C, i): LayerSpec[] => {
    const size = shape.size / 2 ** i;
    const next = channels[i + 1] ?? C;
    const pairs = Array.from({ length: repeats }, (_, j): LayerSpec[] => {
      const out = j === repeats - 1 ? next : C;
      return [
        ...mixerLayers(shape, `stage${i + 1}.mix${j + 1}`, C, size, shape.partitions[i]),
        convBn(`stage${i + 1}.fc${j + 1}`, C, out, 1, 'relu'),
      ];
    }).flat();
    return i === channels.length - 1 ? pairs : [...pairs, maxPool(`stage${i + 1}.pool`, 2, 2)];
  });
  const last = channels[channels.length - 1];
  return [
    convBn('stem', 3, channels[0], 1, 'relu'),
    ...stages,
    ...classifier('fc1', last, shape.hidden),
    relu('relu'),
    linear('fc2', shape.hidden, shape.classes),
  ];
}

const PAPER = { small: false, width: 16, h: [8], g: 2, repeats: 2, hidden: 512, kernels: [1, 3, 5, 7] };
const SMALL = { small: true, width: 8, h: [8, 8, 4], g: 2, repeats: 1, hidden: 64, kernels: [1, 3, 5] };
type Size = typeof PAPER;

function entry(name: string, title: string, description: string, size: Size, mixer: Mixer, fixed: Partial<PureMlpShape> = {}): ZooEntry {
  const local = mixer === 'repmlp' && !fixed.kernels;
  return {
    name,
    title,
    description,
    task: 'classification',
    small: size.small,
    settings: [
      integer('width', size.width, 'channels of the first stage; doubled in each of the next two'),
      integer('size', 32, 'height and width of the input in pixels'),
      integers('h', size.h, 'height and width of a partition: one for all stages or one each'),
      integer('repeats', size.repeats, 'mixing layer + FC pairs per stage'),
      integer('hidden', size.hidden, 'width of the hidden FC of the head'),
      integer('classes', 10, 'number of classes'),
      ...(mixer === 'conv3' ? [] : [integer('g', size.g, 'groups of FC3 and of the conv branches')]),
      ...(local
        ? [integers('kernels', size.kernels, 'kernel sizes K of the conv branches; a stage has those that fit into its partitions')]
        : []),
    ],
    build: (settings) => {
      const imageSize = settings.integer('size');
      const layers = pureMlpLayers({ ...shapeFrom(settings, mixer, local), ...fixed });
      return { input: { channels: 3, height: imageSize, width: imageSize }, layers };
    },
  };
}

function shapeFrom(settings: Settings, mixer: Mixer, local: boolean): PureMlpShape {
  const width = settings.integer('width');
  return {
    channels: [width, 2 * width, 4 * width],
    size: settings.integer('size'),
    partitions: perStage(settings.integers('h')),
    repeats: settings.integer('repeats'),
    groups: mixer === 'conv3' ? 1 : settings.integer('g'),
    kernels: local ? settings.integers('kernels') : [],
    withoutGlobal: false,
    hidden: settings.integer('hidden'),
    classes: settings.integer('classes'),
    mixer,
  };
}

const STAGES = 3;

function perStage(h: readonly number[]): readonly number[] {
  if (h.length === 1) return Array.from({ length: STAGES }, () => h[0]);
  if (h.length === STAGES) return h;
  throw new UserError(`setting h needs one value for all ${STAGES} stages or one for each; got ${h.length}`);
}

/** A row of table 1: its network's name around the size's, its title, and what is different about it. */
interface Row {
  readonly name: (size: string) => string;
  readonly title: string;
  readonly description: string;
  readonly mixer: Mixer;
  readonly fixed?: Partial<PureMlpShape>;
}

const ROWS: readonly Row[] = [
  {
    name: (size) => `pure-mlp-${size}`,
    title: 'Pure MLP',
    description: 'RepMLPs and 1x1 FCs only; local priors come from the conv branches that merge away.',
    mixer: 'repmlp',
  },
  {
    name: (size) => `pure-mlp-${size}-no-local`,
    title: 'Pure MLP without Local Perceptron',
    description: 'Ablation B: no conv branches.',
    mixer: 'repmlp',
    fixed: { kernels: [] },
  },
  {
    name: (size) => `pure-mlp-${size}-no-global`,
    title: 'Pure MLP without Global Perceptron',
    description: 'Ablation C: partitions do not know of each other.',
    mixer: 'repmlp',
    fixed: { withoutGlobal: true },
  },
  {
    name: (size) => `pure-mlp-${size}-conv9-for-fc3`,
    title: 'FC3 as 9x9 conv',
    description: 'Ablation D: a 9x9 convolution with BN in place of FC3.',
    mixer: 'conv9-for-fc3',
  },
  {
    name: (size) => `pure-mlp-${size}-conv9`,
    title: 'RepMLP as 9x9 conv',
    description: 'Ablation E: a 9x9 convolution with BN in place of every RepMLP.',
    mixer: 'conv9',
  },
  {
    name: (size) => `wide-convnet-${size}`,
    title: 'Wide ConvNet',
    description: 'The ConvNet of the same layout with 3x3 convolutions and doubled width.',
    mixer: 'conv3',
  },
];

function family(suffix: string, size: Size, where: string): ZooEntry[] {
  return ROWS.map(({ name, title, description, mixer, fixed }) => {
    const width = mixer === 'conv3' ? 2 * size.width : size.width;
    return entry(name(suffix), `${title}, ${where}`, description, { ...size, width }, mixer, fixed);
  });
}

export const cifarEntries: readonly ZooEntry[] = [
  ...family('cifar', PAPER, 'CIFAR-10 as in the paper'),
  ...family('small', SMALL, 'for a laptop'),
];
