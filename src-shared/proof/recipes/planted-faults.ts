// The self-test of the verdict: a small network is merged rightly, then wrongly in each way public converters have been wrong,
// and the verdict must pass the one and catch all the others.
import { deriveSeed, randomFrom, seed, type Random } from '../../tensor/random';
import { elementCount, floatTensor, tensorInfos, type NamedTensors, type Tensor } from '../../tensor/tensor';
import { findGroups } from '../../merge/recipes/find-groups';
import { mergeGroups } from '../../merge/recipes/merge-groups';
import { verifyFile, type FileVerdict } from './verify-file';

/** One fault and whether the verdict caught it. */
export interface FaultResult {
  readonly fault: string;
  readonly caught: boolean;
  /** What the verdict said. */
  readonly said: string;
}

/** Runs the self-test. The first entry is the right merge, `caught` meaning that it passed. */
export function selfTestOfVerdict(): FaultResult[] {
  const train = smallNetwork(1);
  const found = findGroups(tensorInfos(train));
  const right = mergeGroups(train, found).weights;
  const judge = (merged: NamedTensors): FileVerdict => verifyFile(train, merged, found);
  const honest = judge(right);
  return [
    { fault: 'none: the right merge passes', caught: honest.equivalent && honest.groups.length === GROUPS, said: saying(honest) },
    ...FAULTS.map(({ fault, plant }) => {
      const verdict = judge(plant(right, train));
      return { fault, caught: !verdict.equivalent, said: saying(verdict) };
    }),
  ];
}

function saying({ equivalent, groups, problems }: FileVerdict): string {
  const wrong = groups
    .filter((group) => !group.equivalent)
    .map(
      ({ prefix, modules, refusal }) =>
        `${prefix}: ${refusal ?? modules.find((module) => !module.equivalent)?.problem ?? 'outputs differ'}`,
    );
  return equivalent ? `${groups.length} groups are equivalent` : [...wrong, ...problems].join('; ');
}

type Plant = (right: NamedTensors, train: NamedTensors) => NamedTensors;

const FAULTS: readonly { readonly fault: string; readonly plant: Plant }[] = [
  { fault: 'height and width of a padding exchanged', plant: (right) => changed(right, 'cross.fused_conv.weight', transposedTaps) },
  {
    fault: 'branches kept after the merge',
    plant: (right, train) => new Map([...right, ...[...train].filter(([name]) => name.startsWith('body.rbr_'))]),
  },
  { fault: 'a batch norm of no known block dropped', plant: (right) => new Map([...right].filter(([name]) => !name.startsWith('stray.'))) },
  {
    fault: 'averaged (EMA) weights in one block, raw ones in the others',
    plant: (right) => withBlockOf(right, merged(smallNetwork(2)), 'body.rbr_reparam'),
  },
  { fault: 'averaged (EMA) weights in a layer that is not merged', plant: (right) => withBlockOf(right, smallNetwork(2), 'head') },
  { fault: 'eps of 1e-3 in place of 1e-5', plant: (right, train) => withBlockOf(right, merged(train, 1e-3), 'body.rbr_reparam') },
  { fault: 'the identity branch forgotten', plant: (right) => changed(right, 'body.rbr_reparam.weight', withoutIdentity) },
  { fault: 'the bias of the batch norms forgotten', plant: (right) => changed(right, 'body.rbr_reparam.bias', ({ data }) => data.fill(0)) },
  { fault: 'the small kernel one tap off the centre', plant: (right) => changed(right, 'cross.fused_conv.weight', shiftedTaps) },
  {
    fault: 'running variance taken for its root',
    plant: (right, train) => withBlockOf(right, merged(squaredVariances(train)), 'body.rbr_reparam'),
  },
  {
    fault: 'one number of a kernel corner wrong by a thousandth',
    plant: (right) => changed(right, 'cross.fused_conv.weight', ({ data }) => (data[0] *= 1.001)),
  },
  { fault: 'a merged bias missing', plant: (right) => new Map([...right].filter(([name]) => name !== 'cross.fused_conv.bias')) },
  { fault: 'NaN in a merged kernel', plant: (right) => changed(right, 'body.rbr_reparam.weight', ({ data }) => (data[5] = NaN)) },
];

const GROUPS = 2;
const CHANNELS = 4;

/** A RepVGG block, an asymmetric block, a batch norm on its own and a head, of random weights. */
function smallNetwork(base: number): NamedTensors {
  const random = randomFrom(deriveSeed(seed(base), 'self-test of the verdict'));
  const weights = new Map<string, Tensor>();
  const layer = (name: string, ...shape: number[]): unknown => weights.set(name, normal(random, shape));
  layer('body.rbr_dense.conv.weight', CHANNELS, CHANNELS, 3, 3);
  layer('body.rbr_1x1.conv.weight', CHANNELS, CHANNELS, 1, 1);
  layer('cross.square_conv.weight', CHANNELS, CHANNELS, 3, 3);
  layer('cross.ver_conv.weight', CHANNELS, CHANNELS, 3, 1);
  layer('cross.hor_conv.weight', CHANNELS, CHANNELS, 1, 3);
  layer('head.weight', 3, CHANNELS);
  const norms = ['body.rbr_dense.bn', 'body.rbr_1x1.bn', 'body.rbr_identity', 'cross.square_bn', 'cross.ver_bn', 'cross.hor_bn', 'stray'];
  for (const norm of norms) {
    for (const part of ['weight', 'bias', 'running_mean']) layer(`${norm}.${part}`, CHANNELS);
    weights.set(
      `${norm}.running_var`,
      floatTensor(
        [CHANNELS],
        Float32Array.from({ length: CHANNELS }, () => 0.1 + random.uniform()),
      ),
    );
  }
  return weights;
}

function normal(random: Random, shape: readonly number[]): Tensor {
  return floatTensor(
    shape,
    Float32Array.from({ length: elementCount(shape) }, () => random.normal()),
  );
}

function merged(train: NamedTensors, eps?: number): NamedTensors {
  return mergeGroups(train, findGroups(tensorInfos(train)), { settings: eps === undefined ? {} : { eps } }).weights;
}

function changed(
  weights: NamedTensors,
  name: string,
  change: (copy: { shape: readonly number[]; data: Float32Array }) => unknown,
): NamedTensors {
  const tensor = weights.get(name);
  if (!tensor) throw new RangeError(`the self-test's network has no ${name}`);
  const copy = { shape: tensor.shape, data: Float32Array.from(tensor.data as Float32Array) };
  change(copy);
  return new Map([...weights, [name, floatTensor(copy.shape, copy.data)]]);
}

function withBlockOf(weights: NamedTensors, other: NamedTensors, prefix: string): NamedTensors {
  return new Map([...weights].map(([name, tensor]) => [name, name.startsWith(`${prefix}.`) ? (other.get(name) ?? tensor) : tensor]));
}

function transposedTaps({ data }: { data: Float32Array }): void {
  const before = data.slice();
  for (let i = 0; i < data.length; i++) data[i] = before[i - (i % 9) + (i % 3) * 3 + Math.floor((i % 9) / 3)];
}

function shiftedTaps({ data }: { data: Float32Array }): void {
  data.copyWithin(1, 0, data.length - 1);
}

function withoutIdentity({ data }: { data: Float32Array }): void {
  for (let o = 0; o < CHANNELS; o++) data[(o * CHANNELS + o) * 9 + 4] -= 1;
}

function squaredVariances(train: NamedTensors): NamedTensors {
  const squared = (tensor: Tensor): Tensor =>
    floatTensor(
      tensor.shape,
      (tensor.data as Float32Array).map((value) => value * value),
    );
  return new Map([...train].map(([name, tensor]) => [name, name.endsWith('running_var') ? squared(tensor) : tensor]));
}
