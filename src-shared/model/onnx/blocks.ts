// The RepMLP block (arXiv 2105.01883, figure 1) and the RepMLPNet block (arXiv 2112.11081) as ONNX operations, both forms.
// FC3 is a grouped 1x1 convolution over the partition's values laid out as channels, as in the official code, so that its
// weight keeps name and shape. The batch axis stays free: it is the -1 of every reshape.
import { epsOf, hasGlobalPerceptron, joinPath, type GlobalPerceptron, type RepBlock, type RepMlp, type RepMlpNetBlock } from '../spec';
import type { Edge, GraphBuilder } from './graph';

/** A map's channels, height and width. */
export type MapShape = readonly [C: number, H: number, W: number];

/** (N, C, H, W) -> (N, O, H, W). */
export function repMlpNodes(graph: GraphBuilder, block: RepMlp, path: string, x: Edge): Edge {
  const { C, O, H, W, h, w } = block;
  const at = (step: string): string => joinPath(path, step);
  const cut = splitMap(graph, at('split'), x, [C, H, W], [h, w]);
  const input = hasGlobalPerceptron(block) ? graph.add('Add', at('global'), [cut, globalVector(graph, block, path, x)]) : cut;
  const parts = toPartitions(graph, at('partitions'), input, [C, h, w]);
  const local = perceptrons(graph, block, path, parts, { groups: block.groups, channels: C, outputs: O });
  return fromPartitions(graph, path, local, [O, H, W], [h, w]);
}

/** A Global Perceptron without the rest of the block: x plus the partitions' vectors. */
export function globalPerceptronNodes(graph: GraphBuilder, block: GlobalPerceptron, path: string, x: Edge): Edge {
  const { C, H, W, h, w } = block;
  const cut = splitMap(graph, joinPath(path, 'split'), x, [C, H, W], [h, w]);
  const sum = graph.add('Add', joinPath(path, 'global'), [cut, globalVector(graph, block, path, x)]);
  return graph.reshape(path, sum, [-1, C, H, W]);
}

/**
 * (N, C, H, W) -> the same. As in the official code rows are cut in the order (n, partition, c / S) and put back as
 * (n, c / S, partition), which the reshape from N * C / S maps of S channels does.
 */
export function repMlpNetNodes(graph: GraphBuilder, block: RepMlpNetBlock, path: string, x: Edge, [C, H, W]: MapShape): Edge {
  const { h, w, shareSets: S } = block;
  const at = (step: string): string => joinPath(path, step);
  const cut = splitMap(graph, at('split'), x, [C, H, W], [h, w]);
  const parts = toPartitions(graph, at('partitions'), cut, [C, h, w]);
  const rows = C === S ? parts : graph.reshape(at('rows'), parts, [-1, S, h, w]);
  const local = perceptrons(graph, block, path, rows, { groups: S, channels: S, outputs: S });
  const maps = fromPartitions(graph, at('maps'), local, [S, H, W], [h, w]);
  const whole = C === S ? maps : graph.reshape(at('whole'), maps, [-1, C, H, W]);
  return graph.add('Mul', path, [whole, excitation(graph, path, x)]);
}

interface Connection {
  readonly groups: number;
  readonly channels: number;
  readonly outputs: number;
}

/** FC3 and, in train form, its batch norm and the conv branches with theirs: (B, C, h, w) -> (B, O, h, w). */
function perceptrons(graph: GraphBuilder, block: RepBlock, path: string, parts: Edge, { groups, channels, outputs }: Connection): Edge {
  const { h, w, form, kernels } = block;
  const at = (step: string): string => joinPath(path, step);
  const flat = graph.reshape(at('flat'), parts, [-1, channels * h * w, 1, 1]);
  const biased = form === 'merged' || (block.kind === 'repmlpNetBlock' && block.fc3Bias === true);
  const bias = biased ? [graph.weight(at('fc3.bias'))] : [];
  const connected = graph.add('Conv', at('fc3'), [flat, graph.weight(at('fc3.weight')), ...bias], { kernel_shape: [1, 1], group: groups });
  const shape = [-1, outputs, h, w];
  if (form === 'merged') return graph.reshape(at('fc3.map'), connected, shape);
  // v1 keeps FC3's statistics per output element, RepMLPNet per share-set.
  const perElement = block.kind === 'repmlp';
  const normInput = perElement ? connected : graph.reshape(at('fc3.map'), connected, shape);
  const normed = normNode(graph, at('fc3_bn'), normInput, epsOf(block));
  const first = perElement ? graph.reshape(at('fc3_bn.map'), normed, shape) : normed;
  return kernels.reduce((sum, K) => {
    const branch = at(`repconv${K}`);
    const [kernel, p] = [[K, K], (K - 1) / 2];
    const conv = graph.add('Conv', `${branch}.conv`, [parts, graph.weight(`${branch}.conv.weight`)], {
      ...{ kernel_shape: kernel, pads: [p, p, p, p], group: groups },
    });
    return graph.add('Add', at(`with_repconv${K}`), [sum, normNode(graph, `${branch}.bn`, conv, epsOf(block))]);
  }, first);
}

export function normNode(graph: GraphBuilder, path: string, x: Edge, eps: number): Edge {
  const parameters = ['weight', 'bias', 'running_mean', 'running_var'].map((name) => graph.weight(joinPath(path, name)));
  return graph.add('BatchNormalization', path, [x, ...parameters], { epsilon: { float: eps } });
}

/** Averages of the partitions through BN, FC1, ReLU and FC2: (N, C, hp, 1, wp, 1), to be added to the split map. */
function globalVector(graph: GraphBuilder, block: RepMlp | GlobalPerceptron, path: string, x: Edge): Edge {
  const { C, H, W, h, w, form } = block;
  const [hp, wp] = [H / h, W / w];
  const at = (step: string): string => joinPath(path, step);
  const average = graph.add('AveragePool', at('avg'), [x], { kernel_shape: [h, w], strides: [h, w] });
  const normed = form === 'train' ? normNode(graph, at('avg.bn'), average, epsOf(block)) : average;
  const flat = graph.reshape(at('avg.flat'), normed, [-1, C * hp * wp]);
  const hidden = graph.add('Relu', at('fc1_fc2.relu'), [gemmNode(graph, at('fc1_fc2.fc1'), flat, true)]);
  return graph.reshape(at('global.vector'), gemmNode(graph, at('fc1_fc2.fc2'), hidden, true), [-1, C, hp, 1, wp, 1]);
}

/** y = x W^T + b. */
export function gemmNode(graph: GraphBuilder, path: string, x: Edge, bias: boolean): Edge {
  const inputs = [x, graph.weight(joinPath(path, 'weight')), ...(bias ? [graph.weight(joinPath(path, 'bias'))] : [])];
  return graph.add('Gemm', path, inputs, { transB: 1 });
}

/** Squeeze and excite: (N, C, 1, 1). */
function excitation(graph: GraphBuilder, path: string, x: Edge): Edge {
  const at = (step: string): string => joinPath(path, step);
  const fc = (name: string, input: Edge): Edge =>
    graph.add('Conv', at(name), [input, graph.weight(at(`${name}.weight`)), graph.weight(at(`${name}.bias`))], { kernel_shape: [1, 1] });
  const hidden = graph.add('Relu', at('gp.relu'), [fc('gp.fc1', graph.add('GlobalAveragePool', at('gp.pool'), [x]))]);
  return graph.add('Sigmoid', at('gp.sigmoid'), [fc('gp.fc2', hidden)]);
}

/** (N, C, H, W) -> (N, C, hp, h, wp, w). */
function splitMap(graph: GraphBuilder, name: string, x: Edge, [C, H, W]: MapShape, [h, w]: readonly [number, number]): Edge {
  return graph.reshape(name, x, [-1, C, H / h, h, W / w, w]);
}

/** (N, C, hp, h, wp, w) -> (N * hp * wp, C, h, w). */
function toPartitions(graph: GraphBuilder, name: string, split: Edge, [C, h, w]: MapShape): Edge {
  const turned = graph.transpose(`${name}.order`, split, [0, 2, 4, 1, 3, 5]);
  return graph.reshape(name, turned, [-1, C, h, w]);
}

/** (N * hp * wp, C, h, w) -> (N, C, H, W). */
function fromPartitions(graph: GraphBuilder, name: string, parts: Edge, [C, H, W]: MapShape, [h, w]: readonly [number, number]): Edge {
  const split = graph.reshape(`${name}.grid`, parts, [-1, H / h, W / w, C, h, w]);
  return graph.reshape(name, graph.transpose(`${name}.order`, split, [0, 3, 1, 4, 2, 5]), [-1, C, H, W]);
}
