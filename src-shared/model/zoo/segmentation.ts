// Section 4.4: PSPNet on Cityscapes crops of 713 pixels, so that c3, c4 and c5 are 90x90 maps (81
// partitions of 10x10 for RepMLP-Res50-g4/8, FC1/FC2 reduction 4 in c3 and 8 in c4). Both keep stride 1
// in c4 and c5; c5 is dilated, c4 only in the plain ResNet-50. Pyramid bins 1, 2, 3, 6.
import { conv2d, convBn } from '../layers';
import type { LayerSpec } from '../spec';
import { integer, integers, type Settings, type ZooEntry } from './entry';
import { resNetTrunk, type Replacement } from './resnet';

const BINS = [1, 2, 3, 6];

interface PspDefaults {
  readonly size: number;
  readonly base: number;
  readonly blocks: readonly number[];
  readonly classes: number;
  readonly g: readonly number[];
  readonly r: readonly number[];
  readonly h: number;
  readonly kernels: readonly number[];
  readonly reduction: readonly number[];
}

const PAPER: PspDefaults = {
  size: 713,
  base: 64,
  blocks: [3, 4, 6, 3],
  classes: 19,
  g: [4, 8],
  r: [2, 4],
  h: 10,
  kernels: [1, 3, 5, 7],
  reduction: [4, 8],
};
/** RepMLPs in c4 alone, where r = 4 makes them save: 1.8 % of all MACs here, 2.1 % in the paper's networks (c3 takes more, c4 less). */
const SMALL: PspDefaults = { size: 64, base: 8, blocks: [1, 1, 3, 1], classes: 8, g: [4], r: [4], h: 4, kernels: [1, 3], reduction: [1] };

function pspNet(name: string, title: string, defaults: PspDefaults, withRepMlp: boolean): ZooEntry {
  return {
    name,
    title,
    description: withRepMlp
      ? 'PSPNet over a ResNet-50 with RepMLP Bottlenecks in the stride-1 blocks of c3 and c4.'
      : 'PSPNet over a dilated ResNet-50, the baseline.',
    task: 'segmentation',
    small: defaults === SMALL,
    settings: [
      integer('size', defaults.size, 'height and width of the crop'),
      integer('base', defaults.base, 'channels of the stem'),
      integers('blocks', defaults.blocks, 'blocks per stage'),
      integer('classes', defaults.classes, 'number of classes'),
      ...(withRepMlp
        ? [
            integers('g', defaults.g, 'groups in c3 and c4'),
            integers('r', defaults.r, 'channel reduction in c3 and c4'),
            integers('reduction', defaults.reduction, 'FC1/FC2 reduction in c3 and c4'),
            integer('h', defaults.h, 'height and width of a partition'),
            integers('kernels', defaults.kernels, 'kernel sizes K of the conv branches'),
          ]
        : []),
    ],
    build: (settings) => buildPspNet(settings, withRepMlp),
  };
}

function buildPspNet(settings: Settings, withRepMlp: boolean): ReturnType<ZooEntry['build']> {
  const size = settings.integer('size');
  const base = settings.integer('base');
  const classes = settings.integer('classes');
  const widths = [4, 8, 16, 32].map((factor) => factor * base);
  const [stem, c2, c3, c4, c5] = resNetTrunk({
    height: size,
    width: size,
    blocks: settings.integers('blocks'),
    widths,
    bottleneckRatio: 4,
    stem: base,
    strides: [1, 2, 1, 1],
    dilations: [1, 1, withRepMlp ? 1 : 2, 4],
    replace: (stage) => (withRepMlp ? pspReplacement(settings, stage) : null),
  });
  const map = Math.ceil(Math.ceil(Math.ceil(size / 2) / 2) / 2);
  return {
    input: { channels: 3, height: size, width: size },
    layers: [...stem, ...c2, ...c3, ...c4, auxiliaryHead(widths[2], classes, size), ...c5, ...pyramidHead(widths[3], classes, map, size)],
  };
}

function pspReplacement(settings: Settings, stage: number): Replacement | null {
  if (stage !== 1 && stage !== 2) return null;
  const of = (key: string): number => settings.integers(key)[stage - 1] ?? settings.integers(key)[0];
  const h = settings.integer('h');
  return {
    kind: 'bottleneck',
    r: of('r'),
    map: { h, w: h, kernels: settings.integers('kernels'), reduction: of('reduction'), groups: of('g') },
  };
}

function auxiliaryHead(channels: number, classes: number, size: number): LayerSpec {
  const hidden = channels / 4;
  return {
    kind: 'sideHead',
    name: 'aux',
    layers: [
      convBn('conv', channels, hidden, 3, 'relu', { padding: 1 }),
      { kind: 'dropout', name: 'dropout', rate: 0.1 },
      conv2d('classes', hidden, classes, 1),
      { kind: 'resize', name: 'resize', size: [size, size] },
    ],
  };
}

function pyramidHead(channels: number, classes: number, map: number, size: number): LayerSpec[] {
  const reduced = channels / BINS.length;
  const branches = BINS.map((bins): LayerSpec[] => [
    { kind: 'adaptiveAveragePool', name: `pool${bins}`, bins: [bins, bins] },
    convBn(`conv${bins}`, channels, reduced, 1, 'relu'),
    { kind: 'resize', name: `resize${bins}`, size: [map, map] },
  ]);
  return [
    { kind: 'concat', name: 'ppm', branches: [[], ...branches] },
    convBn('cls.conv', 2 * channels, reduced, 3, 'relu', { padding: 1 }),
    { kind: 'dropout', name: 'cls.dropout', rate: 0.1 },
    conv2d('cls.classes', reduced, classes, 1),
    { kind: 'resize', name: 'cls.resize', size: [size, size] },
  ];
}

export const segmentationEntries: readonly ZooEntry[] = [
  pspNet('repmlp-pspnet50', 'RepMLP-PSPNet-50', PAPER, true),
  pspNet('pspnet50', 'PSPNet-50', PAPER, false),
  pspNet('repmlp-pspnet-small', 'RepMLP-PSPNet, for a laptop', SMALL, true),
  pspNet('pspnet-small', 'PSPNet, for a laptop', SMALL, false),
];
