// Convolutions, alone and with batch norm and activation.
import { z } from 'zod';
import { strictObject } from '../strict-object';
import { activation, eps, form, geometry, name, type ConvGeometry } from './fields';
import type { LeafKind } from './kind';
import { expectChannels, expectDivides, expectMap, positiveSize, type FeatureShape } from './shapes';
import { affineTensors, batchNormTensors, joinPath, slopeTensor } from './tensors';

const convSchema = strictObject({ kind: z.literal('conv2d'), name, ...geometry, bias: z.boolean() });
/** Conv2d: `weight` (out, in/groups, kh, kw), optional `bias` (out). */
export type Conv2d = Readonly<z.infer<typeof convSchema>>;

export const conv2d: LeafKind<typeof convSchema> = {
  schema: convSchema,
  parameters: (conv, path) => affineTensors(path, weightShape(conv), conv.bias),
  outputShape: convOutput,
  text: convText,
  check: checkGroups,
};

const convBnSchema = strictObject({ kind: z.literal('convBn'), name, ...geometry, activation, fusedByMerge: z.boolean(), form, eps });
/**
 * Convolution, batch norm, activation. Train form: `conv.weight`, `bn.*`; merged form: `conv.weight`, `conv.bias`.
 * `fusedByMerge`: whether the official conversion fuses this pair (it does in the v1 networks, not in RepMLPNet).
 */
export type ConvBn = Readonly<z.infer<typeof convBnSchema>>;

export const convBn: LeafKind<typeof convBnSchema> = {
  schema: convBnSchema,
  parameters(layer, path) {
    const shape = weightShape(layer);
    const slope = layer.activation === 'prelu' ? [slopeTensor(joinPath(path, 'prelu.weight'), layer.out)] : [];
    if (layer.form === 'merged') return [...affineTensors(joinPath(path, 'conv'), shape, true), ...slope];
    return [...affineTensors(joinPath(path, 'conv'), shape, false), ...batchNormTensors(joinPath(path, 'bn'), layer.out), ...slope];
  },
  outputShape: convOutput,
  text: (layer) => [`${convText(layer)} · BN`, ...(layer.activation === 'none' ? [] : [layer.activation])].join(' · '),
  check: checkGroups,
};

const weightShape = (conv: ConvGeometry): number[] => [conv.out, conv.in / conv.groups, ...conv.kernel];

function convOutput(conv: ConvGeometry, input: FeatureShape, path: string): FeatureShape {
  expectChannels(path, input, conv.in);
  expectMap(path, input);
  const size = [0, 1].map((axis) => {
    const reach = conv.dilation[axis] * (conv.kernel[axis] - 1) + 1;
    return Math.floor((input[axis + 1] + 2 * conv.padding[axis] - reach) / conv.stride[axis]) + 1;
  });
  return [conv.out, ...positiveSize(path, size)];
}

function convText(conv: ConvGeometry): string {
  const stride = conv.stride[0] === 1 ? '' : ` /${conv.stride[0]}`;
  const groups = conv.groups === 1 ? '' : ` · g ${conv.groups}`;
  return `conv ${conv.kernel.join('×')}${stride} · ${conv.in} to ${conv.out}${groups}`;
}

function checkGroups(conv: ConvGeometry, path: string): void {
  expectDivides(path, 'groups', conv.groups, 'in', conv.in);
  expectDivides(path, 'groups', conv.groups, 'out', conv.out);
}
