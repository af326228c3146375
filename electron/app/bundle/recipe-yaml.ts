// A recipe as recipe.yaml: timm's keys where timm has one of the meaning, its own words for the rest. Values are written as
// JSON, which is YAML; numbers so that YAML 1.1 does not take them for words.
import type { NetworkSpec } from '@shared/model/spec';
import type { Seed } from '@shared/tensor/random';
import { classesOf } from '@shared/training/recipe/fit';
import { augmentationsText } from '@shared/training/recipe/overrides';
import type { OptimizerConfig } from '@shared/training/recipe/optimizers';
import type { Augmentation, Recipe, ScheduleConfig } from '@shared/training/recipe/recipe';
import { assertNever } from '@shared/base/assert-never';
import { FACE_STATISTICS, IMAGENET_STATISTICS } from '../../datasets/sources';

type Value = string | number | boolean | null | readonly (string | number)[];
/** A line, or a comment where there is no value. */
type Line = readonly [key: string, value: Value] | string;

/** The text of recipe.yaml. */
export function recipeYaml(spec: NetworkSpec, recipe: Recipe, seed: Seed): string {
  const lines: Line[] = [
    `Recipe ${recipe.name} for ${spec.name}, as RepMLP Studio has it. train.py reads this file; timm reads it with -c recipe.yaml.`,
    ...networkLines(spec),
    ['recipe', recipe.name],
    ['seed', seed],
    ['epochs', recipe.epochs],
    'Of all processes together. timm counts those of one process: give it --batch-size.',
    ['batch_size', recipe.batchSize],
    ...optimizerLines(recipe.optimizer),
    'Whether weight decay leaves out biases and whatever else has one axis (timm always does).',
    ['decay_matrices_only', recipe.decayMatricesOnly],
    ...scheduleLines(recipe.schedule),
    ...pictureLines(recipe),
    ['clip_grad', recipe.clipNorm],
    ['model_ema', recipe.ema !== null],
    ['model_ema_decay', recipe.ema ?? 0.9999],
    ...lossLines(recipe),
    ['channels_last', true],
    ['amp', true],
    ['amp_dtype', 'bfloat16'],
    ['checkpoint_every_epochs', recipe.checkpointEveryEpochs],
  ];
  return lines.map(textOf).join('');
}

function textOf(line: Line): string {
  if (typeof line === 'string') return `# ${line}\n`;
  const [key, value] = line;
  return `${key}: ${valueText(value)}\n`;
}

function valueText(value: Value): string {
  if (typeof value === 'number') return numberText(value);
  if (Array.isArray(value)) return `[${value.map((one: string | number) => valueText(one)).join(', ')}]`;
  return JSON.stringify(value);
}

/** `1e-8` is a word in YAML 1.1; `1.0e-8` is a number. */
function numberText(value: number): string {
  const text = String(value);
  return /^-?\d+e/.test(text) ? text.replace('e', '.0e') : text;
}

function networkLines({ name, task, input, ...spec }: NetworkSpec): Line[] {
  const statistics = task === 'face' ? FACE_STATISTICS : IMAGENET_STATISTICS;
  return [
    ['model', name.replaceAll('-', '_')],
    ['task', task],
    ['num_classes', classesOf({ name, task, input, ...spec })],
    ['input_size', [input.channels, input.height, input.width]],
    ['mean', statistics.mean],
    ['std', statistics.deviation],
  ];
}

function optimizerLines(optimizer: OptimizerConfig): Line[] {
  const { weightDecay } = optimizer;
  switch (optimizer.kind) {
    case 'sgd':
      return [
        ['opt', optimizer.nesterov ? 'sgd' : 'momentum'],
        ['momentum', optimizer.momentum],
        ['weight_decay', weightDecay],
      ];
    case 'adamw':
      return [
        ['opt', 'adamw'],
        ['opt_betas', [optimizer.beta1, optimizer.beta2]],
        ['opt_eps', optimizer.epsilon],
        ['weight_decay', weightDecay],
      ];
    default:
      return assertNever(optimizer);
  }
}

function scheduleLines({ kind, base, final, power, milestones, warmupEpochs, warmupFrom }: ScheduleConfig): Line[] {
  return [
    'The rate is set anew before every step.',
    ['sched', kind],
    ['sched_on_updates', true],
    ['lr', base],
    ['min_lr', final],
    ['warmup_epochs', warmupEpochs],
    ['warmup_lr', warmupFrom],
    'Power of poly.',
    ['decay_rate', power],
    'Steps after which `steps` divides the rate by 10.',
    ['milestones', milestones],
  ];
}

function pictureLines(recipe: Recipe): Line[] {
  const text = augmentationsText(recipe.augmentations);
  return [
    "What train.py does to a picture, in this order; timm's own keys for about the same follow.",
    ['augmentations', text === 'none' ? [] : text.split(',')],
    ...timmLines(recipe.augmentations),
    ['mixup', recipe.mixup],
    ['cutmix', recipe.cutmix],
    ['smoothing', recipe.labelSmoothing],
  ];
}

function timmLines(augmentations: readonly Augmentation[]): Line[] {
  const found = <K extends Augmentation['kind']>(kind: K): Extract<Augmentation, { kind: K }> | undefined =>
    augmentations.find((one): one is Extract<Augmentation, { kind: K }> => one.kind === kind);
  const randAugment = found('randAugment');
  const policy = found('autoAugment') ? 'original' : randAugment && `rand-m${randAugment.magnitude}-n${randAugment.operations}`;
  return [
    ['scale', [found('randomResizedCrop')?.minScale ?? 1, 1]],
    ['hflip', found('flip') || found('padCropFlip') ? 0.5 : 0],
    ['color_jitter', 0],
    ['aa', policy ?? null],
  ];
}

function lossLines({ loss, margin, auxiliaryWeight, stopWhen }: Recipe): Line[] {
  return [
    ['loss', loss],
    ...(margin === null
      ? []
      : ([
          ['margin', margin.margin],
          ['margin_scale', margin.scale],
        ] satisfies Line[])),
    ['auxiliary_weight', auxiliaryWeight],
    'Ends the training when the validation metric reaches it, or has not become better for so many epochs.',
    ['stop_metric', stopWhen?.metric ?? null],
    ['stop_patience', stopWhen?.patience ?? null],
  ];
}
