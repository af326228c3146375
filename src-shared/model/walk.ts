// Walks a network in execution order with every leaf's path and shapes: the one traversal that the
// parameter list, the cost ledger, the merge plan and the diagram share.
import { UserError } from '../base/user-error';
import { compositeRecord, isComposite, type LayerSpec, type Walk } from './composites';
import { leafRecord, type LeafSpec } from './leaves';
import type { FeatureShape } from './leaves/shapes';
import { joinPath } from './leaves/tensors';
import type { NetworkSpec } from './spec';

export type { FeatureShape } from './leaves/shapes';

/** A leaf where it stands in the network. */
export interface LeafVisit {
  /** Dotted path; parameters are `<path>.<suffix>`. */
  readonly path: string;
  readonly layer: LeafSpec;
  readonly input: FeatureShape;
  readonly output: FeatureShape;
  /** Inside a side head, which runs only in training. */
  readonly training: boolean;
}

/** Every leaf in execution order. Throws UserError, naming the layer, where shapes do not fit. */
export function leavesOf(spec: NetworkSpec): LeafVisit[] {
  const visits: LeafVisit[] = [];
  walk(spec.layers, '', inputShape(spec), false, visits);
  return visits;
}

/** Shape of the network's output for one image. */
export function outputShapeOf(spec: NetworkSpec): FeatureShape {
  return walk(spec.layers, '', inputShape(spec), false, []);
}

/** The same network for inputs of another height and width (segmentation crops, larger tests). */
export function withInputSize(spec: NetworkSpec, height: number, width: number): NetworkSpec {
  return { ...spec, input: { ...spec.input, height, width } };
}

/** The network for inputs (N, C, H, W) of a shape. Throws UserError where it takes other channels, or has another size built in. */
export function sizedFor(spec: NetworkSpec, shape: readonly number[]): NetworkSpec {
  const [, channels, height, width] = shape;
  if (channels !== spec.input.channels)
    throw new UserError(`${spec.name} takes inputs with ${spec.input.channels} channels; the given ones have shape ${shape.join('x')}`);
  const sized = withInputSize(spec, height, width);
  if (height !== spec.input.height || width !== spec.input.width) expectTakes(spec, sized);
  return sized;
}

/** Throws UserError saying which layer keeps a network from taking inputs of another size. */
function expectTakes(spec: NetworkSpec, sized: NetworkSpec): void {
  const { height, width } = sized.input;
  try {
    for (const { path, layer, output } of leavesOf(sized))
      if (leafRecord(layer).isSized) throw new UserError(`layer ${path}: its output is always of ${output.slice(1).join('x')}`);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw new UserError(
      `${spec.name}, described for inputs of ${spec.input.height}x${spec.input.width}, cannot take ${height}x${width}: ${error.message}`,
    );
  }
}

function inputShape(spec: NetworkSpec): FeatureShape {
  return [spec.input.channels, spec.input.height, spec.input.width];
}

function walk(layers: readonly LayerSpec[], path: string, input: FeatureShape, training: boolean, visits: LeafVisit[]): FeatureShape {
  return layers.reduce((shape, layer) => walkLayer(layer, path, shape, training, visits), input);
}

function walkLayer(layer: LayerSpec, parent: string, input: FeatureShape, training: boolean, visits: LeafVisit[]): FeatureShape {
  const path = joinPath(parent, layer.name);
  if (isComposite(layer)) {
    const inside: Walk = (layers, isSide = false) => walk(layers, path, input, training || isSide, visits);
    return compositeRecord(layer).outputShape(layer, input, path, inside);
  }
  const output = leafOutputShape(layer, input, path);
  visits.push({ path, layer, input, output, training });
  return output;
}

/** Output shape of one leaf for an input shape. Throws UserError, naming `path`, where they do not fit. */
export function leafOutputShape(layer: LeafSpec, input: FeatureShape, path: string): FeatureShape {
  return leafRecord(layer).outputShape(layer, input, path);
}
