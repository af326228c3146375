// What storing weights in half precision does to a network's outputs. A stored value says that the exact one
// lay within half a spacing of it; a value drawn uniformly from there is as likely as the exact one. Weights so
// drawn, sent forward, show how far the rounding moves each output of this network on these inputs.
import { deriveSeed, randomFrom, type Random, type Seed } from '../tensor/random';
import { isFloating, toFloat32 } from '../tensor/convert';
import { floatTensor, type DType, type NamedTensors, type Tensor } from '../tensor/tensor';

/** Half-precision types: significand bits after the first, and the exponent below which the spacing no longer shrinks. */
const NARROW = { float16: { bits: 10, least: -14 }, bfloat16: { bits: 7, least: -126 } } as const;

/** A type coarser than the float32 in which networks are computed. */
export type NarrowType = keyof typeof NARROW;

/** Unit roundoff: the largest relative error of rounding to nearest, 2^-11 for float16 and 2^-8 for bfloat16. */
export function unitRoundoff(type: NarrowType): number {
  return 2 ** -(NARROW[type].bits + 1);
}

/** The floating types a state dict stores, coarsest first; values that were narrowed and widened again count as what they were narrowed to. */
export function storedTypes(weights: NamedTensors): readonly DType[] {
  const types = new Set(
    [...weights.values()].filter(({ dtype }) => isFloating(dtype)).map((tensor) => narrowTypeOf(tensor) ?? tensor.dtype),
  );
  return (['bfloat16', 'float16', 'float32', 'float64'] as const).filter((type) => types.has(type));
}

/** The coarsest type to which tensors were rounded that the other form does not hold in the very same values; null if there are none. */
export function coarsestOwnType(weights: NamedTensors, other: NamedTensors): NarrowType | null {
  const types = [...weights].flatMap(([name, tensor]) => (isShared(tensor, other.get(name)) ? [] : [narrowTypeOf(tensor)]));
  return types.includes('bfloat16') ? 'bfloat16' : types.includes('float16') ? 'float16' : null;
}

/** The weights as they may have been before they were rounded: each narrow value moved within half a spacing; what `other` holds too stays. */
export function beforeRounding(weights: NamedTensors, other: NamedTensors, seed: Seed): NamedTensors {
  const random = randomFrom(deriveSeed(seed, 'stored rounding'));
  return new Map(
    [...weights].map(([name, tensor]) => {
      const type = isShared(tensor, other.get(name)) ? null : narrowTypeOf(tensor);
      return [name, type ? moved(tensor, type, random) : tensor];
    }),
  );
}

function moved(tensor: Tensor, type: NarrowType, random: Random): Tensor {
  const { bits, least } = NARROW[type];
  const values = toFloat32(tensor).data.map((value) => {
    const exponent = Math.max(least, Math.floor(Math.log2(Math.abs(value))));
    return value + (random.uniform() - 0.5) * 2 ** (exponent - bits);
  });
  return floatTensor(tensor.shape, values);
}

/** Values whose kept bits say something, at least, for a float32 tensor to count as narrowed: 16 by chance have one in 2^208. */
const TELLING_VALUES = 16;

/** The half-precision type a tensor is stored in, or was narrowed to before it was stored as float32; null for others. */
function narrowTypeOf({ dtype, data }: Tensor): NarrowType | null {
  if (dtype === 'float16' || dtype === 'bfloat16') return dtype;
  if (!(data instanceof Float32Array)) return null;
  const patterns = new Uint32Array(data.buffer, data.byteOffset, data.length);
  let [union, telling] = [0, 0];
  for (let i = 0; i < patterns.length; i++) {
    union |= patterns[i];
    if (union & 0x1fff) return null;
    if (patterns[i] & 0x7fffff) telling++;
  }
  if (telling < TELLING_VALUES) return null;
  return union & 0xffff ? 'float16' : 'bfloat16';
}

/** Whether the other form holds the same values: what is equal on both sides explains no difference. */
function isShared(tensor: Tensor, other: Tensor | undefined): boolean {
  if (!other || other.data.length !== tensor.data.length) return false;
  if (other.data === tensor.data) return true;
  const [a, b] = [toFloat32(tensor).data, toFloat32(other).data];
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
