// RepMLPNet (arXiv 2112.11081): the released variants T, B, D, L, and a small one. Channels, depths,
// partition sizes and share-sets are those of the official constructors.
import { repMlpNetLayers, REPMLPNET_ORDER } from '../blocks';
import { integer, integers, type ZooEntry } from './entry';

interface Variant {
  readonly name: string;
  readonly size: number;
  readonly channels: readonly number[];
  readonly blocks: readonly number[];
  readonly shareSets: readonly number[];
  readonly classes: number;
  readonly small: boolean;
}

function repMlpNet(variant: Variant): ZooEntry {
  return {
    name: variant.name,
    title: variant.small ? 'RepMLPNet, for a laptop' : `RepMLPNet-${variant.name.slice('repmlpnet-'.length).toUpperCase()}`,
    description: 'Share-set FC3s with depthwise conv branches between 1x1 FFNs.',
    task: 'classification',
    small: variant.small,
    settings: [
      integer('size', variant.size, 'height and width of the input in pixels; partitions grow with it'),
      integer('classes', variant.classes, 'number of classes'),
      integers('channels', variant.channels, 'channels per stage'),
      integers('blocks', variant.blocks, 'units per stage'),
      integers('sharesets', variant.shareSets, 'share-sets S per stage; S divides the channels'),
      integers('kernels', [1, 3], 'kernel sizes K of the depthwise branches'),
      integer('reduction', 4, 'reduction of the Global Perceptron'),
    ],
    build: (settings) => {
      const size = settings.integer('size');
      const channels = settings.integers('channels');
      const maps = channels.map((_, i) => size / 4 / 2 ** i);
      const layers = repMlpNetLayers({
        in_channels: 3,
        num_class: settings.integer('classes'),
        patch_size: [4, 4],
        num_blocks: settings.integers('blocks'),
        channels,
        hs: maps,
        ws: maps,
        sharesets_nums: settings.integers('sharesets'),
        reparam_conv_k: settings.integers('kernels'),
        globalperceptron_reduce: settings.integer('reduction'),
      });
      return { input: { channels: 3, height: size, width: size }, layers, order: REPMLPNET_ORDER };
    },
  };
}

const T = { channels: [64, 128, 256, 512], blocks: [2, 2, 6, 2], shareSets: [1, 4, 16, 128], classes: 1000, small: false };
const B = { channels: [96, 192, 384, 768], blocks: [2, 2, 12, 2], shareSets: [1, 4, 32, 128], classes: 1000, small: false };

export const repMlpNetEntries: readonly ZooEntry[] = [
  { name: 'repmlpnet-t224', size: 224, ...T },
  { name: 'repmlpnet-t256', size: 256, ...T },
  { name: 'repmlpnet-b224', size: 224, ...B },
  { name: 'repmlpnet-b256', size: 256, ...B },
  { name: 'repmlpnet-d256', size: 256, ...T, channels: [80, 160, 320, 640], blocks: [2, 2, 18, 2] },
  { name: 'repmlpnet-l256', size: 256, ...B, blocks: [2, 2, 18, 2], shareSets: [1, 4, 32, 256] },
  { name: 'repmlpnet-small', size: 32, channels: [16, 32], blocks: [1, 2], shareSets: [2, 8], classes: 10, small: true },
].map(repMlpNet);
