// The merge of one block as the paper tells it, step by step, each with the arrays before and after it:
// what the window walks through. Arrays are float32, kernels and biases folded and summed in double precision.
import { largestOf } from '../../base/extremes';
import type { ScaleShift } from './batch-norm';
import { epsOf, hasGlobalPerceptron, type RepBlock, type RepMlp } from '../../model/spec';
import type { NamedTensors } from '../../tensor/tensor';
import { bnIntoFc, convToFc, mergedBias, mergedMatrix } from './fc-matrix';
import { columnsOf, rowsOf, type FcShape } from '../../matrix/geometry';
import { addKernels, padKernel, type Kernel, type Reals } from './kernels';
import { branchesOf, fc3NormAt, normAt, realsAt, type ReadReals } from '../merge-layer';
import { fcShapeOf } from '../../matrix/geometry';
import { poolBnIntoFc1 } from './pool-bn';
import type { MergeStep, MergeStepArray } from '../report';

/** The steps of merging a train-form block whose tensors are at `path`, in the paper's order. Steps with nothing to do are left out. */
export function mergeSteps(block: RepBlock, weights: NamedTensors, path = ''): MergeStep[] {
  const read = realsAt(weights, path);
  const steps = [...fc3Steps(block, read)];
  if (block.kind === 'repmlp' && hasGlobalPerceptron(block)) steps.push(poolBnStep(block, read));
  return steps;
}

function fc3Steps(block: RepBlock, read: ReadReals): MergeStep[] {
  const shape = fcShapeOf(block);
  const norm = fc3NormAt(block, read);
  const weight = read('fc3.weight');
  const folded = bnIntoFc(weight, norm, shape);
  const first = bnIntoFcStep(weight, norm, folded, shape);
  const branches = branchesOf(block, read);
  if (branches.length === 0) return [first];
  const K = largestOf(branches.map((branch) => branch.K));
  const padded = branches.map((branch) => padKernel(branch, K));
  const kernel = padded.reduce(addKernels);
  const band = matrix('the convolution as FC', convToFc(kernel, shape), shape);
  const merged = matrix('merged FC3', mergedMatrix(weight, norm.scale, kernel, shape), shape);
  return [
    first,
    bnIntoConvStep(read, branches),
    padStep(branches, padded, kernel),
    convToFcStep(kernel, band),
    addStep([first.after[0], band], merged, mergedBias(norm.shift, kernel.bias, shape)),
  ];
}

function bnIntoFcStep(weight: Reals, norm: ScaleShift, folded: ReturnType<typeof bnIntoFc>, shape: FcShape): MergeStep {
  return {
    id: 'bn-into-fc',
    title: 'Fold the batch norm into FC3',
    formula: "W' = s W, b' = beta - mean s, s = gamma / sqrt(variance + eps)",
    before: [matrix('FC3', weight, shape), vector('scale s', norm.scale)],
    after: [matrix('FC3, BN folded in', folded.weight, shape), vector('bias', folded.bias)],
  };
}

function bnIntoConvStep(read: ReadReals, branches: readonly Kernel[]): MergeStep {
  return {
    id: 'bn-into-conv',
    title: 'Fold each batch norm into its convolution',
    formula: "F' = s F, b' = beta - mean s per output channel",
    before: branches.map((branch) => kernelArray(branch, `${branch.K}x${branch.K} kernel`, read(`repconv${branch.K}.conv.weight`))),
    after: branches.flatMap((branch) => [kernelArray(branch, sizeLabel(branch)), vector(`${sizeLabel(branch)} bias`, branch.bias)]),
  };
}

function padStep(branches: readonly Kernel[], padded: readonly Kernel[], kernel: Kernel): MergeStep {
  return {
    id: 'pad',
    title: `Pad the kernels to ${kernel.K}x${kernel.K} and add them`,
    formula: 'F = sum of padded F_K, b = sum of b_K',
    before: branches.map((branch) => kernelArray(branch, sizeLabel(branch))),
    after: [
      ...padded.map((branch, index) => kernelArray(branch, `${branches[index].K}x${branches[index].K} padded`)),
      kernelArray(kernel, 'sum of the kernels'),
      vector('sum of the biases', kernel.bias),
    ],
  };
}

function convToFcStep(kernel: Kernel, band: MergeStepArray): MergeStep {
  return {
    id: 'conv-to-fc',
    title: 'Write the convolution as a matrix',
    formula: 'M[(o,i,j),(c,a,b)] = F[o, c, a - i + p, b - j + p], else 0',
    before: [kernelArray(kernel, 'sum of the kernels')],
    after: [band],
  };
}

function addStep(before: readonly MergeStepArray[], merged: MergeStepArray, bias: Float32Array): MergeStep {
  return {
    id: 'add',
    title: 'Add the matrices and the biases',
    formula: "FC3 = W' + M, bias = b' + b repeated h w times",
    before,
    after: [merged, vector('merged bias', bias)],
  };
}

function poolBnStep(block: RepMlp, read: ReadReals): MergeStep {
  const { C, H, W, h, w } = block;
  const partitions = (H / h) * (W / w);
  const fc1 = { weight: read('fc1_fc2.fc1.weight'), bias: read('fc1_fc2.fc1.bias') };
  const norm = normAt(read, 'avg.bn', epsOf(block));
  const fused = poolBnIntoFc1(fc1, norm, partitions);
  const shape = [fc1.bias.length, C * partitions];
  return {
    id: 'pool-bn-into-fc1',
    title: "Fold the pooling's batch norm into FC1",
    formula: "W1' = W1 diag(s), b1' = b1 + W1 (beta - mean s)",
    before: [array('FC1', shape, fc1.weight), vector('FC1 bias', fc1.bias), vector('scale s', norm.scale)],
    after: [array('FC1, BN folded in', shape, fused.weight), vector('FC1 bias', fused.bias)],
  };
}

function sizeLabel({ K }: Kernel): string {
  return `${K}x${K}, BN folded in`;
}

function kernelArray({ O, channels, K, weight }: Kernel, label: string, values: Reals = weight): MergeStepArray {
  return array(label, [O, channels, K, K], values);
}

function matrix(label: string, values: Reals, shape: FcShape): MergeStepArray {
  return array(label, [rowsOf(shape), columnsOf(shape)], values);
}

function vector(label: string, values: Reals): MergeStepArray {
  return array(label, [values.length], values);
}

function array(label: string, shape: readonly number[], values: Reals): MergeStepArray {
  return { label, shape, data: values instanceof Float32Array ? values : Float32Array.from(values) };
}
