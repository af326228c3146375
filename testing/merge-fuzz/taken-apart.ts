// A weight held as several tensors, as PyTorch's tools leave it: pruning, weight norm and spectral norm, each in the older form
// and as a parametrization.
import { elementCount, floatTensor } from '@shared/tensor/tensor';
import type { Random } from '@shared/tensor/random';
import { add } from './changes';
import type { Described, Weight } from './described';

/** A weight of four axes, and the module it is of, with a dot behind it. */
interface Whole {
  readonly name: string;
  readonly module: string;
  readonly shape: readonly number[];
}

/** What a weight becomes, and the tensors of it that are drawn at random. */
interface Apart {
  readonly weight: Weight;
  readonly drawn: readonly (readonly [name: string, shape: readonly number[]])[];
}

function masked({ name, shape }: Whole): Apart {
  return { weight: { how: 'masked', names: [`${name}_orig`, `${name}_mask`] }, drawn: [[`${name}_orig`, shape]] };
}

function weightNorm(names: readonly [g: string, v: string], g: readonly number[], { shape }: Whole): Apart {
  const [ofLength, ofDirection] = names;
  return {
    weight: { how: 'weightNorm', names },
    drawn: [
      [ofLength, g],
      [ofDirection, shape],
    ],
  };
}

function spectral(names: readonly [original: string, u: string, v: string], { shape }: Whole): Apart {
  const [original, u, v] = names;
  const [O, ...rest] = shape;
  return {
    weight: { how: 'spectral', names },
    drawn: [
      [original, shape],
      [u, [O]],
      [v, [elementCount(rest)]],
    ],
  };
}

const WAYS: readonly ((whole: Whole, random: Random) => Apart)[] = [
  masked,
  (whole) => weightNorm([`${whole.name}_g`, `${whole.name}_v`], [whole.shape[0], 1, 1, 1], whole),
  (whole, random) => {
    const at = `${whole.module}parametrizations.weight`;
    return weightNorm([`${at}.original0`, `${at}.original1`], random.uniform() < 0.5 ? [whole.shape[0], 1, 1, 1] : [], whole);
  },
  (whole) => spectral([`${whole.name}_orig`, `${whole.name}_u`, `${whole.name}_v`], whole),
  (whole) => {
    const at = `${whole.module}parametrizations.weight`;
    return spectral([`${at}.original`, `${at}.0._u`, `${at}.0._v`], whole);
  },
];

/** Takes a plain weight apart; others stay. */
export function apart(described: Described, random: Random, weight: Weight): Weight {
  const [name] = weight.names;
  const tensor = described.tensors.get(name);
  if (weight.how !== 'plain' || tensor === undefined || tensor.shape.length !== 4) return weight;
  const whole: Whole = { name, module: name.slice(0, -'weight'.length), shape: tensor.shape };
  const { weight: taken, drawn } = WAYS[random.integer(WAYS.length)](whole, random);
  described.tensors.delete(name);
  for (const [part, shape] of drawn) add(described, random, part, shape);
  if (taken.how === 'masked') described.tensors.set(taken.names[1], maskOf(tensor.shape, random));
  return taken;
}

function maskOf(shape: readonly number[], random: Random) {
  const mask = Float32Array.from({ length: elementCount(shape) }, () => (random.uniform() < 0.5 ? 0 : 1));
  return floatTensor(shape, mask);
}
