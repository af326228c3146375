// How data goes through a RepMLP block in either form (arXiv 2105.01883, figure 1; arXiv 2112.11081 for share-sets): steps one
// after the other, and forks whose branches come together again by a sum or a product. As model/forward computes it.
import { hasGlobalPerceptron, type RepBlock, type RepMlp, type RepMlpNetBlock } from '../../model/spec';

export interface Step {
  readonly kind: 'step';
  readonly text: string;
}

export interface Branch {
  readonly label: string;
  /** Empty: what comes in goes on as it is. */
  readonly flow: readonly Flow[];
}

export interface Fork {
  readonly kind: 'fork';
  readonly branches: readonly Branch[];
  /** How the branches come together. */
  readonly join: '+' | '×';
  readonly says: string;
}

export type Flow = Step | Fork;

const step = (text: string): Step => ({ kind: 'step', text });

/** The way of the data through a block in the form it is in. */
export function flowOf(block: RepBlock): Flow[] {
  return block.kind === 'repmlp' ? repMlpFlow(block) : repMlpNetFlow(block);
}

function repMlpFlow(block: RepMlp): Flow[] {
  const { C, O, H, W, h, w, groups, kernels, form } = block;
  const partitions = (H / h) * (W / w);
  const of = groups > 1 ? `, g ${groups}` : '';
  const fc3 = `FC3 ${C}×${h}×${w} to ${O}×${h}×${w}${of}`;
  return [
    step(`cut into ${partitions === 1 ? 'one partition' : `${partitions} partitions`} of ${h}×${w}`),
    ...(hasGlobalPerceptron(block) ? [globalSum(block, partitions)] : []),
    matrixPart(form === 'train', fc3, kernels, of),
    step('put the partitions together'),
  ];
}

/** Global Perceptron: one value a channel and partition, added to every pixel of it. */
function globalSum({ C, h, w, reduction, form }: RepMlp, partitions: number): Fork {
  const width = C * partitions;
  const fc1 = `FC1 ${width} to ${Math.floor(width / reduction)}`;
  const flow = [
    step(`average of each ${h}×${w} partition`),
    step(form === 'train' ? `BN, ${fc1}, ReLU` : `${fc1} (BN folded in), ReLU`),
    step(`FC2 to ${width}`),
  ];
  return {
    kind: 'fork',
    branches: [
      { label: 'identity', flow: [] },
      { label: 'Global Perceptron', flow },
    ],
    join: '+',
    says: 'one value per channel and partition, added to every pixel of it',
  };
}

function repMlpNetFlow({ C, h, w, kernels, reduction, shareSets: S, form }: RepMlpNetBlock): Flow[] {
  const fc3 = `FC3 ${h}×${w} to ${h}×${w} for each of ${S} share-sets`;
  const through = [
    step(`cut into partitions of ${h}×${w}`),
    matrixPart(form === 'train', fc3, kernels, ', depthwise'),
    step('put the partitions together'),
  ];
  const global = [step('average of the whole map'), step(`FC1 ${C} to ${Math.floor(C / reduction)}, ReLU`), step(`FC2 to ${C}, sigmoid`)];
  const branches = [
    { label: '', flow: through },
    { label: 'Global Perceptron', flow: global },
  ];
  return [{ kind: 'fork', branches, join: '×', says: 'one factor per channel' }];
}

/** FC3 with the conv branches beside it; merged, or without branches, the one matrix. */
function matrixPart(train: boolean, fc3: string, kernels: readonly number[], how: string): Flow {
  if (!train) return step(`${fc3}, bias: BN and all conv branches are inside this one matrix`);
  if (kernels.length === 0) return step(`${fc3}, BN`);
  return {
    kind: 'fork',
    branches: [
      { label: 'Partition Perceptron', flow: [step(`${fc3}, BN`)] },
      ...kernels.map((K) => ({ label: 'Local Perceptron', flow: [step(`conv ${K}×${K}, BN${how}`)] })),
    ],
    join: '+',
    says: 'the conv branches merge into FC3 and cost nothing afterwards',
  };
}
