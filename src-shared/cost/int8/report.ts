// What int8 weights would cost a network, layer by layer, before and after its merge: the shape of the answer.
import { z } from 'zod';
import { computed, count, sizes, type Stored } from '../../base/sent';
import { form } from '../../model/leaves/fields';

const perScales = z.object({ tensor: computed, channel: computed });
/** One number with one scale per tensor, and one with one per output channel. */
export type PerScales = Stored<z.infer<typeof perScales>>;

const outlierSchema = z.object({
  /** The output channel (first axis; a row of FC3) with the largest weight, and how many times the median channel's that is. */
  channel: count,
  times: computed,
  /** The weight itself. */
  index: sizes,
  value: computed,
  /** What made it so large, in a sentence. */
  cause: z.string(),
});
/** Why one scale for a whole tensor is too coarse for most of it. */
export type Int8Outlier = Stored<z.infer<typeof outlierSchema>>;

const int8WeightSchema = z.object({
  name: z.string(),
  shape: sizes,
  /** Of the weights themselves: sum of w^2 over sum of (w - w')^2, in dB. */
  snr: perScales,
  outlier: outlierSchema.nullable(),
});
/** One rounded weight. */
export type Int8Weight = Stored<z.infer<typeof int8WeightSchema>>;

const int8LayerSchema = z.object({
  path: z.string(),
  kind: z.string(),
  /** Of the layer's outputs, with it alone rounded, on the inputs it has in the network; in dB. */
  snr: perScales,
  /** Share of its outputs that become another int8 number (move by more than half a step of their range). */
  changed: perScales,
  weights: z.array(int8WeightSchema),
});
export type Int8Layer = Stored<z.infer<typeof int8LayerSchema>>;

const int8FormSchema = z.object({
  form,
  layers: z.array(int8LayerSchema),
  /** Of the network's outputs with every layer rounded, in dB. */
  snr: perScales,
  /** Share of inputs whose largest output is another one then; null where outputs are no classes. */
  changed: perScales.nullable(),
});
/** One form of the network. */
export type Int8Form = Stored<z.infer<typeof int8FormSchema>>;

export const int8ReportSchema = z.object({
  model: z.string(),
  inputs: z.object({ source: z.string(), shape: sizes, seed: z.number().nullable() }),
  method: z.string(),
  backend: z.string(),
  /** Train form first, where there is one. */
  forms: z.array(int8FormSchema),
});
/** The forecast. */
export type Int8Report = Stored<z.infer<typeof int8ReportSchema>>;

export const INT8_METHOD =
  'weights of convolutions and fully-connected layers rounded to int8 and back (symmetric, ties to even), biases, batch norms and activations as they are; each layer alone on the inputs it has in the network, then all together';
