// What moves many arrays of float32 values in one pass, in place: a step of each optimizer, as PyTorch computes it, and a
// blend. Vectors of four, then what is left one by one. The values of all arrays are counted through; a call moves those
// from `first` to `last` - 1.

/** An array of n values that is moved, 6 integers in memory; `decays`: whether weight decay is for it. */
// @ts-ignore: decorator
@unmanaged
class Moved {
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
function sgdOf(value: usize, gradient: usize, velocity: usize, n: i32, momentum: f32, decay: f32, nesterov: bool, rate: f32): void {
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

/** SGD with momentum. */
export function sgd(
  table: usize, count: i32, first: i32, last: i32, momentum: f32, decay: f32, nesterov: bool, rate: f32,
): void {
  for (let i = 0, start = 0; i < count; i++, table += RECORD) {
    const m = changetype<Moved>(table);
    const from = max(first - start, 0), to = min(last - start, m.n), at = <usize>from << 2;
    if (from < to) sgdOf(m.value + at, m.towards + at, m.first + at, to - from, momentum, m.decays ? decay : 0, nesterov, rate);
    start += m.n;
  }
}

function adamwOf(
  value: usize, gradient: usize, first: usize, second: usize, n: i32,
  beta1: f32, beta2: f32, rest1: f32, rest2: f32, epsilon: f32, size: f32, root: f32, kept: f32,
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

/** AdamW: `rest` = 1 - beta, `size` = rate / (1 - beta1^t), `root` = sqrt(1 - beta2^t), `kept` = 1 - rate * decay. */
export function adamw(
  table: usize, count: i32, first: i32, last: i32,
  beta1: f32, beta2: f32, rest1: f32, rest2: f32, epsilon: f32, size: f32, root: f32, kept: f32,
): void {
  for (let i = 0, start = 0; i < count; i++, table += RECORD) {
    const m = changetype<Moved>(table);
    const from = max(first - start, 0), to = min(last - start, m.n), at = <usize>from << 2;
    if (from < to) {
      const whatIsKept: f32 = m.decays ? kept : 1;
      adamwOf(m.value + at, m.towards + at, m.first + at, m.second + at, to - from, beta1, beta2, rest1, rest2, epsilon, size, root, whatIsKept);
    }
    start += m.n;
  }
}

/** value = value * kept + towards * weight. */
export function blend(table: usize, count: i32, first: i32, last: i32, kept: f32, weight: f32): void {
  for (let i = 0, start = 0; i < count; i++, table += RECORD) {
    const m = changetype<Moved>(table);
    const to = min(last - start, m.n);
    for (let j = max(first - start, 0); j < to; j++) {
      const value = m.value + (<usize>j << 2);
      store<f32>(value, load<f32>(value) * kept + load<f32>(m.towards + (<usize>j << 2)) * weight);
    }
    start += m.n;
  }
}
