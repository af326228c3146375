// Layers on flat features (N, in).
import { z } from 'zod';
import { strictObject } from '../strict-object';
import { name, size } from './fields';
import type { LeafKind } from './kind';
import { expectShape, type FeatureShape } from './shapes';
import { affineTensors } from './tensors';

const linearSchema = strictObject({ kind: z.literal('linear'), name, in: size, out: size, bias: z.boolean() });
/** Fully-connected layer on (N, in): `weight` (out, in), optional `bias` (out). */
export type Linear = Readonly<z.infer<typeof linearSchema>>;

export const linear: LeafKind<typeof linearSchema> = {
  schema: linearSchema,
  parameters: (layer, path) => affineTensors(path, [layer.out, layer.in], layer.bias),
  outputShape,
  text: (layer) => `FC ${layer.in} to ${layer.out}`,
};

const cosineSchema = strictObject({ kind: z.literal('cosineLinear'), name, in: size, out: size });
/** Cosine classifier of AM-Softmax: y = cos(x, weight row); `weight` (out, in), no bias. */
export type CosineLinear = Readonly<z.infer<typeof cosineSchema>>;

export const cosineLinear: LeafKind<typeof cosineSchema> = {
  schema: cosineSchema,
  parameters: (layer, path) => affineTensors(path, [layer.out, layer.in], false),
  outputShape,
  text: (layer) => `cosine FC ${layer.in} to ${layer.out}`,
};

function outputShape(layer: { readonly in: number; readonly out: number }, input: FeatureShape, path: string): FeatureShape {
  expectShape(path, 'its input', input, [layer.in]);
  return [layer.out];
}
