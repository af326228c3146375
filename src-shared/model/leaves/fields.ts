// The fields that layers' descriptions are made of: their types and their schemas. Upper limits lie far beyond any network
// there is: what is larger is a slip, and would fill the memory before anything else says so.
import { z } from 'zod';

/** The largest numbers that are taken. */
export const MOST = { size: 2 ** 26, side: 2 ** 16, kernel: 255, elements: 2 ** 32 };

/** [height, width] of a kernel, stride, padding or map. */
export type Pair = readonly [number, number];

/** What a 2-D convolution needs besides its name. Padding is symmetric, with zeros. */
export interface ConvGeometry {
  readonly in: number;
  readonly out: number;
  readonly kernel: Pair;
  readonly stride: Pair;
  readonly padding: Pair;
  readonly dilation: Pair;
  readonly groups: number;
}

const side = z.number().int().positive().max(MOST.side);
const inset = z.number().int().nonnegative().max(MOST.side);

export const name = z.string().regex(/^[\w.-]*$/, 'names use letters, digits, _, - and dots');
export const size = z.number().int().positive().max(MOST.size);
export const pair: z.ZodType<Pair, Pair> = z.tuple([side, side]);
export const padding: z.ZodType<Pair, Pair> = z.tuple([inset, inset]);
export const form = z.enum(['train', 'merged']);
export const activation = z.enum(['none', 'relu', 'gelu', 'sigmoid', 'prelu']);
/** Odd kernel sizes of conv branches. */
export const kernels: z.ZodType<readonly number[], readonly number[]> = z.array(
  side.max(MOST.kernel).refine((K) => K % 2 === 1, 'kernel sizes are odd'),
);
export const geometry = { in: size, out: size, kernel: pair, stride: pair, padding, dilation: pair, groups: size };
/** eps of all batch norms of a layer, where it is not BN_EPSILON. */
export const eps = z.number().nonnegative().optional();

/** Form of a layer or network: before or after re-parameterization. */
export type Form = z.infer<typeof form>;
export type ActivationFunction = z.infer<typeof activation>;

/** eps of a batch norm whose layer does not say otherwise (PyTorch's default). */
export const BN_EPSILON = 1e-5;

/** eps of all batch norms of a layer: what is added to the variance before its root is taken. */
export function epsOf(layer: { readonly eps?: number }): number {
  return layer.eps ?? BN_EPSILON;
}
