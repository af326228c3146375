// args.yaml of a PyTorch training, back as the recipe it was trained by: the reverse of recipe-yaml.ts for what train.py writes;
// of timm's own file as far as its words mean the same here.
import { parse } from 'yaml';
import { z } from 'zod';
import { UserError } from '@shared/base/user-error';
import { firstIssue } from '@shared/model/strict-object';
import type { Task } from '@shared/model/spec';
import { withOverrides } from '@shared/training/recipe/overrides';
import { recipeSchema } from '@shared/training/recipe/recipe-schema';
import type { Recipe } from '@shared/training/recipe/recipe';
import { LOSS_OF_TASK, recipe as recipeNamed, SHORT_RECIPES } from '@shared/training/recipe/recipes';

const number = z.number();
const count = z.number().int().positive();
/** Null where it is not said. */
const maybe = number.nullish().transform((value) => value ?? null);

/** The keys that are read; others are let be. A key that is missing has timm's meaning of nothing said. */
const argsSchema = z.object({
  recipe: z.string().optional(),
  seed: z.number().int().nonnegative().default(0),
  epochs: count,
  batch_size: count,
  opt: z.string(),
  momentum: maybe,
  opt_betas: z.array(number).nullish(),
  opt_eps: maybe,
  weight_decay: number,
  decay_matrices_only: z.boolean().default(true),
  sched: z.string(),
  lr: maybe,
  lr_base: maybe,
  min_lr: number.default(0),
  warmup_epochs: number.default(0),
  warmup_lr: number.default(0),
  decay_rate: maybe,
  milestones: z.array(count).default([]),
  augmentations: z.array(z.string()).default([]),
  mixup: number.default(0),
  cutmix: number.default(0),
  smoothing: number.default(0),
  clip_grad: maybe,
  model_ema: z.boolean().default(false),
  model_ema_decay: number.default(0.9999),
  margin: maybe,
  margin_scale: maybe,
  auxiliary_weight: number.default(0),
  checkpoint_every_epochs: count.default(1),
  stop_metric: maybe,
  stop_patience: count.nullish().transform((value) => value ?? null),
  world_size: count.nullish().transform((value) => value ?? null),
  data: z.string().nullish(),
  data_dir: z.string().nullish(),
  torch: z.string().nullish(),
  device: z.string().nullish(),
});
export type TrainingArgs = z.infer<typeof argsSchema>;

/** Throws UserError naming `where` and the key that is wrong. */
export function parseArgs(text: string, where: string): TrainingArgs {
  let found: unknown;
  try {
    found = parse(text);
  } catch (error) {
    throw new UserError(`${where}: is not YAML: ${(error as Error).message.split('\n')[0]}`);
  }
  const parsed = argsSchema.safeParse(found, { reportInput: true });
  if (!parsed.success) throw new UserError(`${where}: ${firstIssue(parsed.error, 'the file')}`);
  return parsed.data;
}

/** The recipe that the arguments say, for a network's task. Throws UserError naming `where` where they say none that there is. */
export function recipeOf(args: TrainingArgs, task: Task, where: string): Recipe {
  const base = recipeNamed(SHORT_RECIPES[task]);
  const said: Recipe = {
    ...base,
    name: args.recipe ?? 'timm',
    epochs: args.epochs,
    batchSize: args.batch_size,
    optimizer: optimizerOf(args, where),
    decayMatricesOnly: args.decay_matrices_only,
    schedule: scheduleOf(args, where),
    mixup: args.mixup,
    cutmix: args.cutmix,
    labelSmoothing: args.smoothing,
    clipNorm: args.clip_grad ?? null,
    ema: args.model_ema ? args.model_ema_decay : null,
    loss: LOSS_OF_TASK[task],
    margin: args.margin === null || args.margin_scale === null ? base.margin : { margin: args.margin, scale: args.margin_scale },
    auxiliaryWeight: args.auxiliary_weight,
    checkpointEveryEpochs: args.checkpoint_every_epochs,
    ...stopOf(args),
  };
  const parsed = recipeSchema.safeParse(withOverrides(said, [`augmentations=${args.augmentations.join(',')}`]), { reportInput: true });
  if (!parsed.success) throw new UserError(`${where}: ${firstIssue(parsed.error, 'the recipe')}`);
  return parsed.data;
}

function stopOf({ stop_metric: metric, stop_patience: patience }: TrainingArgs): Pick<Recipe, 'stopWhen'> {
  return metric === null && patience === null ? {} : { stopWhen: { metric, patience } };
}

function optimizerOf(
  { opt, momentum, opt_betas: betas, opt_eps: epsilon, weight_decay: weightDecay }: TrainingArgs,
  where: string,
): Recipe['optimizer'] {
  if (opt === 'adamw')
    return { kind: 'adamw', beta1: betas?.[0] ?? 0.9, beta2: betas?.[1] ?? 0.999, epsilon: epsilon ?? 1e-8, weightDecay };
  if (opt === 'sgd' || opt === 'momentum') return { kind: 'sgd', momentum: momentum ?? 0.9, nesterov: opt === 'sgd', weightDecay };
  throw new UserError(`${where}: opt is ${opt}; runs here are trained by sgd, momentum (sgd without Nesterov's step) or adamw`);
}

function scheduleOf(args: TrainingArgs, where: string): Recipe['schedule'] {
  const kind = (['constant', 'cosine', 'poly', 'steps'] as const).find((one) => one === args.sched);
  if (kind === undefined) throw new UserError(`${where}: sched is ${args.sched}; runs here have constant, cosine, poly or steps`);
  const base = args.lr ?? args.lr_base;
  if (base === null) throw new UserError(`${where}: says no learning rate (lr)`);
  const rest = { final: args.min_lr, power: args.decay_rate ?? 1, milestones: args.milestones };
  return { kind, base, ...rest, warmupEpochs: args.warmup_epochs, warmupFrom: args.warmup_lr };
}
