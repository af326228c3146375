// Walks a network in execution order with every leaf's path and shapes: the one traversal that the
// parameter list, the cost ledger, the merge plan and the diagram share.
import { assertNever } from '../base/assert-never';
import { UserError } from '../base/user-error';
import { joinPath, type ConvGeometry, type LayerSpec, type LeafSpec, type NetworkSpec, type Pair } from './spec';

/** Shape of one activation without the batch: [C, H, W], or [features] after flattening. */
export type FeatureShape = readonly number[];

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
      if (layer.kind === 'resize') throw new UserError(`layer ${path}: its output is always of ${output.slice(1).join('x')}`);
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
  switch (layer.kind) {
    case 'sequential':
      return walk(layer.layers, path, input, training, visits);
    case 'residual': {
      const body = walk(layer.body, path, input, training, visits);
      const shortcut = walk(layer.shortcut, path, input, training, visits);
      expectShape(path, 'the shortcut', shortcut, body);
      return body;
    }
    case 'concat': {
      const shapes = layer.branches.map((branch) => walk(branch, path, input, training, visits));
      shapes.forEach((shape) => expectShape(path, 'every branch', shape.slice(1), shapes[0].slice(1)));
      return [shapes.reduce((channels, shape) => channels + shape[0], 0), ...shapes[0].slice(1)];
    }
    case 'sideHead':
      walk(layer.layers, path, input, true, visits);
      return input;
    default: {
      const output = leafOutputShape(layer, input, path);
      visits.push({ path, layer, input, output, training });
      return output;
    }
  }
}

/** Output shape of one leaf for an input shape. Throws UserError, naming `path`, where they do not fit. */
export function leafOutputShape(layer: LeafSpec, input: FeatureShape, path: string): FeatureShape {
  switch (layer.kind) {
    case 'conv2d':
    case 'convBn':
      expectChannels(path, input, layer.in);
      return convOutput(layer, input, path);
    case 'repmlp':
      expectShape(path, 'its input', input, [layer.C, layer.H, layer.W]);
      return [layer.O, layer.H, layer.W];
    case 'globalPerceptron':
      expectShape(path, 'its input', input, [layer.C, layer.H, layer.W]);
      return input;
    case 'repmlpNetBlock':
      expectChannels(path, input, layer.C);
      expectDivisible(path, input, [layer.h, layer.w]);
      return input;
    case 'linear':
    case 'cosineLinear':
      expectShape(path, 'its input', input, [layer.in]);
      return [layer.out];
    case 'batchNorm':
      expectChannels(path, input, layer.channels);
      return input;
    case 'pool':
      return [input[0], ...pooledSize(layer, input, path)];
    case 'adaptiveAveragePool':
      return [input[0], ...layer.bins];
    case 'resize':
      return [input[0], ...layer.size];
    case 'flatten':
      return [input.reduce((product, size) => product * size, 1)];
    case 'activation':
      if (layer.function === 'prelu') expectChannels(path, input, layer.channels);
      return input;
    case 'dropout':
      return input;
    default:
      return assertNever(layer);
  }
}

function convOutput(conv: ConvGeometry, input: FeatureShape, path: string): FeatureShape {
  expectMap(path, input);
  const size = [0, 1].map((axis) => {
    const reach = conv.dilation[axis] * (conv.kernel[axis] - 1) + 1;
    return Math.floor((input[axis + 1] + 2 * conv.padding[axis] - reach) / conv.stride[axis]) + 1;
  });
  return [conv.out, ...positiveSize(path, size)];
}

function pooledSize(pool: { kernel: Pair; stride: Pair; padding: Pair }, input: FeatureShape, path: string): number[] {
  expectMap(path, input);
  const size = [0, 1].map((axis) => Math.floor((input[axis + 1] + 2 * pool.padding[axis] - pool.kernel[axis]) / pool.stride[axis]) + 1);
  return positiveSize(path, size);
}

function positiveSize(path: string, size: number[]): number[] {
  if (size.some((length) => length < 1))
    throw new UserError(`layer ${path}: its input is too small, the output would be ${size.join('x')}`);
  return size;
}

function expectMap(path: string, input: FeatureShape): void {
  if (input.length !== 3) throw new UserError(`layer ${path}: expected a map (C, H, W), got shape [${input.join(', ')}]`);
}

function expectChannels(path: string, input: FeatureShape, channels: number): void {
  if (input[0] !== channels)
    throw new UserError(`layer ${path}: expected ${channels} input channels, got ${input[0]} (shape [${input.join(', ')}])`);
}

function expectShape(path: string, what: string, actual: FeatureShape, expected: FeatureShape): void {
  if (actual.length !== expected.length || actual.some((size, axis) => size !== expected[axis])) {
    throw new UserError(`layer ${path}: expected ${what} to have shape [${expected.join(', ')}], got [${actual.join(', ')}]`);
  }
}

function expectDivisible(path: string, input: FeatureShape, [h, w]: Pair): void {
  expectMap(path, input);
  if (input[1] % h !== 0 || input[2] % w !== 0) {
    throw new UserError(`layer ${path}: a map of ${input[1]}x${input[2]} cannot be split into partitions of ${h}x${w}`);
  }
}
