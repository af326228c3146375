// Four training steps of a small RepMLP network and what PyTorch makes of them: numbers of PyTorch 1.13.1 in float64 (the
// official block's modules, SGD or AdamW, clip_grad_norm_, an average of the state_dict) on the weights and batches made below.
// Runs in Node and, bundled, in a page.
import { createSession } from '../src-shared/compute/session/create-session';
import { parametersOf } from '../src-shared/model/parameters';
import type { NetworkSpec } from '../src-shared/model/spec';
import { seed } from '../src-shared/tensor/random';
import { floatTensor, type NamedTensors, type Tensor } from '../src-shared/tensor/tensor';
import type { Batch } from '../src-shared/training/loop/session';
import type { OptimizerConfig } from '../src-shared/training/recipe/optimizers';
import type { BackendName, Recipe } from '../src-shared/training/recipe/recipe';
import { recipe } from '../src-shared/training/recipe/recipes';

const spec: NetworkSpec = {
  format: 'repmlp-network',
  version: 1,
  name: 'four steps',
  task: 'classification',
  form: 'train',
  input: { channels: 3, height: 8, width: 8 },
  layers: [
    {
      ...{ kind: 'convBn', name: 'stem', in: 3, out: 4, groups: 1, activation: 'relu', form: 'train', fusedByMerge: false },
      ...{ kernel: [3, 3], stride: [1, 1], padding: [1, 1], dilation: [1, 1] },
    },
    { kind: 'repmlp', name: 'block', C: 4, O: 4, H: 8, W: 8, h: 4, w: 4, kernels: [1, 3], reduction: 1, groups: 2, form: 'train' },
    { kind: 'activation', name: 'relu', function: 'relu', channels: 4 },
    { kind: 'pool', name: '', function: 'max', kernel: [2, 2], stride: [2, 2], padding: [0, 0] },
    { kind: 'flatten', name: '' },
    { kind: 'linear', name: 'head', in: 64, out: 5, bias: true },
  ],
};

const wave = (count: number, start: number): number[] => Array.from({ length: count }, (_, i) => Math.sin(0.7 * i + start));

/** The j-th tensor by name: 0.2 sin(0.7 i + j), one more for gamma; running statistics at 0 and 1. */
function weights(): NamedTensors {
  const floats = parametersOf(spec).filter(({ role }) => role !== 'counter');
  const order = floats.map(({ name }) => name).sort();
  const start = { runningMean: 0, runningVariance: 1, gamma: 1 } as const;
  const tensors = parametersOf(spec).map(({ name, shape, role }): [string, Tensor] => {
    if (role === 'counter') return [name, { shape, dtype: 'int64', data: BigInt64Array.of(0n) }];
    const count = shape.reduce((product, size) => product * size, 1);
    const isStatistic = role === 'runningMean' || role === 'runningVariance';
    const base = role in start ? start[role as keyof typeof start] : 0;
    return [
      name,
      floatTensor(
        shape,
        Float32Array.from(wave(count, order.indexOf(name)), (v) => base + (isStatistic ? 0 : 0.2 * v)),
      ),
    ];
  });
  return new Map(tensors);
}

/** Six pictures sin(0.7 i + step) cos(0.31 i); labels (n (step + 1) + step) mod 5, smoothed by 0.1. */
function batch(step: number): Batch {
  const targets = new Float32Array(6 * 5).fill(0.02);
  for (let n = 0; n < 6; n++) targets[n * 5 + ((n * (step + 1) + step) % 5)] += 0.9;
  return { images: Float32Array.from(wave(6 * 192, step), (v, i) => v * Math.cos(0.31 * i)), shape: [6, 3, 8, 8], targets };
}

export interface FourSteps {
  readonly optimizer: OptimizerConfig;
  readonly losses: readonly number[];
  /** Euclidean norms after the last step: of the weights trained, and of their average. */
  readonly norms: Readonly<Record<string, readonly [trained: number, averaged: number]>>;
}

const SGD: FourSteps = {
  optimizer: { kind: 'sgd', momentum: 0.9, nesterov: false, weightDecay: 0.05 },
  losses: [3.2067729, 3.04998339, 2.29263303, 1.6763668],
  norms: {
    'stem.conv.weight': [1.45516179, 1.46532795],
    'stem.bn.running_var': [1.48962198, 1.879317],
    'block.avg.bn.running_mean': [0.296372857, 0.0704286795],
    'block.fc1_fc2.fc1.bias': [0.592976828, 0.59109178],
    'block.fc3.weight': [6.34239444, 6.38796085],
    'block.fc3_bn.running_var': [8.71411264, 8.13888514],
    'block.repconv3.bn.weight': [1.99600091, 1.99940115],
    'head.weight': [2.50190228, 2.52474915],
    'head.bias': [0.314445415, 0.317195739],
  },
};

const ADAMW: FourSteps = {
  optimizer: { kind: 'adamw', beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0.1 },
  losses: [3.2067729, 6.00555954, 4.78196738, 5.98228985],
  norms: {
    'stem.conv.weight': [1.57871702, 1.46455319],
    'stem.bn.running_var': [1.49986214, 1.88032323],
    'block.avg.bn.running_mean': [0.300331249, 0.0709283071],
    'block.fc1_fc2.fc1.bias': [0.785639088, 0.648031671],
    'block.fc3.weight': [7.07354932, 6.45660555],
    'block.fc3_bn.running_var': [9.27210991, 8.2824377],
    'block.repconv3.bn.weight': [1.87056775, 1.96525845],
    'head.weight': [2.59643423, 2.51925653],
    'head.bias': [0.21188969, 0.279534571],
  },
};

/** By optimizer. */
export const FOUR_STEPS = { sgd: SGD, adamw: ADAMW } as const;

const lengthOf = (tensor: Tensor | undefined): number => Math.hypot(...Array.from(tensor?.data as Float32Array));

/** Makes the steps on an opened backend: clipped at 0.7, decaying matrices only, averaged by 0.9. */
export async function fourSteps(
  kind: keyof typeof FOUR_STEPS,
  backend: BackendName,
): Promise<Omit<FourSteps, 'optimizer'> & { readonly batches: number }> {
  const expected = FOUR_STEPS[kind];
  const changes: Partial<Recipe> = { optimizer: expected.optimizer, decayMatricesOnly: true, clipNorm: 0.7, ema: 0.9 };
  const session = createSession({ spec, weights: weights(), recipe: { ...recipe('cifar-paper'), ...changes }, seed: seed(1), backend });
  const losses: number[] = [];
  for (const step of expected.losses.keys()) losses.push((await session.step(batch(step), 0.05 / (step + 1)).read()).loss);
  const [averaged, state] = [await session.weights(), await session.state()];
  session.dispose();
  const normsOf = (name: string) => [lengthOf(state.get(`trained.${name}`)), lengthOf(averaged.get(name))] as const;
  const norms = Object.fromEntries(Object.keys(expected.norms).map((name) => [name, normsOf(name)]));
  return { losses, norms, batches: Number(averaged.get('stem.bn.num_batches_tracked')?.data[0]) };
}

/** float32 against float64: the largest relative difference seen was 1e-6 with SGD and 4e-6 with AdamW, which divides tiny gradients by their own size. */
export const FOUR_STEPS_TOLERANCE = 2e-5;

/** Largest relative difference of losses and norms from PyTorch's, and where. */
export function differenceFromPyTorch(
  found: Omit<FourSteps, 'optimizer'>,
  kind: keyof typeof FOUR_STEPS,
): { readonly where: string; readonly relative: number } {
  const expected = FOUR_STEPS[kind];
  const relative = (value: number, truth: number): number => Math.abs(value - truth) / truth;
  const differences = [
    ...expected.losses.map((loss, step) => ({ where: `loss of step ${step + 1}`, relative: relative(found.losses[step], loss) })),
    ...Object.entries(expected.norms).flatMap(([where, norms]) =>
      norms.map((norm, i) => ({ where, relative: relative(found.norms[where][i], norm) })),
    ),
  ];
  // A value that is no number is the largest difference of all.
  return differences.reduce((worst, one) => (one.relative <= worst.relative ? worst : one));
}
