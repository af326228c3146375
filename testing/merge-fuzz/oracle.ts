// The right merge of a described block in double precision, cell by cell from the formula (index form of arXiv
// 2105.01883, section 3.3), out of the file's own tensors: none of the product's merge, and none of its reading.
import { toFloat64 } from '@shared/tensor/convert';
import { elementCount, type Tensor } from '@shared/tensor/tensor';
import type { Norm, TrueBlock, Weight } from './described';

type Tensors = ReadonlyMap<string, Tensor>;

/** Merged FC3 and, of a v1 block with a Global Perceptron, FC1. */
export interface RightMerge {
  readonly weight: Float64Array;
  readonly bias: Float64Array;
  readonly fc1: { readonly weight: Float64Array; readonly bias: Float64Array } | null;
}

function valuesOf(tensors: Tensors, name: string): Float64Array {
  const tensor = tensors.get(name);
  if (tensor === undefined) throw new Error(`the described checkpoint has no ${name}`);
  return toFloat64(tensor);
}

/** The weight that the network computes with. */
function effective(tensors: Tensors, { how, names }: Weight): Float64Array {
  const parts = names.map((name) => valuesOf(tensors, name));
  switch (how) {
    case 'plain':
      return parts[0];
    case 'masked':
      return parts[0].map((value, i) => value * parts[1][i]);
    case 'weightNorm': {
      const [lengths, v] = parts;
      const run = v.length / lengths.length;
      return v.map((value, i) => {
        const first = Math.floor(i / run) * run;
        return (value / Math.hypot(...v.subarray(first, first + run))) * lengths[Math.floor(i / run)];
      });
    }
    case 'spectral': {
      const [W, left, right] = parts;
      const sigma = W.reduce((sum, value, i) => sum + left[Math.floor(i / right.length)] * value * right[i % right.length], 0);
      return W.map((value) => value / sigma);
    }
  }
}

/** y = scale x + shift of one channel of a batch norm whose input has a bias already. */
function affineOf(tensors: Tensors, { module, affine, eps }: Norm): (channel: number, bias: number) => [scale: number, shift: number] {
  const [mean, variance] = ['running_mean', 'running_var'].map((part) => valuesOf(tensors, `${module}.${part}`));
  const [gamma, beta] = affine ? ['weight', 'bias'].map((part) => valuesOf(tensors, `${module}.${part}`)) : [null, null];
  return (channel, bias) => {
    const scale = (gamma ? gamma[channel] : 1) / Math.sqrt(variance[channel] + eps);
    return [scale, (bias - mean[channel]) * scale + (beta ? beta[channel] : 0)];
  };
}

/** The right merge with partitions of h x w. */
export function rightMerge(block: TrueBlock, tensors: Tensors, h: number, w: number): RightMerge {
  const [area, fc3] = [h * w, effective(tensors, block.fc3)];
  const rows = elementCount(tensors.get(block.fc3.names.at(-1) as string)?.shape.slice(0, 1) ?? []);
  const bias = new Float64Array(block.fc3.how === 'spectral' ? valuesOf(tensors, block.fc3.names[1]).length : rows);
  const columns = fc3.length / bias.length;
  const weight = new Float64Array(fc3.length);
  const own = affineOf(tensors, block.fc3Norm);
  const fc3Bias = block.fc3Bias === null ? null : valuesOf(tensors, block.fc3Bias);
  const perRow = valuesOf(tensors, `${block.fc3Norm.module}.running_var`).length === bias.length;
  const branches = block.branches.map((branch) => ({
    K: branch.K,
    kernel: effective(tensors, branch.conv),
    affine: affineOf(tensors, branch.norm),
    bias: branch.bias === null ? null : valuesOf(tensors, branch.bias),
  }));
  for (let row = 0; row < bias.length; row++) {
    const [o, i, j] = [Math.floor(row / area), Math.floor(row / w) % h, row % w];
    const [scale, shift] = own(perRow ? row : o, fc3Bias ? fc3Bias[row] : 0);
    bias[row] = shift;
    for (let column = 0; column < columns; column++) weight[row * columns + column] = scale * fc3[row * columns + column];
    for (const branch of branches) {
      const [branchScale, branchShift] = branch.affine(o, branch.bias ? branch.bias[o] : 0);
      bias[row] += branchShift;
      for (let column = 0; column < columns; column++) {
        const [c, a, b] = [Math.floor(column / area), Math.floor(column / w) % h, column % w];
        const [u, v] = [a - i + (branch.K - 1) / 2, b - j + (branch.K - 1) / 2];
        if (u < 0 || v < 0 || u >= branch.K || v >= branch.K) continue;
        weight[row * columns + column] += branchScale * branch.kernel[((o * columns) / area + c) * branch.K ** 2 + u * branch.K + v];
      }
    }
  }
  return { weight, bias, fc1: block.fc1 && rightFc1(block.fc1, tensors) };
}

/** FC1 after the batch norm of its inputs, whose columns run over channels, then partitions. */
function rightFc1({ weight: weightName, bias: biasName, norm }: NonNullable<TrueBlock['fc1']>, tensors: Tensors) {
  const [W, b] = [valuesOf(tensors, weightName), valuesOf(tensors, biasName)];
  const columns = W.length / b.length;
  const partitions = columns / valuesOf(tensors, `${norm.module}.running_var`).length;
  const affine = affineOf(tensors, norm);
  const [weight, bias] = [new Float64Array(W.length), Float64Array.from(b)];
  for (let i = 0; i < W.length; i++) {
    const [scale, shift] = affine(Math.floor((i % columns) / partitions), 0);
    weight[i] = W[i] * scale;
    bias[Math.floor(i / columns)] += W[i] * shift;
  }
  return { weight, bias };
}
