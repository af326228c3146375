// Breaks each layer of a network into its primitive operations, in execution order, under the module
// names of the official code. FC3 works on partitions, so its batch axis has one row per partition
// (2105.01883 section 3.1), and so have the conv branches.
import { assertNever } from '../base/assert-never';
import {
  hasGlobalPerceptron,
  joinPath,
  type ActivationFunction,
  type ConvBn,
  type ConvGeometry,
  type GlobalPerceptron,
  type RepBlock,
  type RepMlp,
  type RepMlpNetBlock,
} from '../model/spec';
import type { LeafVisit } from '../model/walk';
import { elementCount } from '../tensor/tensor';
import type { Factor, Primitive } from './row';

const POOLING = 'poolings: additions or comparisons, no multiply-accumulates';
const NO_ELEMENTS = { batchNorm: 0, bias: 0, activation: 0 };

/** The primitive operations of one leaf, activations included; pooling, resizing and dropout have none. */
export function primitivesOf({ layer, path, input, output }: LeafVisit): Primitive[] {
  switch (layer.kind) {
    case 'conv2d':
      return [convolution(path, layer, layer.bias, input, [1, ...output])];
    case 'convBn':
      return convBn(layer, path, input, output);
    case 'batchNorm':
      return [batchNorm(path, layer.channels, [1, ...output])];
    case 'linear':
      return [linear(path, layer.in, layer.out, layer.bias)];
    case 'cosineLinear':
      return [{ ...linear(path, layer.in, layer.out, false), kind: 'cosine linear' }];
    case 'repmlp':
      return repMlp(layer, path);
    case 'globalPerceptron':
      return addingPerceptron(layer, (suffix) => joinPath(path, suffix));
    case 'repmlpNetBlock':
      return repMlpNet(layer, path, input);
    case 'activation':
      return activation(path, layer.function, [1, ...output]);
    case 'pool':
    case 'adaptiveAveragePool':
    case 'flatten':
    case 'resize':
    case 'dropout':
      return [];
    default:
      return assertNever(layer);
  }
}

/** What a leaf does besides its primitive operations, and why no number stands for it; null where there is nothing. */
export const UNCOUNTED: Readonly<Record<LeafVisit['layer']['kind'], string | null>> = {
  pool: POOLING,
  adaptiveAveragePool: POOLING,
  resize: 'bilinear resizings: not counted',
  dropout: 'dropouts: run only in training',
  conv2d: null,
  convBn: null,
  batchNorm: null,
  linear: null,
  cosineLinear: null,
  repmlp: null,
  globalPerceptron: null,
  repmlpNetBlock: null,
  activation: null,
  flatten: null,
};

/** An activation as an operation; `none` is nothing, PReLU owns one slope per channel. */
export function activation(name: string, kind: ActivationFunction, shape: readonly number[]): Primitive[] {
  if (kind === 'none') return [];
  const elements = elementCount(shape);
  return [
    {
      name,
      kind,
      work: [],
      parameters: kind === 'prelu' ? [[[shape[1], 'slopes']]] : [],
      statistics: 0,
      inputElements: elements,
      outputShape: shape,
      elements: { ...NO_ELEMENTS, activation: elements },
    },
  ];
}

function convBn(layer: ConvBn, path: string, input: readonly number[], output: readonly number[]): Primitive[] {
  const shape = [1, ...output];
  const merged = layer.form === 'merged';
  const conv = convolution(joinPath(path, 'conv'), layer, merged, input, shape);
  const bn = merged ? [] : [batchNorm(joinPath(path, 'bn'), layer.out, shape)];
  return [conv, ...bn, ...activation(joinPath(path, layer.activation), layer.activation, shape)];
}

/** A convolution's rows are its partitions: 1 but for FC3's branches. */
export function convolution(
  name: string,
  conv: ConvGeometry,
  bias: boolean,
  input: readonly number[],
  output: readonly number[],
): Primitive {
  const { groups, kernel, out } = conv;
  const [rows, , height, width] = output;
  const perGroup = conv.in / groups;
  const weights: Factor[] = [
    [out, ''],
    [perGroup, ''],
    [kernel[0], ''],
    [kernel[1], 'weights'],
  ];
  const partitions: Factor[] = rows === 1 ? [] : [[rows, 'partitions']];
  return {
    name,
    kind: `conv${kernel.join('x')}${groups > 1 ? ` g${groups}` : ''}`,
    work: [...partitions, [out, ''], [height, ''], [width, 'outputs'], [perGroup, ''], [kernel[0], ''], [kernel[1], 'inputs']],
    parameters: bias ? [weights, [[out, 'biases']]] : [weights],
    statistics: 0,
    inputElements: rows * elementCount(input),
    outputShape: output,
    elements: { ...NO_ELEMENTS, bias: bias ? elementCount(output) : 0 },
  };
}

/** A fully-connected layer at one position. */
export function linear(name: string, inputs: number, outputs: number, bias: boolean): Primitive {
  const weights: Factor[] = [
    [outputs, ''],
    [inputs, 'weights'],
  ];
  return {
    name,
    kind: 'linear',
    work: [
      [outputs, 'outputs'],
      [inputs, 'inputs'],
    ],
    parameters: bias ? [weights, [[outputs, 'biases']]] : [weights],
    statistics: 0,
    inputElements: inputs,
    outputShape: [1, outputs],
    elements: { ...NO_ELEMENTS, bias: bias ? outputs : 0 },
  };
}

/** A batch norm over maps or vectors of `shape`. */
export function batchNorm(name: string, channels: number, shape: readonly number[]): Primitive {
  const elements = elementCount(shape);
  return {
    name,
    kind: 'bn',
    work: [],
    parameters: [[[channels, 'gammas']], [[channels, 'betas']]],
    statistics: 2 * channels,
    inputElements: elements,
    outputShape: shape,
    elements: { ...NO_ELEMENTS, batchNorm: elements },
  };
}

function repMlp(block: RepMlp, path: string): Primitive[] {
  const { C, O, H, W, h, w, groups: g, form } = block;
  const at = (suffix: string): string => joinPath(path, suffix);
  const partitions = (H / h) * (W / w);
  const outputs = O * h * w;
  return [
    ...(hasGlobalPerceptron(block) ? addingPerceptron(block, at) : []),
    partitionPerceptron(at('fc3'), partitions, outputs, C * h * w, g, form === 'merged'),
    ...(form === 'merged' ? [] : [batchNorm(at('fc3_bn'), outputs, [partitions, outputs])]),
    ...(form === 'merged' ? [] : localPerceptron(block, at, { in: C, out: O, groups: g, partitions })),
  ];
}

/** The v1 Global Perceptron: pool, BN, FC1, ReLU, FC2; its output is added to the input. */
function addingPerceptron({ C, H, W, h, w, reduction, form }: RepMlp | GlobalPerceptron, at: (suffix: string) => string): Primitive[] {
  const width = C * (H / h) * (W / w);
  const hidden = Math.floor(width / reduction);
  return [
    ...(form === 'merged' ? [] : [batchNorm(at('avg.bn'), C, [1, C, H / h, W / w])]),
    linear(at('fc1_fc2.fc1'), width, hidden, true),
    ...activation(at('fc1_fc2.relu'), 'relu', [1, hidden]),
    linear(at('fc1_fc2.fc2'), hidden, width, true),
  ];
}

function repMlpNet(block: RepMlpNetBlock, path: string, [, H, W]: readonly number[]): Primitive[] {
  const { C, h, w, shareSets: S, form } = block;
  const at = (suffix: string): string => joinPath(path, suffix);
  const partitions = (H / h) * (W / w) * (C / S);
  const merged = form === 'merged';
  return [
    ...multiplyingPerceptron(block, at),
    partitionPerceptron(at('fc3'), partitions, S * h * w, S * h * w, S, merged),
    ...(merged ? [] : [batchNorm(at('fc3_bn'), S, [partitions, S, h, w])]),
    ...(merged ? [] : localPerceptron(block, at, { in: S, out: S, groups: S, partitions })),
  ];
}

/** The RepMLPNet Global Perceptron: squeeze-and-excite on the channels, as two 1x1 convs; it multiplies the output. */
function multiplyingPerceptron({ C, reduction }: RepMlpNetBlock, at: (suffix: string) => string): Primitive[] {
  const hidden = Math.floor(C / reduction);
  const pointwise = (name: string, from: number, to: number): Primitive =>
    convolution(at(name), pointwiseGeometry(from, to), true, [from, 1, 1], [1, to, 1, 1]);
  return [
    pointwise('gp.fc1', C, hidden),
    ...activation(at('gp.relu'), 'relu', [1, hidden, 1, 1]),
    pointwise('gp.fc2', hidden, C),
    ...activation(at('gp.sigmoid'), 'sigmoid', [1, C, 1, 1]),
  ];
}

function pointwiseGeometry(from: number, to: number): ConvGeometry {
  return { in: from, out: to, kernel: [1, 1], stride: [1, 1], padding: [0, 0], dilation: [1, 1], groups: 1 };
}

/** FC3: a grouped FC of `inputs` -> `outputs` applied to every partition. */
function partitionPerceptron(name: string, partitions: number, outputs: number, inputs: number, g: number, bias: boolean): Primitive {
  const perGroup = inputs / g;
  const weights: Factor[] = [
    [outputs, ''],
    [perGroup, 'weights'],
  ];
  return {
    name,
    kind: g > 1 ? `conv1x1 g${g}` : 'conv1x1',
    work: [
      [partitions, 'partitions'],
      [outputs, 'outputs'],
      [perGroup, 'inputs'],
    ],
    parameters: bias ? [weights, [[outputs, 'biases']]] : [weights],
    statistics: 0,
    inputElements: partitions * inputs,
    outputShape: [partitions, outputs, 1, 1],
    elements: { ...NO_ELEMENTS, bias: bias ? partitions * outputs : 0 },
  };
}

type BranchWidths = { readonly in: number; readonly out: number; readonly groups: number; readonly partitions: number };

function localPerceptron({ kernels, h, w }: RepBlock, at: (suffix: string) => string, widths: BranchWidths): Primitive[] {
  const shape = [widths.partitions, widths.out, h, w];
  return kernels.flatMap((K) => {
    const padding = Math.floor(K / 2);
    const geometry: ConvGeometry = {
      ...pointwiseGeometry(widths.in, widths.out),
      groups: widths.groups,
      kernel: [K, K],
      padding: [padding, padding],
    };
    return [
      convolution(at(`repconv${K}.conv`), geometry, false, [widths.in, h, w], shape),
      batchNorm(at(`repconv${K}.bn`), widths.out, shape),
    ];
  });
}
