// README.md of a bundle: how to prove, train, go on, merge and come back, with an estimate of the GPU hours from the cost ledger.
import { ledger } from '@shared/cost/ledger';
import { parametersOf } from '@shared/model/parameters';
import type { NetworkSpec, Task } from '@shared/model/spec';
import type { Seed } from '@shared/tensor/random';
import { elementCount } from '@shared/tensor/tensor';
import type { Recipe } from '@shared/training/recipe/recipe';
import { bundleTemplate } from '../../files/assets';
import { STUDIO_VERSION } from '../../files/version';

/** Pictures of the data sets the papers' recipes are for. */
const PICTURES: Readonly<Record<string, readonly [count: number, of: string]>> = {
  'imagenet-paper': [1_281_167, 'ImageNet'],
  'repmlpnet-paper': [1_281_167, 'ImageNet'],
  'cifar-paper': [50_000, 'CIFAR'],
  'cifar-short': [50_000, 'CIFAR'],
  'face-paper': [5_800_000, 'MS1M'],
  'cityscapes-paper': [2_975, 'Cityscapes'],
};
const ANY_PICTURES = [100_000, 'a data set'] as const;

/** Peak of dense 16-bit products by the makers' data sheets, in TFLOP/s. */
const GPUS: readonly (readonly [name: string, teraflops: number])[] = [
  ['V100', 125],
  ['A100', 312],
  ['H100', 989],
];
/** Share of the peak that such networks reach: between about a sixth and a third; a fourth is taken. */
const REACHED = 0.25;
/** Forward once, backward twice as much. */
const PASSES = 3;

/** GPU hours of a whole training, by GPU. */
export function gpuHours(
  spec: NetworkSpec,
  recipe: Recipe,
): { readonly pictures: number; readonly of: string; readonly hours: readonly (readonly [string, number])[] } {
  const [pictures, of] = PICTURES[recipe.name] ?? ANY_PICTURES;
  const flops = 2 * PASSES * ledger(spec).macs * pictures * recipe.epochs;
  return { pictures, of, hours: GPUS.map(([name, teraflops]) => [name, flops / (teraflops * 1e12 * REACHED) / 3600]) };
}

const DATA: Readonly<Record<Task, string>> = {
  classification:
    '`train/CLASS/*.jpg` and `val/CLASS/*.jpg`, as ImageNet is unpacked; without `val/` every tenth picture is kept for validation',
  face: '`train/PERSON/*.jpg`, aligned crops, and `val/PERSON/*.jpg` with other pictures of the same people, or none: then every tenth is kept. Pairs of strangers are judged in RepMLP Studio when the run is back',
  segmentation:
    '`leftImg8bit/SPLIT/CITY/*_leftImg8bit.png` with `gtFine/SPLIT/CITY/*_gtFine_labelTrainIds.png` (or `labelIds`), as Cityscapes is unpacked',
};

/** What is trained: a network, by a recipe, from the weights and the order of a seed. */
export interface Bundled {
  readonly spec: NetworkSpec;
  readonly recipe: Recipe;
  /** Of the first weights, of the parity batch, and of the order and augmentation there. */
  readonly seed: Seed;
}

/** `parity`: the numbers' metadata, or why there are none. */
export function readmeText({ spec, recipe, seed }: Bundled, parity: Readonly<Record<string, string>> | string): string {
  const values: Readonly<Record<string, string>> = {
    name: spec.name,
    recipe: recipe.name,
    seed: String(seed),
    studio: STUDIO_VERSION,
    parameters: grouped(parametersOf(spec).reduce((sum, { shape, role }) => sum + (isLearned(role) ? elementCount(shape) : 0), 0)),
    batch: String(recipe.batchSize),
    proof: proofText(parity),
    data: DATA[spec.task],
    hours: hoursText(spec, recipe),
    timm: spec.task === 'classification' ? timmText(spec, recipe) : '',
  };
  return bundleTemplate('README.md').replaceAll(/\{\{(\w+)\}\}/g, (_, key: string) => values[key] ?? '');
}

const isLearned = (role: string): boolean => !/^(running|counter)/.test(role);

const grouped = (count: number): string => count.toLocaleString('en-US');

function proofText(parity: Readonly<Record<string, string>> | string): string {
  if (typeof parity === 'string') return `**Not proved:** ${parity}. \`--check\` has nothing to compare with and says so (exit code 2).`;
  return `The numbers in \`parity.safetensors\` were computed in ${parity.precision} on the ${parity.backend} backend: outputs, the loss of each of ${parity.steps} steps, and every tensor after the first and the last. \`--check\` computes them again in float64 and ends with exit code 1 where anything is more than 1e-5 apart; \`parity.py\` says how that is measured.`;
}

function hoursText(spec: NetworkSpec, recipe: Recipe): string {
  const { pictures, of, hours } = gpuHours(spec, recipe);
  const { macs } = ledger(spec);
  const rows = hours.map(([name, count]) => `| ${name} | ${count < 10 ? count.toPrecision(2) : count.toFixed(0)} |`);
  return [
    `The train form takes ${(macs / 1e9).toPrecision(4)} G multiply-adds a picture, three times that with the way back. ${grouped(recipe.epochs)} epochs of ${grouped(pictures)} pictures (${of}) at a fourth of the GPU's 16-bit peak, an assumption and no measurement, are`,
    '',
    '| GPU | GPU hours |',
    '| --- | ---: |',
    ...rows,
    '',
    'Divide by the number of GPUs. `--dry-run` measures three steps and says what your machine makes of it.',
  ].join('\n');
}

function timmText({ name }: NetworkSpec, { batchSize }: Recipe): string {
  return [
    '',
    '## With timm',
    '',
    '`net.py` registers the network, so that an unmodified timm can train it. This has not been tried with an installed timm: make a short run first. Its arithmetic (schedule, augmentation, loss) is its own, and `--check` says nothing of it:',
    '',
    '```',
    `PYTHONPATH=. torchrun --nproc_per_node=8 /path/to/timm/train.py --device-modules net -c recipe.yaml \\`,
    `  --model ${name.replaceAll(/\W/g, '_')} --batch-size ${Math.max(1, Math.floor(batchSize / 8))} --sched cosine --data-dir FOLDER --output OUT`,
    '```',
    '',
  ].join('\n');
}
