// The optimizers there are: what a recipe says of each, its numbers before anybody changes them, what it is called on screen,
// and the moments it keeps of every parameter. How it steps is in compute/session/optimizer.ts. The only list of them.
import { z } from 'zod';
import { strictObject } from '../../model/strict-object';
import { amount, positive, share } from './number-schemas';

/** One optimizer. */
interface OptimizerRecord<Schema extends z.ZodType<{ kind: string; weightDecay: number }>> {
  readonly schema: Schema;
  readonly initial: z.infer<Schema>;
  readonly title: string;
  /** Names of its moments, as stored in a checkpoint's state. */
  readonly moments: readonly string[];
  /** In words, with the numbers that make it. */
  text(config: Readonly<z.infer<Schema>>): string;
}

function optimizer<Schema extends z.ZodType<{ kind: string; weightDecay: number }>>(
  record: OptimizerRecord<Schema>,
): OptimizerRecord<Schema> {
  return record;
}

const weightDecay = amount(1000);

export const OPTIMIZERS = {
  sgd: optimizer({
    schema: strictObject({ kind: z.literal('sgd'), momentum: share, nesterov: z.boolean(), weightDecay }),
    initial: { kind: 'sgd', momentum: 0.9, nesterov: false, weightDecay: 1e-4 },
    title: 'SGD',
    moments: ['momentum'],
    text: ({ momentum }) => `SGD, momentum ${momentum}`,
  }),
  adamw: optimizer({
    schema: strictObject({ kind: z.literal('adamw'), beta1: share, beta2: share, epsilon: positive(1), weightDecay }),
    initial: { kind: 'adamw', beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0.05 },
    title: 'AdamW',
    moments: ['first', 'second'],
    text: ({ beta1, beta2 }) => `AdamW, betas ${beta1} and ${beta2}`,
  }),
} as const;

export const optimizerSchema = z.discriminatedUnion('kind', [OPTIMIZERS.sgd.schema, OPTIMIZERS.adamw.schema]);

export type OptimizerConfig = Readonly<z.infer<typeof optimizerSchema>>;
export type OptimizerKind = OptimizerConfig['kind'];

export const OPTIMIZER_KINDS: readonly OptimizerKind[] = optimizerSchema.options.map(({ shape }) => shape.kind.value);

/** An optimizer with its numbers, in words. */
export function optimizerText(config: OptimizerConfig): string {
  const { text }: { text(config: OptimizerConfig): string } = OPTIMIZERS[config.kind];
  return text(config);
}
