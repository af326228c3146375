// One optimizer step over n float32 values in one pass, in place: SGD with momentum and AdamW as PyTorch
// computes them. Vectors of four, then what is left one by one.

/** Arrays of n values each that a step moves, 6 integers in memory; `decays`: whether weight decay is for them. */
// @ts-ignore: decorator
@unmanaged
export class Moved {
  value: usize;
  /** The gradient, or what a blend moves towards. */
  towards: usize;
  first: usize;
  second: usize;
  n: i32;
  decays: i32;
}

/** Bytes of a Moved. */
const RECORD: usize = 24;

/** v = momentum * v + (gradient + decay * value); value -= rate * (v, or with Nesterov: gradient + decay * value + momentum * v). */
function sgd(value: usize, gradient: usize, velocity: usize, n: i32, rate: f32, momentum: f32, decay: f32, nesterov: bool): void {
  const end = value + (<usize>n << 2);
  for (; value + 16 <= end; value += 16, gradient += 16, velocity += 16) {
    const x = v128.load(value);
    const g = f32x4.add(v128.load(gradient), f32x4.mul(x, f32x4.splat(decay)));
    const v = f32x4.add(f32x4.mul(v128.load(velocity), f32x4.splat(momentum)), g);
    v128.store(velocity, v);
    const direction = nesterov ? f32x4.add(g, f32x4.mul(v, f32x4.splat(momentum))) : v;
    v128.store(value, f32x4.sub(x, f32x4.mul(direction, f32x4.splat(rate))));
  }
  for (; value < end; value += 4, gradient += 4, velocity += 4) {
    const x = load<f32>(value);
    const g = load<f32>(gradient) + x * decay;
    const v = load<f32>(velocity) * momentum + g;
    store<f32>(velocity, v);
    store<f32>(value, x - (nesterov ? g + v * momentum : v) * rate);
  }
}

/** The scalars of an AdamW step: `kept` = 1 - rate * decay, `size` = rate / (1 - beta1^t), `root` = sqrt(1 - beta2^t). */
function adamw(
  value: usize, gradient: usize, first: usize, second: usize, n: i32,
  beta1: f32, beta2: f32, rest1: f32, rest2: f32, epsilon: f32, kept: f32, size: f32, root: f32,
): void {
  const end = value + (<usize>n << 2);
  for (; value + 16 <= end; value += 16, gradient += 16, first += 16, second += 16) {
    const g = v128.load(gradient);
    const m = f32x4.add(f32x4.mul(v128.load(first), f32x4.splat(beta1)), f32x4.mul(g, f32x4.splat(rest1)));
    const v = f32x4.add(f32x4.mul(v128.load(second), f32x4.splat(beta2)), f32x4.mul(f32x4.mul(g, g), f32x4.splat(rest2)));
    v128.store(first, m);
    v128.store(second, v);
    const deviation = f32x4.add(f32x4.div(f32x4.sqrt(v), f32x4.splat(root)), f32x4.splat(epsilon));
    const change = f32x4.div(f32x4.mul(m, f32x4.splat(size)), deviation);
    v128.store(value, f32x4.sub(f32x4.mul(v128.load(value), f32x4.splat(kept)), change));
  }
  for (; value < end; value += 4, gradient += 4, first += 4, second += 4) {
    const g = load<f32>(gradient);
    const m = load<f32>(first) * beta1 + g * rest1;
    const v = load<f32>(second) * beta2 + g * g * rest2;
    store<f32>(first, m);
    store<f32>(second, v);
    const change = (m * size) / (Mathf.sqrt(v) / root + epsilon);
    store<f32>(value, load<f32>(value) * kept - change);
  }
}

/** value = value * kept + towards * weight, n values. */
function blend(value: usize, towards: usize, n: i32, kept: f32, weight: f32): void {
  for (let i: usize = 0; i < <usize>n << 2; i += 4) store<f32>(value + i, load<f32>(value + i) * kept + load<f32>(towards + i) * weight);
}

/** Kinds of a step. */
const SGD: i32 = 0;
const ADAMW: i32 = 1;

/** One kind of step for n values from byte `at` on; `a` to `h` are its scalars, see `move`. */
function moveRange(
  moved: Moved, at: usize, n: i32, kind: i32, a: f32, b: f32, c: f32, d: f32, e: f32, f: f32, g: f32, h: f32,
): void {
  const value = moved.value + at, towards = moved.towards + at;
  if (kind == SGD) sgd(value, towards, moved.first + at, n, a, b, moved.decays ? c : 0, d != 0);
  else if (kind == ADAMW) adamw(value, towards, moved.first + at, moved.second + at, n, a, b, c, d, e, moved.decays ? f : 1, g, h);
  else blend(value, towards, n, a, b);
}

/**
 * Of the values of all arrays of a table, counted through, those from `first` to `last` - 1. Scalars of SGD: rate, momentum, decay, nesterov;
 * of AdamW: those of `adamw`, in its order; of a blend: kept, weight.
 */
export function move(
  table: usize, count: i32, first: i32, last: i32, kind: i32, a: f32, b: f32, c: f32, d: f32, e: f32, f: f32, g: f32, h: f32,
): void {
  for (let i = 0, start = 0; i < count; i++, table += RECORD) {
    const moved = changetype<Moved>(table);
    const from = max(first - start, 0), to = min(last - start, moved.n);
    if (from < to) moveRange(moved, <usize>from << 2, to - from, kind, a, b, c, d, e, f, g, h);
    start += moved.n;
  }
}
