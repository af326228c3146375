// Section 4.3: face recognition on 96x96 crops. FaceResNet is ResNet-50 with 3,2,2,2 blocks and 3x3
// convolutions as wide as the stage; RepMLP-FaceRes replaces the stride-1 blocks of c2 to c4.
// MobileFaceNet after arXiv 1804.07573. Heads: global pooling (MobileFaceNet: global depthwise conv),
// a 128-d embedding (not stated in the paper), cosine classifier for AM-Softmax.
import { batchNorm, convBn, globalAveragePool, linear, residual } from '../layers';
import type { ActivationFunction, LayerSpec } from '../spec';
import { integer, integers, type Settings, type ZooEntry } from './entry';
import { resNetTrunk, type Replacement } from './resnet';

/** Embedding (`embedding`, then its BN) and the cosine classifier whose output is the cosine to each identity. */
function faceHead(features: number, embedding: number, identities: number): LayerSpec[] {
  return [
    { kind: 'flatten', name: 'flatten' },
    linear('embedding', features, embedding, false),
    batchNorm('embedding_bn', embedding),
    { kind: 'cosineLinear', name: 'identities', in: embedding, out: identities },
  ];
}

interface FaceDefaults {
  readonly size: number;
  readonly width: number;
  readonly blocks: readonly number[];
  readonly identities: number;
  readonly h: number;
  readonly kernels: readonly number[];
  readonly stemPool: boolean;
}

const PAPER: FaceDefaults = { size: 96, width: 128, blocks: [3, 2, 2, 2], identities: 85_742, h: 6, kernels: [1, 3, 5], stemPool: true };
/**
 * 64 pixels without the stem's pooling and without c5: maps of 32, 16 and 8 pixels, the last one a partition of its own. With c5, whose
 * map of 4x4 is almost all border, zero padding tells a convolution the place as well and FaceResNet is half a point ahead; with RepMLPs
 * in c2 and c3 too the network needs at least twice as many epochs as its twin, too many for a laptop.
 */
const SMALL: FaceDefaults = { size: 64, width: 8, blocks: [1, 1, 2], identities: 64, h: 8, kernels: [1, 3, 5], stemPool: false };

function faceResNet(name: string, title: string, defaults: FaceDefaults, withRepMlp: boolean): ZooEntry {
  return {
    name,
    title,
    description: withRepMlp
      ? 'RepMLP Bottlenecks in the stride-1 blocks of c2, c3 and c4 (r = 2, g = 4).'
      : 'ResNet-50 shaped for 96x96 faces; the conv-only baseline.',
    task: 'face',
    small: defaults === SMALL,
    settings: [
      integer('size', defaults.size, 'height and width of the aligned face crop'),
      integer('width', defaults.width, 'channels of c2; doubled in each later stage'),
      integers('blocks', defaults.blocks, 'blocks per stage, from c2 on'),
      integer('embedding', 128, 'length of the face embedding'),
      integer('identities', defaults.identities, 'number of training identities'),
      ...(withRepMlp
        ? [
            integer('g', 4, 'groups'),
            integer('r', 2, 'channel reduction'),
            integer('h', defaults.h, 'partition size'),
            integers('kernels', defaults.kernels, 'kernel sizes K'),
          ]
        : []),
    ],
    build: (settings) => buildFaceResNet(settings, defaults.stemPool, withRepMlp),
  };
}

function buildFaceResNet(settings: Settings, stemPool: boolean, withRepMlp: boolean): ReturnType<ZooEntry['build']> {
  const size = settings.integer('size');
  const blocks = settings.integers('blocks');
  const widths = [1, 2, 4, 8].slice(0, blocks.length).map((factor) => factor * settings.integer('width'));
  const replace = (stage: number): Replacement | null => (withRepMlp && stage < 3 ? faceReplacement(settings) : null);
  const trunk = resNetTrunk({
    height: size,
    width: size,
    blocks,
    widths,
    bottleneckRatio: 1,
    stem: Math.min(64, settings.integer('width')),
    stemPool,
    strides: [1, 2, 2, 2],
    dilations: [1, 1, 1, 1],
    replace,
  });
  const head = faceHead(widths[widths.length - 1], settings.integer('embedding'), settings.integer('identities'));
  return { input: { channels: 3, height: size, width: size }, layers: [...trunk.flat(), globalAveragePool('pool'), ...head] };
}

function faceReplacement(settings: Settings): Replacement {
  const h = settings.integer('h');
  return {
    kind: 'bottleneck',
    r: settings.integer('r'),
    map: { h, w: h, kernels: settings.integers('kernels'), reduction: 1, groups: settings.integer('g') },
  };
}

/** Rows of MobileFaceNet's table 1: expansion t, channels, repeats, first stride. */
const MOBILE_STAGES = [
  [2, 64, 5, 2],
  [4, 128, 1, 2],
  [2, 128, 6, 1],
  [4, 128, 1, 2],
  [2, 128, 2, 1],
] as const;

function depthwise(name: string, channels: number, stride: number, activation: ActivationFunction): LayerSpec {
  return convBn(name, channels, channels, 3, activation, { stride, padding: 1, groups: channels });
}

function invertedBottleneck(name: string, inChannels: number, out: number, expansion: number, stride: number): LayerSpec {
  const hidden = inChannels * expansion;
  const body = [
    convBn('expand', inChannels, hidden, 1, 'prelu'),
    depthwise('depthwise', hidden, stride, 'prelu'),
    convBn('project', hidden, out, 1, 'none'),
  ];
  if (stride === 1 && inChannels === out) return residual(name, body);
  return { kind: 'sequential', name, layers: body };
}

const mobileFaceNet: ZooEntry = {
  name: 'mobilefacenet',
  title: 'MobileFaceNet',
  description: 'The light face network the paper compares with.',
  task: 'face',
  small: false,
  settings: [
    integer('size', 96, 'height and width of the aligned face crop'),
    integer('embedding', 128, 'length of the face embedding'),
    integer('identities', 85_742, 'number of training identities'),
  ],
  build: (settings) => {
    const size = settings.integer('size');
    let channels = 64;
    const stages = MOBILE_STAGES.flatMap(([t, out, repeats, firstStride], i) =>
      Array.from({ length: repeats }, (_, j) => {
        const block = invertedBottleneck(`stages.${i}.${j}`, channels, out, t, j === 0 ? firstStride : 1);
        channels = out;
        return block;
      }),
    );
    const map = Math.ceil(size / 16);
    return {
      input: { channels: 3, height: size, width: size },
      layers: [
        convBn('stem', 3, 64, 3, 'prelu', { stride: 2, padding: 1 }),
        depthwise('stem_depthwise', 64, 1, 'prelu'),
        ...stages,
        convBn('expand', 128, 512, 1, 'prelu'),
        convBn('global_depthwise', 512, 512, map, 'none', { groups: 512 }),
        ...faceHead(512, settings.integer('embedding'), settings.integer('identities')),
      ],
    };
  },
};

export const faceEntries: readonly ZooEntry[] = [
  faceResNet('repmlp-facenet', 'RepMLP-FaceRes', PAPER, true),
  faceResNet('facenet', 'FaceResNet', PAPER, false),
  mobileFaceNet,
  faceResNet('repmlp-facenet-small', 'RepMLP-FaceRes, for a laptop', SMALL, true),
  faceResNet('facenet-small', 'FaceResNet, for a laptop', SMALL, false),
];
