// Layers that keep the shape: batch norm, activations, dropout.
import { z } from 'zod';
import { strictObject } from '../strict-object';
import { activation as activationField, eps, MOST, name, size } from './fields';
import type { LeafKind } from './kind';
import { expectChannels } from './shapes';
import { batchNormTensors, joinPath, slopeTensor } from './tensors';

const batchNormSchema = strictObject({ kind: z.literal('batchNorm'), name, channels: size, eps });
/** BatchNorm over the channel axis: `weight` (gamma), `bias` (beta), `running_mean`, `running_var`, `num_batches_tracked`. Momentum 0.1. */
export type BatchNorm = Readonly<z.infer<typeof batchNormSchema>>;

export const batchNorm: LeafKind<typeof batchNormSchema> = {
  schema: batchNormSchema,
  parameters: (layer, path) => batchNormTensors(path, layer.channels),
  outputShape(layer, input, path) {
    expectChannels(path, input, layer.channels);
    return input;
  },
  text: () => 'batch norm',
};

const activationSchema = strictObject({
  kind: z.literal('activation'),
  name,
  function: activationField,
  channels: z.number().int().nonnegative().max(MOST.size),
});
/** Element-wise activation; `prelu` owns `weight` (channels). */
export type Activation = Readonly<z.infer<typeof activationSchema>>;

export const activation: LeafKind<typeof activationSchema> = {
  schema: activationSchema,
  parameters: (layer, path) => (layer.function === 'prelu' ? [slopeTensor(joinPath(path, 'weight'), layer.channels)] : []),
  outputShape(layer, input, path) {
    if (layer.function === 'prelu') expectChannels(path, input, layer.channels);
    return input;
  },
  text: (layer) => layer.function,
};

const dropoutSchema = strictObject({ kind: z.literal('dropout'), name, rate: z.number().min(0).lt(1) });
/** Zeroes a random share `rate` in training: of a map's channels, whole ones per sample (PyTorch's Dropout2d), or of single features. */
export type Dropout = Readonly<z.infer<typeof dropoutSchema>>;

export const dropout: LeafKind<typeof dropoutSchema> = {
  schema: dropoutSchema,
  parameters: () => [],
  outputShape: (_layer, input) => input,
  text: () => 'dropout',
};
