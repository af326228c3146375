// One leaf of a network as ONNX operations (opset 17) on (N, C, H, W) or (N, features), in eval mode.
import { assertNever } from '../../base/assert-never';
import { epsOf, joinPath, type ActivationFunction, type Conv2d, type ConvBn, type Pool } from '../spec';
import type { LeafVisit } from '../walk';
import { gemmNode, globalPerceptronNodes, normNode, repMlpNetNodes, repMlpNodes } from './blocks';
import type { AttributeValue, Edge, GraphBuilder } from './graph';
import { averageIntoBins, resizeNode, unitRows } from './resampling';

/** The leaf's output for input x. */
export function leafNodes(graph: GraphBuilder, { layer, path, input: [C, H, W] }: LeafVisit, x: Edge): Edge {
  switch (layer.kind) {
    case 'conv2d':
      return convNode(graph, path, path, x, layer, layer.bias);
    case 'convBn':
      return convBnNodes(graph, path, x, layer);
    case 'batchNorm':
      return normNode(graph, path, x, epsOf(layer));
    case 'linear':
      return gemmNode(graph, path, x, layer.bias);
    case 'cosineLinear': {
      const weight = unitRows(graph, joinPath(path, 'unit_weight'), graph.weight(joinPath(path, 'weight')));
      return graph.add('Gemm', path, [unitRows(graph, joinPath(path, 'unit'), x), weight], { transB: 1 });
    }
    case 'repmlp':
      return repMlpNodes(graph, layer, path, x);
    case 'globalPerceptron':
      return globalPerceptronNodes(graph, layer, path, x);
    case 'repmlpNetBlock':
      return repMlpNetNodes(graph, layer, path, x, [C, H, W]);
    case 'activation':
      return activationNodes(graph, path, x, layer.function, { slope: 'weight', isMap: H !== undefined });
    case 'pool':
      return poolNode(graph, path, x, layer);
    case 'adaptiveAveragePool':
      return averageIntoBins(graph, path, x, [H, W], layer.bins);
    case 'resize':
      return resizeNode(graph, path, x, layer.size);
    case 'flatten':
      return graph.add('Flatten', path, [x], { axis: 1 });
    case 'dropout':
      return graph.add('Identity', path, [x]);
    default:
      return assertNever(layer);
  }
}

type Geometry = Pick<Conv2d, 'kernel' | 'stride' | 'padding' | 'dilation' | 'groups'>;

function convNode(graph: GraphBuilder, name: string, path: string, x: Edge, geometry: Geometry, bias: boolean): Edge {
  const { kernel, stride, dilation, groups } = geometry;
  const inputs = [x, graph.weight(joinPath(path, 'weight')), ...(bias ? [graph.weight(joinPath(path, 'bias'))] : [])];
  return graph.add('Conv', name, inputs, {
    ...{ kernel_shape: kernel, strides: stride, pads: padsOf(geometry), dilations: dilation, group: groups },
  });
}

/** Before and after, as ONNX has them: top, left, bottom, right. */
function padsOf({ padding: [top, left] }: Pick<Geometry, 'padding'>): readonly number[] {
  return [top, left, top, left];
}

function convBnNodes(graph: GraphBuilder, path: string, x: Edge, layer: ConvBn): Edge {
  const merged = layer.form === 'merged';
  const at = (step: string): string => joinPath(path, step);
  const conv = convNode(graph, at('conv'), at('conv'), x, layer, merged);
  const normed = merged ? conv : normNode(graph, at('bn'), conv, epsOf(layer));
  return layer.activation === 'none'
    ? normed
    : activationNodes(graph, path, normed, layer.activation, { slope: 'prelu.weight', isMap: true });
}

/** `slope`: where PReLU's slopes per channel are; ONNX spreads them from the last axis on, so that maps need them as (C, 1, 1). */
function activationNodes(
  graph: GraphBuilder,
  path: string,
  x: Edge,
  activation: ActivationFunction,
  { slope, isMap }: { readonly slope: string; readonly isMap: boolean },
): Edge {
  switch (activation) {
    case 'none':
      return graph.add('Identity', path, [x]);
    case 'relu':
      return graph.add('Relu', path, [x]);
    case 'sigmoid':
      return graph.add('Sigmoid', path, [x]);
    case 'gelu':
      return geluNodes(graph, path, x);
    case 'prelu': {
      const perChannel = graph.weight(joinPath(path, slope));
      const slopes = isMap ? graph.reshape(joinPath(path, 'slopes'), perChannel, [-1, 1, 1]) : perChannel;
      return graph.add('PRelu', path, [x, slopes]);
    }
    default:
      return assertNever(activation);
  }
}

/** Exact GELU: 0.5 x (1 + erf(x / sqrt(2))); opset 17 has no operation of that name. */
function geluNodes(graph: GraphBuilder, path: string, x: Edge): Edge {
  const at = (step: string): string => joinPath(path, step);
  const scalar = (step: string, value: number): Edge => graph.constant(at(step), [], Float32Array.of(value));
  const erf = graph.add('Erf', at('erf'), [graph.add('Mul', at('scaled'), [x, scalar('sqrt_half', Math.SQRT1_2)])]);
  const half = graph.add('Mul', at('half_x'), [x, scalar('half', 0.5)]);
  return graph.add('Mul', path, [half, graph.add('Add', at('one_plus_erf'), [erf, scalar('one', 1)])]);
}

function poolNode(graph: GraphBuilder, path: string, x: Edge, layer: Pool): Edge {
  const window = { kernel_shape: layer.kernel, strides: layer.stride, pads: padsOf(layer) } satisfies Record<string, AttributeValue>;
  return layer.function === 'max'
    ? graph.add('MaxPool', path, [x], window)
    : graph.add('AveragePool', path, [x], { ...window, count_include_pad: 0 });
}
