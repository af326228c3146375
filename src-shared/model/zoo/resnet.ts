// ResNets, and RepMLP in ResNet-50 (section 4.2, figures 4 and 6; the released constructors' settings):
// stride-1 blocks of chosen stages become RepMLP Bottlenecks or Light Blocks. Names are the official code's.
import { bottleneckBlock, lightBlock, type RepMlpSettings } from '../blocks';
import { classifier, convBn, maxPool, residual } from '../layers';
import type { LayerSpec, Residual } from '../spec';
import { UserError } from '../../base/user-error';
import { integer, integers, type Setting, type Settings, type ZooEntry } from './entry';

/** Stages of a ResNet in the paper's names. */
const STAGES = ['c2', 'c3', 'c4', 'c5'] as const;
type StageName = (typeof STAGES)[number];

/** How one stage's stride-1 blocks are replaced. */
export interface Replacement {
  readonly kind: 'bottleneck' | 'light';
  readonly map: Pick<RepMlpSettings, 'h' | 'w' | 'kernels' | 'reduction' | 'groups'>;
  /** Channel reduction r around the RepMLP (bottleneck only). */
  readonly r: number;
}

/** A ResNet trunk of bottlenecks. */
export interface TrunkShape {
  readonly height: number;
  readonly width: number;
  readonly blocks: readonly number[];
  readonly widths: readonly number[];
  /** Channels of the 3x3 convolutions relative to the stage's width (4 in ResNet-50). */
  readonly bottleneckRatio: number;
  readonly stem: number;
  /** Whether the stem's max pooling halves the map again; small pictures leave it out. Left out: yes. */
  readonly stemPool?: boolean;
  readonly strides: readonly number[];
  readonly dilations: readonly number[];
  readonly replace: (stage: number, block: number) => Replacement | null;
}

/** torchvision's bottleneck: 1x1, 3x3 (stride here), 1x1, shortcut. */
export function plainBottleneck(name: string, inChannels: number, mid: number, out: number, stride: number, dilation: number): Residual {
  const body = [
    convBn('conv1', inChannels, mid, 1, 'relu'),
    convBn('conv2', mid, mid, 3, 'relu', { stride, padding: dilation, dilation }),
    convBn('conv3', mid, out, 1, 'none'),
  ];
  const shortcut = stride !== 1 || inChannels !== out ? [convBn('shortcut', inChannels, out, 1, 'none', { stride })] : [];
  return residual(name, body, shortcut, 'relu');
}

/** Stem and stages of a ResNet; one list of layers per stage, the stem first. */
export function resNetTrunk(shape: TrunkShape): LayerSpec[][] {
  const convolution = convBn('stage0.0', 3, shape.stem, 7, 'relu', { stride: 2, padding: 3 });
  const isPooled = shape.stemPool ?? true;
  const stem = isPooled ? [convolution, maxPool('stage0.1', 3, 2, 1)] : [convolution];
  let [H, W] = [halved(shape.height), halved(shape.width)];
  if (isPooled) [H, W] = [halved(H), halved(W)];
  let channels = shape.stem;
  const stages = shape.widths.map((out, stage) => {
    if (shape.strides[stage] === 2) [H, W] = [halved(H), halved(W)];
    const layers = Array.from({ length: shape.blocks[stage] }, (_, block) => {
      const layer = stageBlock(shape, stage, block, channels, H, W);
      channels = out;
      return layer;
    });
    return layers;
  });
  return [stem, ...stages];
}

/** Size after a stride-2 layer with "same" padding. */
function halved(size: number): number {
  return Math.ceil(size / 2);
}

function stageBlock(shape: TrunkShape, stage: number, block: number, inChannels: number, H: number, W: number): LayerSpec {
  const name = `stage${stage + 1}.${block}`;
  const out = shape.widths[stage];
  const mid = out / shape.bottleneckRatio;
  const replacement = block === 0 ? null : shape.replace(stage, block);
  if (!replacement) return plainBottleneck(name, inChannels, mid, out, block === 0 ? shape.strides[stage] : 1, shape.dilations[stage]);
  const settings = { in: inChannels, out, H, W, ...replacement.map };
  if (replacement.kind === 'light') return lightBlock(name, { ...settings, mid: out / 8 });
  return bottleneckBlock(name, { ...settings, mid, r: replacement.r });
}

interface ResNetDefaults {
  readonly size: number;
  readonly blocks: readonly number[];
  readonly replacement: null | {
    kind: 'bottleneck' | 'light';
    stages: readonly StageName[];
    r: readonly number[];
    g: readonly number[];
    kernels: readonly number[];
    h: number;
  };
}

function resNetSettings({ size, replacement }: ResNetDefaults): Setting[] {
  const common = [
    integer('size', size, 'height and width of the input in pixels'),
    integer('classes', 1000, 'number of classes'),
    integer('base', 64, 'channels of the stem; 256/64 of it is the width of c2'),
  ];
  if (!replacement) return common;
  return [
    ...common,
    { key: 'stages', what: 'stages whose stride-1 blocks are replaced', default: replacement.stages.join(','), type: 'names' },
    integers('g', replacement.g, 'groups of FC3 and the conv branches: one for all stages or one each'),
    ...(replacement.kind === 'bottleneck'
      ? [
          {
            key: 'r',
            what: 'channel reduction around each RepMLP: one for all stages or one each',
            default: 'paper',
            type: 'integers' as const,
          },
        ]
      : []),
    integers('kernels', replacement.kernels, 'kernel sizes K of the conv branches'),
    integer('h', replacement.h, 'height and width of a partition'),
    integer('reduction', 1, 'reduction of the Global Perceptron between FC1 and FC2'),
  ];
}

/** r per stage where the user gives none: 2, 2, 4, 4 for c2 to c5 (table 3). */
const PAPER_R: Readonly<Record<StageName, number>> = { c2: 2, c3: 2, c4: 4, c5: 4 };

function replacementRule(settings: Settings, kind: 'bottleneck' | 'light'): (stage: number) => Replacement | null {
  const stages = settings.names('stages').map(stageName);
  const g = perStage('g', settings.integers('g'), stages);
  const r = kind === 'light' ? null : rPerStage(settings, stages);
  const h = settings.integer('h');
  return (stage) => {
    const index = stages.indexOf(STAGES[stage]);
    if (index < 0) return null;
    const map = { h, w: h, kernels: settings.integers('kernels'), reduction: settings.integer('reduction'), groups: g[index] };
    return { kind, map, r: r ? r[index] : 1 };
  };
}

function rPerStage(settings: Settings, stages: readonly StageName[]): number[] {
  if (settings.names('r')[0] === 'paper') return stages.map((stage) => PAPER_R[stage]);
  return perStage('r', settings.integers('r'), stages);
}

function perStage(key: string, values: readonly number[], stages: readonly StageName[]): number[] {
  if (values.length === 1) return stages.map(() => values[0]);
  if (values.length === stages.length) return [...values];
  throw new UserError(`setting ${key} needs one value for all stages or one for each of ${stages.join(',')}; got ${values.length}`);
}

function stageName(text: string): StageName {
  const found = STAGES.find((stage) => stage === text);
  if (!found) throw new UserError(`setting stages takes names from ${STAGES.join(', ')}, for example stages=c3,c4; got "${text}"`);
  return found;
}

function resNet(name: string, title: string, description: string, defaults: ResNetDefaults, small = false): ZooEntry {
  const { replacement } = defaults;
  return {
    name,
    title,
    description,
    task: 'classification',
    small,
    settings: resNetSettings(defaults),
    build: (settings) => {
      const size = settings.integer('size');
      const base = settings.integer('base');
      const replace = replacement ? replacementRule(settings, replacement.kind) : () => null;
      const widths = [4, 8, 16, 32].map((factor) => factor * base);
      const trunk = {
        height: size,
        width: size,
        blocks: defaults.blocks,
        widths,
        bottleneckRatio: 4,
        stem: base,
        strides: [1, 2, 2, 2],
        dilations: [1, 1, 1, 1],
        replace,
      };
      return {
        input: { channels: 3, height: size, width: size },
        layers: [...resNetTrunk(trunk).flat(), ...classifier('linear', widths[3], settings.integer('classes'))],
      };
    },
  };
}

const RES50 = [3, 4, 6, 3];
const RES101 = [3, 4, 23, 3];

export const resNetEntries: readonly ZooEntry[] = [
  resNet('repmlp-res50-bottleneck-224', 'RepMLP-Res50, bottleneck, 224', 'RepMLP Bottlenecks in c3 and c4 of ResNet-50 (r = 2, 4).', {
    size: 224,
    blocks: RES50,
    replacement: { kind: 'bottleneck', stages: ['c3', 'c4'], r: [2, 4], g: [8], kernels: [1, 3, 5], h: 7 },
  }),
  resNet(
    'repmlp-res50-light-224',
    'RepMLP-Res50, light, 224',
    'RepMLP Light Blocks in c3 and c4 of ResNet-50: no 3x3 convolution beside them.',
    {
      size: 224,
      blocks: RES50,
      replacement: { kind: 'light', stages: ['c3', 'c4'], r: [], g: [4], kernels: [1, 3, 5], h: 7 },
    },
  ),
  resNet(
    'repmlp-res50-bottleneck-320',
    'RepMLP-Res50, bottleneck, 320',
    'The 320-pixel model of figure 5, g = 8/8; g=8,16 and g=4,8 are the others of table 4.',
    {
      size: 320,
      blocks: RES50,
      replacement: { kind: 'bottleneck', stages: ['c3', 'c4'], r: [2, 4], g: [8, 8], kernels: [1, 3, 5, 7], h: 10 },
    },
  ),
  resNet('resnet50', 'ResNet-50', 'The torchvision network the paper starts from.', { size: 224, blocks: RES50, replacement: null }),
  resNet('resnet101', 'ResNet-101', 'The deeper yardstick of table 2.', { size: 224, blocks: RES101, replacement: null }),
  {
    ...resNet(
      'repmlp-res-small',
      'RepMLP-ResNet, for a laptop',
      'Two-block stages with RepMLP Bottlenecks, 64-pixel input.',
      {
        size: 64,
        blocks: [1, 2, 2, 1],
        replacement: { kind: 'bottleneck', stages: ['c3', 'c4'], r: [2, 4], g: [2], kernels: [1, 3], h: 4 },
      },
      true,
    ),
  },
].map((e) => (e.small ? withDefaults(e, { base: '16', classes: '10' }) : e));

function withDefaults(entry: ZooEntry, defaults: Readonly<Record<string, string>>): ZooEntry {
  return { ...entry, settings: entry.settings.map((setting) => ({ ...setting, default: defaults[setting.key] ?? setting.default })) };
}
