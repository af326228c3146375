// Layers without parameters that make other maps of a map: pooling, resizing, flattening.
import { z } from 'zod';
import { strictObject } from '../strict-object';
import { name, padding, pair } from './fields';
import type { LeafKind } from './kind';
import { expectMap, positiveSize } from './shapes';

const poolSchema = strictObject({
  kind: z.literal('pool'),
  name,
  function: z.enum(['max', 'average']),
  kernel: pair,
  stride: pair,
  padding,
});
/** Max or average pooling over windows, padding not counted in averages. */
export type Pool = Readonly<z.infer<typeof poolSchema>>;

export const pool: LeafKind<typeof poolSchema> = {
  schema: poolSchema,
  parameters: () => [],
  outputShape(layer, input, path) {
    expectMap(path, input);
    const along = (axis: 0 | 1): number =>
      Math.floor((input[axis + 1] + 2 * layer.padding[axis] - layer.kernel[axis]) / layer.stride[axis]) + 1;
    return [input[0], ...positiveSize(path, [along(0), along(1)])];
  },
  text: (layer) => `${layer.function} pool ${layer.kernel.join('×')}`,
};

const adaptiveSchema = strictObject({ kind: z.literal('adaptiveAveragePool'), name, bins: pair });
/** Average over `bins` = [rows, columns] regions (adaptive pooling); [1, 1] is the global average. */
export type AdaptiveAveragePool = Readonly<z.infer<typeof adaptiveSchema>>;

export const adaptiveAveragePool: LeafKind<typeof adaptiveSchema> = {
  schema: adaptiveSchema,
  parameters: () => [],
  outputShape: (layer, input) => [input[0], ...layer.bins],
  text: (layer) => `average pool to ${layer.bins.join('×')}`,
};

const resizeSchema = strictObject({ kind: z.literal('resize'), name, size: pair });
/** Bilinear resize to `size` = [height, width], corners aligned. */
export type Resize = Readonly<z.infer<typeof resizeSchema>>;

export const resize: LeafKind<typeof resizeSchema> = {
  schema: resizeSchema,
  parameters: () => [],
  outputShape: (layer, input) => [input[0], ...layer.size],
  text: (layer) => `resize to ${layer.size.join('×')}`,
  isSized: true,
};

const flattenSchema = strictObject({ kind: z.literal('flatten'), name });
/** (N, C, H, W) -> (N, C*H*W). */
export type Flatten = Readonly<z.infer<typeof flattenSchema>>;

export const flatten: LeafKind<typeof flattenSchema> = {
  schema: flattenSchema,
  parameters: () => [],
  outputShape: (_layer, input) => [input.reduce((product, length) => product * length, 1)],
  text: () => 'flatten',
};
