// Layers in double precision as their defining sums, index by index: slow, obvious, and shared with nothing that merges.

/** A dense array of doubles, row-major. */
export interface Map64 {
  readonly shape: readonly number[];
  readonly data: Float64Array;
}

/** Stride, padding, dilation and groups of a convolution, the same in height and width. */
export interface Window {
  readonly stride: number;
  readonly padding: number;
  readonly dilation: number;
  readonly groups: number;
}

/** y[n, o, i, j] = b[o] + sum over c, u, v of K[o, c, u, v] x[n, g C + c, i s - p + u d, j s - p + v d]. */
export function directConv(x: Map64, kernel: Map64, bias: Map64 | null, { stride, padding, dilation, groups }: Window): Map64 {
  const [N, inputs, H, W] = x.shape;
  const [O, C, K, L] = kernel.shape;
  if (C * groups !== inputs) throw new Error(`${C} x ${groups} inputs expected, got ${inputs}`);
  const outH = Math.floor((H + 2 * padding - dilation * (K - 1) - 1) / stride) + 1;
  const outW = Math.floor((W + 2 * padding - dilation * (L - 1) - 1) / stride) + 1;
  const data = new Float64Array(N * O * outH * outW);
  for (let at = 0; at < data.length; at++) {
    const [j, i] = [at % outW, Math.floor(at / outW) % outH];
    const [o, n] = [Math.floor(at / (outW * outH)) % O, Math.floor(at / (outW * outH * O))];
    const first = Math.floor((o * groups) / O) * C;
    let sum = bias ? bias.data[o] : 0;
    for (let c = 0; c < C; c++) {
      for (let u = 0; u < K; u++) {
        const a = i * stride - padding + u * dilation;
        if (a < 0 || a >= H) continue;
        for (let v = 0; v < L; v++) {
          const b = j * stride - padding + v * dilation;
          if (b >= 0 && b < W) sum += kernel.data[((o * C + c) * K + u) * L + v] * x.data[((n * inputs + first + c) * H + a) * W + b];
        }
      }
    }
    data[at] = sum;
  }
  return { shape: [N, O, outH, outW], data };
}

/** y[.., o] = b[o] + sum over i of W[o, i] x[.., i]. */
export function linear(x: Map64, weight: Map64, bias: Map64 | null): Map64 {
  const [O, I] = weight.shape;
  const rows = x.data.length / I;
  const data = new Float64Array(rows * O);
  for (let row = 0; row < rows; row++) {
    for (let o = 0; o < O; o++) {
      let sum = bias ? bias.data[o] : 0;
      for (let i = 0; i < I; i++) sum += weight.data[o * I + i] * x.data[row * I + i];
      data[row * O + o] = sum;
    }
  }
  return { shape: [...x.shape.slice(0, -1), O], data };
}

/** x times sigmoid(up(relu(down(mean over the map of x)))). */
export function squeezeExcite(x: Map64, weight: (part: 'down' | 'up') => Map64, bias: (part: 'down' | 'up') => Map64): Map64 {
  const [N, C, H, W] = x.shape;
  const means = Float64Array.from({ length: N * C }, (_, i) => {
    let sum = 0;
    for (let k = 0; k < H * W; k++) sum += x.data[i * H * W + k];
    return sum / (H * W);
  });
  const matrix = (part: 'down' | 'up'): Map64 => ({ shape: weight(part).shape.slice(0, 2), data: weight(part).data });
  const hidden = linear({ shape: [N, C], data: means }, matrix('down'), bias('down'));
  const gates = linear({ shape: hidden.shape, data: hidden.data.map((v) => Math.max(0, v)) }, matrix('up'), bias('up'));
  return { shape: x.shape, data: x.data.map((value, i) => value / (1 + Math.exp(-gates.data[Math.floor(i / (H * W))]))) };
}

/** x Phi(x), the error function from its series and continued fraction. */
export function gelu(x: number): number {
  return (x / 2) * (1 + errorFunction(x / Math.SQRT2));
}

/** erf in double precision: Taylor series near 0, Lentz's continued fraction of the complement beyond. */
function errorFunction(x: number): number {
  const a = Math.abs(x);
  if (a > 6) return Math.sign(x);
  if (a < 2.5) {
    let [term, sum] = [a, a];
    for (let n = 1; n < 80; n++) {
      term *= (-a * a) / n;
      sum += term / (2 * n + 1);
    }
    return (Math.sign(x) * 2 * sum) / Math.sqrt(Math.PI);
  }
  let fraction = 0;
  for (let k = 60; k >= 1; k--) fraction = k / 2 / (a + fraction);
  return Math.sign(x) * (1 - Math.exp(-a * a) / (Math.sqrt(Math.PI) * (a + fraction)));
}
