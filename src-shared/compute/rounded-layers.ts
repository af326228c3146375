// Each layer with rounded weights in place of its own, one at a time, on the inputs it has in the network: what rounding does to that
// layer's outputs, apart from what it does elsewhere. Two passes: the range of every output has to be known to count those that move.
import * as tf from '@tensorflow/tfjs-core';
import { forward } from '../model/forward/forward';
import { runLeaf } from '../model/forward/leaf';
import { leafParameters } from '../model/parameters';
import { leavesOf, type LeafVisit } from '../model/walk';
import type { Watch } from '../tensor/parts';
import type { FloatTensor, NamedTensors } from '../tensor/tensor';
import type { BackendName } from '../training/recipe/recipe';
import { useBackend } from './backend/choose';
import type { Int8Request, Int8Result } from './engine';
import { inParts, samplesAtOnce } from './parts';
import { toDevice, uploadImages, uploadParameters } from './session/upload';

type Layers = Int8Result['layers'];
type Parameter = (name: string) => tf.Tensor;

/** Every leaf that a way of rounding changes. Throws UserError where weights do not fit; rejects when aborted. */
export async function roundedLayers(request: Int8Request, backend: BackendName, watch: Watch = {}): Promise<Layers> {
  const { spec, weights, rounded, input } = request;
  useBackend(backend);
  const leaves = changedLeaves(request);
  const device = uploadParameters(spec, weights);
  try {
    const ranges = new Map<string, Range>();
    const atOnce = Math.max(1, Math.floor(samplesAtOnce(spec, input.shape, true) / 2));
    const pass = (measure: Measure): Promise<unknown> =>
      inParts(input, atOnce, (part) => measured(request, { parameter: device.parameter, leaves, backend }, part, measure), watch);
    await pass({
      of: (y) => [tf.min(y), tf.max(y)],
      take: (path, [least, most]) => {
        const known = ranges.get(path) ?? { least: Infinity, most: -Infinity };
        ranges.set(path, { least: Math.min(known.least, least), most: Math.max(known.most, most) });
      },
    });
    const found = new Map<string, Sums>();
    const stepAt = (path: string): number => stepOf(ranges.get(path) as Range);
    await pass({
      of: (y, x, leaf) => [
        tf.sum(tf.square(y)),
        ...rounded.flatMap((own) => moves(y, x, leaf, { own, device: device.parameter, half: stepAt(leaf.path) / 2 })),
      ],
      take: (path, [signal, ...rest], outputs) => found.set(path, added(found.get(path), { signal, outputs, rest })),
    });
    return [...found].map(([path, { signal, outputs, rest }]) => ({
      path,
      signal,
      step: stepAt(path),
      outputs,
      rounded: rounded.map((_, index) => ({ noise: rest[2 * index], changed: rest[2 * index + 1] })),
    }));
  } finally {
    device.dispose();
  }
}

interface Range {
  readonly least: number;
  readonly most: number;
}

/** Of int8 over a range that holds zero, as activations are rounded. */
function stepOf({ least, most }: Range): number {
  return (Math.max(most, 0) - Math.min(least, 0)) / 255;
}

interface Sums {
  readonly signal: number;
  readonly outputs: number;
  readonly rest: readonly number[];
}

function added(before: Sums | undefined, now: Sums): Sums {
  if (before === undefined) return now;
  return {
    signal: before.signal + now.signal,
    outputs: before.outputs + now.outputs,
    rest: before.rest.map((sum, i) => sum + now.rest[i]),
  };
}

/** Leaves of which some way of rounding has other tensors. */
function changedLeaves({ spec, weights, rounded }: Int8Request): ReadonlyMap<string, LeafVisit> {
  const isChanged = ({ layer, path }: LeafVisit): boolean =>
    leafParameters(layer, path).some(({ name }) => rounded.some((own) => own.has(name) && own.get(name) !== weights.get(name)));
  return new Map(
    leavesOf(spec)
      .filter((visit) => !visit.training && isChanged(visit))
      .map((visit) => [visit.path, visit]),
  );
}

/** What is computed of a leaf's output and input, and who takes the numbers. */
interface Measure {
  readonly of: (y: tf.Tensor, x: tf.Tensor, leaf: LeafVisit) => tf.Tensor[];
  readonly take: (path: string, numbers: readonly number[], outputs: number) => void;
}

interface Running {
  readonly parameter: Parameter;
  readonly leaves: ReadonlyMap<string, LeafVisit>;
  readonly backend: BackendName;
}

async function measured(
  { spec }: Int8Request,
  { parameter, leaves, backend }: Running,
  part: FloatTensor,
  { of, take }: Measure,
): Promise<void> {
  useBackend(backend);
  const kept: { readonly path: string; readonly numbers: tf.Tensor; readonly outputs: number }[] = [];
  try {
    tf.tidy(() => {
      forward(spec, parameter, uploadImages(part.data, part.shape), {
        training: false,
        onLayer: (path, y, x) => {
          const leaf = leaves.get(path);
          if (leaf) kept.push({ path, outputs: y.size, numbers: tf.keep(tf.tidy(() => tf.stack(of(y, x, leaf)))) });
        },
      });
    });
    for (const { path, numbers, outputs } of kept) {
      useBackend(backend);
      take(path, [...(await numbers.data<'float32'>())], outputs);
    }
  } finally {
    kept.forEach(({ numbers }) => numbers.dispose());
  }
}

/** Noise and count of moved outputs of a leaf with rounded tensors. */
function moves(
  y: tf.Tensor,
  x: tf.Tensor,
  { layer, path }: LeafVisit,
  { own, device, half }: { readonly own: NamedTensors; readonly device: Parameter; readonly half: number },
): tf.Tensor[] {
  const names = new Set(leafParameters(layer, path).flatMap(({ name }) => (own.has(name) ? [name] : [])));
  const uploaded = new Map([...names].map((name) => [name, toDevice(own.get(name) as FloatTensor)]));
  const rounded = runLeaf(layer, path, x, { training: false, parameter: (name) => uploaded.get(name) ?? device(name) });
  const apart = tf.sub(y, rounded);
  return [tf.sum(tf.square(apart)), tf.sum(tf.cast(tf.greater(tf.abs(apart), half), 'float32'))];
}
