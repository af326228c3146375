// What a merged block of a reference case computes, in double precision, written from the definition of each family: a direct
// convolution, its attention and activation. Independent of the merge: it sees only the merged weights.
import { toFloat64 } from '@shared/tensor/convert';
import type { NamedTensors, Tensor } from '@shared/tensor/tensor';
import { caseTensors, type FamilyCase, type MergedConv } from './cases';
import { networkOutput } from './networks';
import { directConv, gelu, linear, squeezeExcite, type Map64 } from './direct';

/** Outputs of one input: ours and the truth. */
export interface BlockOutput {
  readonly what: string;
  readonly ours: Float64Array;
  readonly truth: Float64Array;
}

/** The merged block's outputs for all inputs of a case; null where the family is not written here. With no weights only whether it is. */
export function blockOutputs(one: FamilyCase, weights: NamedTensors): BlockOutput[] | null {
  const run = runnerOf(one);
  if (run === null || weights.size === 0) return run === null ? null : [];
  const tensors = caseTensors(one);
  if (one.family === 'lora') return loraOutputs(tensors, weights);
  return ['', 'small.']
    .filter((prefix) => tensors.has(`${prefix}x`))
    .map((prefix) => ({
      what: `${prefix}x`,
      ours: run(map64(tensors.get(`${prefix}x`)), weights).data,
      truth: map64(tensors.get(`${prefix}y64`)).data,
    }));
}

export function map64(tensor: Tensor | undefined): Map64 {
  if (!tensor) throw new Error('a tensor is missing');
  return { shape: tensor.shape, data: toFloat64(tensor) };
}

function at(weights: NamedTensors, name: string): Map64 {
  const tensor = weights.get(name);
  if (!tensor) throw new Error(`no tensor ${name}`);
  return map64(tensor);
}

type Run = (x: Map64, weights: NamedTensors) => Map64;

function runnerOf(one: FamilyCase): Run | null {
  const { merged_conv: conv, family } = one;
  if (conv) return (x, weights) => convBlock(x, weights, conv, family);
  if (family === 'lora') return (x) => x;
  if (['repvit_bn_linear', 'repvit_classifier', 'repnext_head'].includes(family))
    return (x, w) => linear(x, at(w, 'weight'), at(w, 'bias'));
  if (family === 'repadapter') return adapterBlock;
  if (family === 'repavit') return repavitBlock;
  return networkOutput(one);
}

function convBlock(x: Map64, weights: NamedTensors, conv: MergedConv, family: string): Map64 {
  const key = (part: string): string => (conv.key === '' ? part : `${conv.key}.${part}`);
  const bias = weights.has(key('bias')) ? at(weights, key('bias')) : null;
  const y = directConv(x, at(weights, key('weight')), bias, conv);
  const [down, up] = family === 'mobileone' ? ['reduce', 'expand'] : ['down', 'up'];
  const se = (z: Map64, name: string): Map64 =>
    squeezeExcite(
      z,
      (part) => at(weights, `${name}.${part === 'down' ? down : up}.weight`),
      (part) => at(weights, `${name}.${part === 'down' ? down : up}.bias`),
    );
  switch (conv.after) {
    case 'identity':
      return y;
    case 'relu':
      return mapped(y, (v) => Math.max(0, v));
    case 'silu':
      return mapped(y, (v) => v / (1 + Math.exp(-v)));
    case 'gelu':
      return mapped(y, gelu);
    case 'se, then relu':
      return mapped(se(y, 'se'), (v) => Math.max(0, v));
    case 'relu, then se':
      return se(
        mapped(y, (v) => Math.max(0, v)),
        'post_se',
      );
    default:
      throw new Error(`no block ends with ${conv.after}`);
  }
}

function mapped({ shape, data }: Map64, f: (value: number) => number): Map64 {
  return { shape, data: data.map(f) };
}

/** qkv(x) and fc1(x) side by side. */
function adapterBlock(x: Map64, weights: NamedTensors): Map64 {
  const parts = ['block.attn.qkv', 'block.mlp.fc1'].map((host) => linear(x, at(weights, `${host}.weight`), at(weights, `${host}.bias`)));
  const widths = parts.map(({ shape }) => shape[shape.length - 1]);
  const width = widths[0] + widths[1];
  const rows = parts[0].data.length / widths[0];
  const data = new Float64Array(rows * width);
  for (let row = 0; row < rows; row++) {
    data.set(parts[0].data.subarray(row * widths[0], (row + 1) * widths[0]), row * width);
    data.set(parts[1].data.subarray(row * widths[1], (row + 1) * widths[1]), row * width + widths[0]);
  }
  return { shape: [...x.shape.slice(0, -1), width], data };
}

/** fc1(x) + fc3(gelu(fc2(x))). */
function repavitBlock(x: Map64, weights: NamedTensors): Map64 {
  const direct = linear(x, at(weights, 'fc1.weight'), at(weights, 'fc1.bias'));
  if (!weights.has('fc2.weight')) return direct;
  const active = mapped(linear(x, at(weights, 'fc2.weight'), at(weights, 'fc2.bias')), gelu);
  const through = linear(active, at(weights, 'fc3.weight'), null);
  return { shape: direct.shape, data: direct.data.map((value, i) => value + through.data[i]) };
}

function loraOutputs(tensors: NamedTensors, weights: NamedTensors): BlockOutput[] {
  const layers = [...tensors.keys()].filter((name) => name.endsWith(':x')).map((name) => name.slice(0, -2));
  return layers.map((layer) => {
    const x = map64(tensors.get(`${layer}:x`));
    const weight = at(weights, `${layer}.weight`);
    const bias = weights.has(`${layer}.bias`) ? at(weights, `${layer}.bias`) : null;
    return {
      what: layer,
      ours: loraLayer(x, weight, bias, tensors.get(`${layer}:x`)?.dtype === 'int64').data,
      truth: map64(tensors.get(`${layer}:y64`)).data,
    };
  });
}

function loraLayer(x: Map64, weight: Map64, bias: Map64 | null, embedding: boolean): Map64 {
  if (embedding) {
    const width = weight.shape[1];
    const data = new Float64Array(x.data.length * width);
    x.data.forEach((row, i) => data.set(weight.data.subarray(row * width, (row + 1) * width), i * width));
    return { shape: [...x.shape, width], data };
  }
  if (weight.shape.length === 4)
    return directConv(x, weight, bias, { stride: 1, padding: (weight.shape[2] - 1) / 2, dilation: 1, groups: 1 });
  const [a, b] = weight.shape;
  const turned = x.shape[x.shape.length - 1] !== b || (bias !== null && bias.shape[0] !== a);
  return linear(x, turned ? transposed(weight) : weight, bias);
}

function transposed({ shape: [a, b], data }: Map64): Map64 {
  return { shape: [b, a], data: data.map((_, i) => data[(i % a) * b + Math.floor(i / a)]) };
}
