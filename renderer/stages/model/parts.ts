// What a RepMLP block is made of (arXiv 2105.01883, figure 1; arXiv 2112.11081 for share-sets), as the
// steps of its perceptrons in either form.
import { hasGlobalPerceptron, type RepBlock, type RepMlp, type RepMlpNetBlock } from '@shared/model/spec';

export interface BlockPart {
  readonly title: string;
  readonly steps: readonly string[];
  readonly says: string;
}

/** The parts of a block in the form it is in. */
export function partsOf(block: RepBlock): BlockPart[] {
  return block.kind === 'repmlp' ? repMlpParts(block) : repMlpNetParts(block);
}

function repMlpParts(block: RepMlp): BlockPart[] {
  const { C, O, H, W, h, w, groups, kernels, reduction, form } = block;
  const partitions = (H / h) * (W / w);
  const width = C * partitions;
  const global: BlockPart = {
    title: 'Global Perceptron',
    steps: [
      `average pool each ${h}×${w} partition`,
      form === 'train'
        ? `BN, FC1 ${width} to ${Math.floor(width / reduction)}, ReLU`
        : `FC1 ${width} to ${Math.floor(width / reduction)} (BN folded in), ReLU`,
      `FC2 to ${width}`,
    ],
    says: `one value per channel and partition, added to every pixel of it; ${partitions} partitions`,
  };
  const fc3 = `FC3 ${C}×${h}×${w} to ${O}×${h}×${w}${groups > 1 ? `, g ${groups}` : ''}`;
  return [...(hasGlobalPerceptron(block) ? [global] : []), ...matrixParts(form === 'train', fc3, kernels, groups > 1 ? `g ${groups}` : '')];
}

function repMlpNetParts(block: RepMlpNetBlock): BlockPart[] {
  const { C, h, w, kernels, reduction, shareSets: S, form } = block;
  const global: BlockPart = {
    title: 'Global Perceptron',
    steps: ['average over the whole map', `FC1 ${C} to ${Math.floor(C / reduction)}, ReLU`, `FC2 to ${C}, sigmoid`],
    says: 'one factor per channel',
  };
  return [
    global,
    ...matrixParts(form === 'train', `FC3 ${h}×${w} to ${h}×${w} for each of ${S} share-sets`, kernels, 'depthwise over share-sets'),
  ];
}

function matrixParts(train: boolean, fc3: string, kernels: readonly number[], how: string): BlockPart[] {
  const partition: BlockPart = {
    title: 'Partition Perceptron',
    steps: [train ? `${fc3}, BN` : `${fc3}, bias`],
    says: train ? 'every pixel of a partition sees every other' : 'BN and all conv branches are inside this one matrix',
  };
  if (!train || kernels.length === 0) return [partition];
  const local: BlockPart = {
    title: 'Local Perceptron',
    steps: kernels.map((K) => `conv ${K}×${K}, BN${how ? `, ${how}` : ''}`),
    says: 'merges into FC3, costs nothing afterwards',
  };
  return [partition, local];
}
