// The RepMLP block (arXiv 2105.01883, figure 1) and the RepMLPNet block (arXiv 2112.11081) in double
// precision and eval mode, both forms, in the papers' own steps: Global, Partition (Channel), Local Perceptron.
import { epsOf, hasGlobalPerceptron, type GlobalPerceptron, type RepBlock, type RepMlp, type RepMlpNetBlock } from '@shared/model/spec';
import { mapSize, reshape, sum, within, zeros, type Array64, type ParameterReader } from './array64';
import { conv2d, fullyConnected, groupedFullyConnected, samePadding } from './convolution';
import { activate, adaptiveAveragePool, batchNorm, pool } from './layers';

const noSlope = (): never => {
  throw new Error('only PReLU has a slope');
};

/** RepMLP: the Global Perceptron's vector is added to every partition, then FC3 and the conv branches. (N, C, H, W) -> (N, O, H, W). */
export function repMlp(x: Array64, block: RepMlp, read: ParameterReader): Array64 {
  const { h, w, O } = block;
  const partitions = partition(hasGlobalPerceptron(block) ? globalPerceptron(x, block, read) : x, h, w);
  return unpartition(perceptrons(partitions, block, block.groups, O, read), mapSize(x), h, w);
}

/**
 * RepMLPNet block: rows of S channels share one FC3; the result is scaled by the Global Perceptron. (N, C, H, W) -> the same.
 *
 * Warning: the official code cuts rows in the order (n, hp, wp, c / S) but puts them back as (n, c / S, hp, wp). With more than
 * one partition and S < C that moves results to other channels and partitions. Released weights were trained so; it is kept.
 */
export function repMlpNetBlock(x: Array64, block: RepMlpNetBlock, read: ParameterReader): Array64 {
  const { C, h, w, shareSets: S } = block;
  const { N, H, W } = mapSize(x);
  const rows = partition(x, h, w);
  const sets = reshape(rows, [rows.data.length / (S * h * w), S, h, w]);
  const local = unpartition(perceptrons(sets, block, S, S, read), { N: (N * C) / S, H, W }, h, w);
  const scale = globalScale(x, read);
  return { shape: x.shape, data: local.data.map((value, index) => value * scale.data[Math.floor(index / (H * W))]) };
}

/** FC3 (with its BN) plus every conv branch (with its BN) on (rows, C, h, w) -> (rows, O, h, w). */
function perceptrons(rows: Array64, block: RepBlock, groups: number, O: number, read: ParameterReader): Array64 {
  const { h, w, kernels } = block;
  const flat = reshape(rows, [rows.shape[0], rows.data.length / rows.shape[0]]);
  const outputShape = [rows.shape[0], O, h, w];
  const fc3 = within(read, 'fc3');
  if (block.form === 'merged') return reshape(groupedFullyConnected(flat, fc3('weight'), fc3('bias'), groups), outputShape);
  const bias = block.kind === 'repmlpNetBlock' && block.fc3Bias ? fc3('bias') : null;
  const connected = groupedFullyConnected(flat, fc3('weight'), bias, groups);
  // v1 keeps FC3's statistics per output element, RepMLPNet per share-set.
  const normShape = block.kind === 'repmlp' ? connected.shape : outputShape;
  const full = reshape(batchNorm(reshape(connected, normShape), within(read, 'fc3_bn'), epsOf(block)), outputShape);
  return kernels.reduce((total, K) => {
    const branch = within(read, `repconv${K}`);
    return sum(total, batchNorm(conv2d(rows, branch('conv.weight'), null, samePadding(K, groups)), within(branch, 'bn'), epsOf(block)));
  }, full);
}

/** Pool each partition, BN, FC1, ReLU, FC2; the result is added to all positions of its partition. */
export function globalPerceptron(x: Array64, block: RepMlp | GlobalPerceptron, read: ParameterReader): Array64 {
  const { N, C, H, W } = mapSize(x);
  const { h, w } = block;
  const [hp, wp] = [H / h, W / w];
  const pooled = pool(x, { function: 'average', kernel: [h, w], stride: [h, w], padding: [0, 0] });
  const normed = block.form === 'merged' ? pooled : batchNorm(pooled, within(read, 'avg.bn'), epsOf(block));
  const fc1 = within(read, 'fc1_fc2.fc1');
  const fc2 = within(read, 'fc1_fc2.fc2');
  const hidden = fullyConnected(reshape(normed, [N, C * hp * wp]), fc1('weight'), fc1('bias'));
  const vector = fullyConnected(activate(hidden, 'relu', noSlope), fc2('weight'), fc2('bias'));
  const partitionOf = (index: number): number => {
    const [row, column] = [Math.floor(index / W) % H, index % W];
    return (Math.floor(index / (H * W)) * hp + Math.floor(row / h)) * wp + Math.floor(column / w);
  };
  return { shape: x.shape, data: x.data.map((value, index) => value + vector.data[partitionOf(index)]) };
}

/** Squeeze and excite: sigmoid(FC2(relu(FC1(global average)))), (N, C). */
function globalScale(x: Array64, read: ParameterReader): Array64 {
  const { N, C } = mapSize(x);
  const gp = within(read, 'gp');
  const pooled = reshape(adaptiveAveragePool(x, [1, 1]), [N, C]);
  const hidden = activate(fullyConnected(pooled, gp('fc1.weight'), gp('fc1.bias')), 'relu', noSlope);
  return activate(fullyConnected(hidden, gp('fc2.weight'), gp('fc2.bias')), 'sigmoid', noSlope);
}

/** (N, C, hp*h, wp*w) -> (N*hp*wp, C, h, w): one row per partition. */
export function partition(x: Array64, h: number, w: number): Array64 {
  const { N, C, H, W } = mapSize(x);
  const rows = zeros([(N * H * W) / (h * w), C, h, w]);
  forEachPosition({ N, C, H, W }, h, w, (map, row) => (rows.data[row] = x.data[map]));
  return rows;
}

/** The inverse of `partition` for a map of the given N, H and W; the channel count is the rows'. */
export function unpartition(rows: Array64, { N, H, W }: { N: number; H: number; W: number }, h: number, w: number): Array64 {
  const C = rows.shape[1];
  const x = zeros([N, C, H, W]);
  forEachPosition({ N, C, H, W }, h, w, (map, row) => (x.data[map] = rows.data[row]));
  return x;
}

/** Calls visit(index in (N, C, H, W), index in (N, hp, wp, C, h, w)) for every value. */
function forEachPosition(
  { N, C, H, W }: { N: number; C: number; H: number; W: number },
  h: number,
  w: number,
  visit: (map: number, row: number) => void,
): void {
  const [hp, wp] = [H / h, W / w];
  for (let map = 0; map < N * C * H * W; map++) {
    const [n, c, row, column] = [Math.floor(map / (C * H * W)), Math.floor(map / (H * W)) % C, Math.floor(map / W) % H, map % W];
    const part = (n * hp + Math.floor(row / h)) * wp + Math.floor(column / w);
    visit(map, ((part * C + c) * h + (row % h)) * w + (column % w));
  }
}
