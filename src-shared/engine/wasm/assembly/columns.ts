// WebAssembly SIMD for what tfjs's WASM backend does slowly in training: sums over the rows of a matrix
// (batch norm) and transposing. Pointers are byte offsets; matrices are float32, row-major, (M, C); sums
// are float64 (C). `node build.mjs` compiles this into ../columns.wasm.ts.

/** Rows summed in float32 before they are added to the float64 sums. */
const BLOCK: i32 = 64;

// @ts-ignore: decorator
@inline
function add4(out: usize, s: v128): void {
  v128.store(out, f64x2.add(v128.load(out), f64x2.promote_low_f32x4(s)));
  v128.store(out, f64x2.add(v128.load(out, 16), f64x2.promote_low_f32x4(i32x4.shuffle(s, s, 2, 3, 2, 3))), 16);
}

/** out[c] = sum over the rows of a[m, c]. */
export function sums(a: usize, M: i32, C: i32, out: usize): void {
  memory.fill(out, 0, <usize>C << 3);
  const row = <usize>C << 2;
  for (let m = 0; m < M; m += BLOCK) {
    const rows = min(BLOCK, M - m);
    const block = a + <usize>m * row;
    let c = 0;
    for (; c + 4 <= C; c += 4) {
      let s = f32x4.splat(0);
      let p = block + (<usize>c << 2);
      for (let i = 0; i < rows; i++, p += row) s = f32x4.add(s, v128.load(p));
      add4(out + (<usize>c << 3), s);
    }
    for (; c < C; c++) {
      let s: f64 = 0;
      let p = block + (<usize>c << 2);
      for (let i = 0; i < rows; i++, p += row) s += <f64>load<f32>(p);
      const o = out + (<usize>c << 3);
      store<f64>(o, load<f64>(o) + s);
    }
  }
}

/** out[c] = sum over the rows of (a[m, c] - shiftA[c]) * (b[m, c] - shiftB[c]); shifts are float32 (C). */
export function products(a: usize, b: usize, shiftA: usize, shiftB: usize, M: i32, C: i32, out: usize): void {
  memory.fill(out, 0, <usize>C << 3);
  const row = <usize>C << 2;
  for (let m = 0; m < M; m += BLOCK) {
    const rows = min(BLOCK, M - m);
    const start = <usize>m * row;
    let c = 0;
    for (; c + 4 <= C; c += 4) {
      const at = <usize>c << 2;
      const sa = v128.load(shiftA + at);
      const sb = v128.load(shiftB + at);
      let s = f32x4.splat(0);
      let p = a + start + at;
      let q = b + start + at;
      for (let i = 0; i < rows; i++, p += row, q += row) {
        s = f32x4.add(s, f32x4.mul(f32x4.sub(v128.load(p), sa), f32x4.sub(v128.load(q), sb)));
      }
      add4(out + (at << 1), s);
    }
    for (; c < C; c++) {
      const at = <usize>c << 2;
      const sa = load<f32>(shiftA + at);
      const sb = load<f32>(shiftB + at);
      let s: f64 = 0;
      let p = a + start + at;
      let q = b + start + at;
      for (let i = 0; i < rows; i++, p += row, q += row) s += <f64>((load<f32>(p) - sa) * (load<f32>(q) - sb));
      const o = out + (at << 1);
      store<f64>(o, load<f64>(o) + s);
    }
  }
}

/** y[m, c] = a[m, c] * scaleA[c] + (b[m, c] - mean[c]) * scaleB[c] + shift[c]; mean and factors are float32 (C). */
export function combine(a: usize, scaleA: usize, b: usize, mean: usize, scaleB: usize, shift: usize, y: usize, M: i32, C: i32): void {
  for (let m = 0; m < M; m++) {
    let c = 0;
    for (; c + 4 <= C; c += 4) {
      const at = <usize>c << 2;
      const first = f32x4.mul(v128.load(a + at), v128.load(scaleA + at));
      const second = f32x4.mul(f32x4.sub(v128.load(b + at), v128.load(mean + at)), v128.load(scaleB + at));
      v128.store(y + at, f32x4.add(f32x4.add(first, second), v128.load(shift + at)));
    }
    for (; c < C; c++) {
      const at = <usize>c << 2;
      const second = (load<f32>(b + at) - load<f32>(mean + at)) * load<f32>(scaleB + at);
      store<f32>(y + at, load<f32>(a + at) * load<f32>(scaleA + at) + second + load<f32>(shift + at));
    }
    a += <usize>C << 2;
    b += <usize>C << 2;
    y += <usize>C << 2;
  }
}

/** y[m, c] = (x[m, c] - mean[c]) * scale[c] + shift[c]; all factors are float32 (C). */
export function normalise(x: usize, mean: usize, scale: usize, shift: usize, y: usize, M: i32, C: i32): void {
  for (let m = 0; m < M; m++) {
    let c = 0;
    for (; c + 4 <= C; c += 4) {
      const at = <usize>c << 2;
      const centred = f32x4.sub(v128.load(x + at), v128.load(mean + at));
      v128.store(y + at, f32x4.add(f32x4.mul(centred, v128.load(scale + at)), v128.load(shift + at)));
    }
    for (; c < C; c++) {
      const at = <usize>c << 2;
      store<f32>(y + at, (load<f32>(x + at) - load<f32>(mean + at)) * load<f32>(scale + at) + load<f32>(shift + at));
    }
    x += <usize>C << 2;
    y += <usize>C << 2;
  }
}

/** Four rows of four columns at `a`, transposed to `out`; strides in bytes. */
// @ts-ignore: decorator
@inline
function transpose4(a: usize, row: usize, out: usize, column: usize): void {
  const r0 = v128.load(a);
  const r1 = v128.load(a + row);
  const r2 = v128.load(a + 2 * row);
  const r3 = v128.load(a + 3 * row);
  const low01 = i32x4.shuffle(r0, r1, 0, 4, 1, 5);
  const low23 = i32x4.shuffle(r2, r3, 0, 4, 1, 5);
  const high01 = i32x4.shuffle(r0, r1, 2, 6, 3, 7);
  const high23 = i32x4.shuffle(r2, r3, 2, 6, 3, 7);
  v128.store(out, i64x2.shuffle(low01, low23, 0, 2));
  v128.store(out + column, i64x2.shuffle(low01, low23, 1, 3));
  v128.store(out + 2 * column, i64x2.shuffle(high01, high23, 0, 2));
  v128.store(out + 3 * column, i64x2.shuffle(high01, high23, 1, 3));
}

/** out (C, R) = the transpose of a (R, C), eight rows at a time: more would evict each other where C is a power of two. */
export function transpose(a: usize, out: usize, R: i32, C: i32): void {
  const row = <usize>C << 2;
  const column = <usize>R << 2;
  let r = 0;
  for (; r + 8 <= R; r += 8) {
    const from = a + <usize>r * row;
    const to = out + (<usize>r << 2);
    let c = 0;
    for (; c + 4 <= C; c += 4) {
      transpose4(from + (<usize>c << 2), row, to + <usize>c * column, column);
      transpose4(from + 4 * row + (<usize>c << 2), row, to + <usize>c * column + 16, column);
    }
    for (; c < C; c++) {
      for (let i = 0; i < 8; i++) store<f32>(to + <usize>c * column + (<usize>i << 2), load<f32>(from + <usize>i * row + (<usize>c << 2)));
    }
  }
  for (; r < R; r++) {
    for (let c = 0; c < C; c++) store<f32>(out + <usize>c * column + (<usize>r << 2), load<f32>(a + <usize>r * row + (<usize>c << 2)));
  }
}
