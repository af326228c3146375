// Training-mode batch norm of several branches whose results are added (one branch: plain batch norm), and
// its gradient. All branches have as many values; branch i sees them as rows of C_i channels, and a unit is a
// row of the branch with most channels. Sums are float64, taken over chunks of units: the same for any threads.
import { addDoubles, blockOf } from '../../assembly/column-sums';
import { relu } from '../../elementwise/assembly/elementwise';

/** One branch, 14 integers in memory: pointers are byte offsets, vectors have C values. */
// @ts-ignore: decorator
@unmanaged
export class Branch {
  x: usize; gamma: usize; beta: usize; mean: usize; variance: usize;
  /** float32: factor of x - mean forwards, of dy backwards. */
  scale: usize;
  /** float32: factor of x - mean, and what is added, backwards. */
  scaleX: usize; shift: usize;
  /** float64: two vectors per chunk. */
  partials: usize;
  dx: usize; dgamma: usize; dbeta: usize;
  C: i32;
  /** Rows per unit. */
  rows: i32;
}

/** Bytes of a Branch. */
const RECORD: usize = 14 << 2;

// @ts-ignore: decorator
@inline
function branchAt(table: usize, index: i32): Branch {
  return changetype<Branch>(table + <usize>index * RECORD);
}

/** square += sum^2 / rows in doubles, for a pair of channels. */
// @ts-ignore: decorator
@inline
function addSquare(out: usize, sum: v128, share: f64): void {
  v128.store(out, f64x2.add(v128.load(out), f64x2.mul(f64x2.mul(sum, sum), f64x2.splat(share))));
}

/** sum[c] += the sum of x over `rows` rows, square[c] += that of x^2: the squares about the rows' own mean, which do not cancel, and the mean's part in doubles. */
function momentsOfBlock(x: usize, rows: i32, C: i32, sum: usize, square: usize): void {
  const row = <usize>C << 2;
  const share = <f64>1 / <f64>rows;
  let c: usize = 0;
  for (; c + 16 <= row; c += 16) {
    let s = f32x4.splat(0);
    let p = x + c;
    for (let i = 0; i < rows; i++, p += row) s = f32x4.add(s, v128.load(p));
    const mean = f32x4.mul(s, f32x4.splat(<f32>share));
    let q = f32x4.splat(0);
    p = x + c;
    for (let i = 0; i < rows; i++, p += row) {
      const d = f32x4.sub(v128.load(p), mean);
      q = f32x4.add(q, f32x4.mul(d, d));
    }
    addDoubles(sum + (c << 1), s);
    addDoubles(square + (c << 1), q);
    addSquare(square + (c << 1), f64x2.promote_low_f32x4(s), share);
    addSquare(square + (c << 1) + 16, f64x2.promote_low_f32x4(i32x4.shuffle(s, s, 2, 3, 2, 3)), share);
  }
  for (; c < row; c += 4) momentsOfColumn(x + c, row, rows, sum + (c << 1), square + (c << 1));
}

function momentsOfColumn(x: usize, row: usize, rows: i32, sum: usize, square: usize): void {
  let s: f64 = 0, q: f64 = 0;
  for (let i = 0; i < rows; i++, x += row) {
    const value = <f64>load<f32>(x);
    s += value;
    q += value * value;
  }
  store<f64>(sum, load<f64>(sum) + s);
  store<f64>(square, load<f64>(square) + q);
}

/** Per branch and chunk, the sums of x and of x^2; chunks of `length` units, `first` to `last` - 1 of all `units`. */
export function momentsOfBranches(table: usize, count: i32, units: i32, length: i32, first: i32, last: i32): void {
  for (let chunk = first; chunk < last; chunk++) {
    for (let i = 0; i < count; i++) {
      const branch = branchAt(table, i);
      const x = branch.x, C = branch.C, rows = branch.rows, partials = branch.partials;
      const from = chunk * length * rows, to = min(units, (chunk + 1) * length) * rows;
      const sum = partials + (<usize>(chunk * C) << 4), square = sum + (<usize>C << 3);
      memory.fill(sum, 0, <usize>C << 4);
      const block = blockOf(C);
      for (let m = from; m < to; m += block) momentsOfBlock(x + (<usize>m * <usize>C << 2), min(block, to - m), C, sum, square);
    }
  }
}

/** The sum over the chunks of one of a branch's doubles. */
// @ts-ignore: decorator
@inline
function total(partials: usize, chunks: i32, C: i32): f64 {
  let sum: f64 = 0;
  for (let chunk = 0; chunk < chunks; chunk++, partials += <usize>C << 4) sum += load<f64>(partials);
  return sum;
}

/** A branch's mean, biased variance and scale = gamma / sqrt(variance + eps) from its sums over M rows. */
export function finishMoments(table: usize, index: i32, chunks: i32, M: i32, epsilon: f64): void {
  const branch = branchAt(table, index);
  const partials = branch.partials, C = branch.C, mean = branch.mean, variance = branch.variance, scale = branch.scale, gamma = branch.gamma;
  for (let c: usize = 0; c < <usize>C; c++) {
    const average = total(partials + (c << 3), chunks, C) / <f64>M;
    const spread = max<f64>(0, total(partials + (<usize>C << 3) + (c << 3), chunks, C) / <f64>M - average * average);
    store<f32>(mean + (c << 2), <f32>average);
    store<f32>(variance + (c << 2), <f32>spread);
    store<f32>(scale + (c << 2), <f32>(<f64>load<f32>(gamma + (c << 2)) / Math.sqrt(<f64><f32>spread + epsilon)));
  }
}

/** y (rows, C) = or += (x - mean) * scale + beta. */
function normaliseRows(x: usize, branch: Branch, y: usize, rows: i32, accumulate: bool): void {
  const mean = branch.mean, scale = branch.scale, beta = branch.beta;
  const row = <usize>branch.C << 2;
  let c: usize = 0;
  for (; c + 16 <= row; c += 16) {
    const m = v128.load(mean + c), s = v128.load(scale + c), b = v128.load(beta + c);
    let from = x + c, to = y + c;
    for (let i = 0; i < rows; i++, from += row, to += row) {
      const value = f32x4.add(f32x4.mul(f32x4.sub(v128.load(from), m), s), b);
      v128.store(to, accumulate ? f32x4.add(v128.load(to), value) : value);
    }
  }
  for (; c < row; c += 4) {
    for (let at = c, end = <usize>rows * row; at < end; at += row) {
      const value = (load<f32>(x + at) - load<f32>(mean + c)) * load<f32>(scale + c) + load<f32>(beta + c);
      store<f32>(y + at, accumulate ? load<f32>(y + at) + value : value);
    }
  }
}

/** y = the sum of the normalised branches, its positive part where `rectified`; units `first` to `last` - 1. */
export function normaliseBranches(table: usize, count: i32, y: usize, rectified: bool, first: i32, last: i32): void {
  const unit = branchAt(table, 0).rows * branchAt(table, 0).C;
  const step = max(1, 2048 / unit);
  for (let u = first; u < last; u += step) {
    const units = min(step, last - u);
    const at = <usize>u * <usize>unit << 2;
    for (let i = 0; i < count; i++) {
      const branch = branchAt(table, i);
      normaliseRows(branch.x + at, branch, y + at, units * branch.rows, i > 0);
    }
    if (rectified) relu(y + at, y + at, units * unit);
  }
}

/** dy[c] += the sum of dy over the rows, product[c] += that of dy * (x - mean); where `y` is given dy counts only where y > 0. */
function gradientOfBlock(dy: usize, y: usize, x: usize, mean: usize, rows: i32, C: i32, sum: usize, product: usize): void {
  const row = <usize>C << 2;
  const end = <usize>rows * row;
  let c: usize = 0;
  for (; c + 16 <= row; c += 16) {
    const m = v128.load(mean + c);
    let s = f32x4.splat(0), t = f32x4.splat(0);
    for (let at = c; at < end; at += row) {
      let d = v128.load(dy + at);
      if (y) d = v128.and(d, f32x4.gt(v128.load(y + at), f32x4.splat(0)));
      s = f32x4.add(s, d);
      t = f32x4.add(t, f32x4.mul(d, f32x4.sub(v128.load(x + at), m)));
    }
    addDoubles(sum + (c << 1), s);
    addDoubles(product + (c << 1), t);
  }
  for (; c < row; c += 4) gradientOfColumn(dy + c, y ? y + c : 0, x + c, load<f32>(mean + c), row, end, sum + (c << 1), product + (c << 1));
}

function gradientOfColumn(dy: usize, y: usize, x: usize, mean: f32, row: usize, end: usize, sum: usize, product: usize): void {
  let s: f64 = 0, t: f64 = 0;
  for (let at: usize = 0; at < end; at += row) {
    if (y && !(load<f32>(y + at) > 0)) continue;
    s += <f64>load<f32>(dy + at);
    t += <f64>(load<f32>(dy + at) * (load<f32>(x + at) - mean));
  }
  store<f64>(sum, load<f64>(sum) + s);
  store<f64>(product, load<f64>(product) + t);
}

/** Per branch and chunk, the sums of dy and of dy * (x - mean); chunks as in `momentsOfBranches`. `y`: of a ReLU's output, or 0. */
export function gradientSums(table: usize, count: i32, dy: usize, y: usize, units: i32, length: i32, first: i32, last: i32): void {
  for (let chunk = first; chunk < last; chunk++) {
    for (let i = 0; i < count; i++) {
      const branch = branchAt(table, i);
      const x = branch.x, C = branch.C, rows = branch.rows, partials = branch.partials, mean = branch.mean;
      const from = chunk * length * rows, to = min(units, (chunk + 1) * length) * rows;
      const sum = partials + (<usize>(chunk * C) << 4), product = sum + (<usize>C << 3);
      memory.fill(sum, 0, <usize>C << 4);
      // Lines of two or three long arrays, a cache's way apart, at a time.
      const block = C < 256 ? blockOf(C) : 4;
      for (let m = from; m < to; m += block) {
        const at = <usize>m * <usize>C << 2;
        gradientOfBlock(dy + at, y ? y + at : 0, x + at, mean, min(block, to - m), C, sum, product);
      }
    }
  }
}

/** A branch's dgamma and dbeta, and the factors of dx = dy * scale + (x - mean) * scaleX + shift. */
export function finishGradient(table: usize, index: i32, chunks: i32, M: i32, epsilon: f64): void {
  const branch = branchAt(table, index);
  const partials = branch.partials, C = branch.C, variance = branch.variance, scale = branch.scale, scaleX = branch.scaleX, shift = branch.shift, gamma = branch.gamma, dgamma = branch.dgamma, dbeta = branch.dbeta;
  for (let c: usize = 0; c < <usize>C; c++) {
    const sum = total(partials + (c << 3), chunks, C);
    const product = total(partials + (<usize>C << 3) + (c << 3), chunks, C);
    const inverse = 1 / Math.sqrt(<f64>load<f32>(variance + (c << 2)) + epsilon);
    const factor = <f64>load<f32>(gamma + (c << 2)) * inverse;
    store<f32>(dgamma + (c << 2), <f32>(product * inverse));
    store<f32>(dbeta + (c << 2), <f32>sum);
    store<f32>(scale + (c << 2), <f32>factor);
    store<f32>(scaleX + (c << 2), <f32>(-factor * inverse * inverse * product / <f64>M));
    store<f32>(shift + (c << 2), <f32>(-factor * sum / <f64>M));
  }
}

function gradientRows(dy: usize, y: usize, x: usize, dx: usize, branch: Branch, rows: i32): void {
  const mean = branch.mean, scale = branch.scale, scaleX = branch.scaleX, shift = branch.shift;
  const row = <usize>branch.C << 2;
  const end = <usize>rows * row;
  let c: usize = 0;
  for (; c + 16 <= row; c += 16) {
    const m = v128.load(mean + c), s = v128.load(scale + c), t = v128.load(scaleX + c), b = v128.load(shift + c);
    for (let at = c; at < end; at += row) {
      let d = v128.load(dy + at);
      if (y) d = v128.and(d, f32x4.gt(v128.load(y + at), f32x4.splat(0)));
      const centred = f32x4.mul(f32x4.sub(v128.load(x + at), m), t);
      v128.store(dx + at, f32x4.add(f32x4.add(f32x4.mul(d, s), centred), b));
    }
  }
  for (; c < row; c += 4) {
    for (let at = c; at < end; at += row) {
      const d: f32 = y && !(load<f32>(y + at) > 0) ? 0 : load<f32>(dy + at);
      const centred = (load<f32>(x + at) - load<f32>(mean + c)) * load<f32>(scaleX + c);
      store<f32>(dx + at, d * load<f32>(scale + c) + centred + load<f32>(shift + c));
    }
  }
}

/** dx of every branch; units `first` to `last` - 1. `y`: of a ReLU's output, or 0. */
export function gradientBranches(table: usize, count: i32, dy: usize, y: usize, first: i32, last: i32): void {
  const unit = branchAt(table, 0).rows * branchAt(table, 0).C;
  const step = max(1, 2048 / unit);
  for (let u = first; u < last; u += step) {
    const units = min(step, last - u);
    const at = <usize>u * <usize>unit << 2;
    for (let i = 0; i < count; i++) {
      const branch = branchAt(table, i);
      gradientRows(dy + at, y ? y + at : 0, branch.x + at, branch.dx + at, branch, units * branch.rows);
    }
  }
}
