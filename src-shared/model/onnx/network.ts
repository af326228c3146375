// A network with its weights as an ONNX model: opset 17, float32, batch axis free, operations and weights named after the
// layers. Side heads, which run in training alone, are left out.
import type { OnnxModel, OnnxValue } from '../../checkpoint/onnx/messages';
import { assertNever } from '../../base/assert-never';
import type { NamedTensors } from '../../tensor/tensor';
import { isComposite, joinPath, type CompositeSpec, type LayerSpec, type NetworkSpec } from '../spec';
import { leavesOf, outputShapeOf, type LeafVisit } from '../walk';
import { GraphBuilder, type Edge } from './graph';
import { leafNodes } from './leaf';

/** An ONNX model, and where in it each leaf's output is. */
export interface NetworkGraph {
  readonly model: OnnxModel;
  readonly input: Edge;
  readonly output: Edge;
  /** Leaf path -> name of its output. */
  readonly layers: ReadonlyMap<string, Edge>;
}

/** IR version 8 goes with opset 17 (ONNX 1.12). */
const [IR_VERSION, OPSET] = [8, 17];
const FLOAT = 1;

/** Throws UserError where a weight is missing. `facts` go into the file's metadata. */
export function networkGraph(spec: NetworkSpec, weights: NamedTensors, facts: Readonly<Record<string, string>> = {}): NetworkGraph {
  const graph = new GraphBuilder(spec.name, weights);
  const input = graph.fresh('input');
  const visits = new Map(leavesOf(spec).map((visit) => [visit.path, visit]));
  const last = layersNodes({ graph, visits }, spec.layers, '', input);
  const output = graph.add('Identity', 'output', [last]);
  const { channels, height, width } = spec.input;
  const model: OnnxModel = {
    irVersion: IR_VERSION,
    producerName: 'RepMLP Studio',
    producerVersion: '',
    graph: {
      node: graph.nodes,
      name: spec.name,
      initializer: graph.initializers,
      input: [valueInfo(input, [channels, height, width])],
      output: [valueInfo(output, outputShapeOf(spec))],
    },
    opsetImport: [{ domain: '', version: OPSET }],
    metadataProps: Object.entries(facts).map(([key, value]) => ({ key, value })),
  };
  return { model, input, output, layers: graph.layers };
}

/** (N, ...shape) in float32; N is free. */
function valueInfo(name: string, shape: readonly number[]): OnnxValue {
  const dim = [{ dimParam: 'N' }, ...shape.map((dimValue) => ({ dimValue }))];
  return { name, type: { tensorType: { elemType: FLOAT, shape: { dim } } } };
}

interface Walked {
  readonly graph: GraphBuilder;
  readonly visits: ReadonlyMap<string, LeafVisit>;
}

function layersNodes(walked: Walked, layers: readonly LayerSpec[], parent: string, x: Edge): Edge {
  return layers.reduce((edge, layer) => layerNodes(walked, layer, parent, edge), x);
}

function layerNodes(walked: Walked, layer: LayerSpec, parent: string, x: Edge): Edge {
  const path = joinPath(parent, layer.name);
  if (isComposite(layer)) return compositeNodes(walked, layer, path, x);
  const visit = walked.visits.get(path);
  if (visit === undefined) throw new RangeError(`${path} is no leaf of the network`);
  const output = leafNodes(walked.graph, visit, x);
  walked.graph.layers.set(path, output);
  return output;
}

function compositeNodes(walked: Walked, layer: CompositeSpec, path: string, x: Edge): Edge {
  const { graph } = walked;
  switch (layer.kind) {
    case 'sequential':
      return layersNodes(walked, layer.layers, path, x);
    case 'residual': {
      const [body, shortcut] = [layersNodes(walked, layer.body, path, x), layersNodes(walked, layer.shortcut, path, x)];
      const sum = graph.add('Add', joinPath(path, 'sum'), [body, shortcut]);
      return layer.activation === 'relu' ? graph.add('Relu', joinPath(path, 'sum.relu'), [sum]) : sum;
    }
    case 'concat': {
      const branches = layer.branches.map((branch) => layersNodes(walked, branch, path, x));
      return graph.add('Concat', joinPath(path, 'concat'), branches, { axis: 1 });
    }
    case 'sideHead':
      return x;
    default:
      return assertNever(layer);
  }
}
