// The inverse discrete cosine transform of a JPEG's blocks in whole numbers, after Loeffler, Ligtenberg and Moschytz
// (1989) with 13 bits of fraction: the accurate integer transform of the Independent JPEG Group, whose rounding Pillow,
// and so torchvision, has. Invariant: same bytes as theirs.
import type { Component } from './frame';

const FRACTION = 13;
/** Further bits kept between the columns' pass and the rows'. */
const BETWEEN = 2;

/** A constant with FRACTION bits of fraction. */
const fixed = (value: number): number => Math.round(value * 2 ** FRACTION);
const F0298 = fixed(0.298631336);
const F0390 = fixed(0.390180644);
const F0541 = fixed(0.5411961);
const F0765 = fixed(0.765366865);
const F0899 = fixed(0.899976223);
const F1175 = fixed(1.175875602);
const F1501 = fixed(1.50132111);
const F1847 = fixed(1.847759065);
const F1961 = fixed(1.96157056);
const F2053 = fixed(2.053119869);
const F2562 = fixed(2.562915447);
const F3072 = fixed(3.072711026);

/** The samples of a component: (8 * stored rows, 8 * stride), of which `height` x `width` belong to the picture. Throws Error where it had no scan. */
export function componentSamples({ coefficients, stride, steps }: Component): Uint8Array {
  if (steps === null) throw new Error('the picture data of a component are missing');
  const samples = new Uint8Array(coefficients.length);
  const work = new Int32Array(64);
  for (let at = 0, block = 0; at < coefficients.length; at += 64, block++) {
    for (let i = 0; i < 64; i++) work[i] = coefficients[at + i] * steps[i];
    for (let x = 0; x < 8; x++) transform(work, x, 8, FRACTION - BETWEEN);
    for (let y = 0; y < 8; y++) transform(work, 8 * y, 1, FRACTION + BETWEEN + 3);
    const corner = 64 * stride * Math.floor(block / stride) + 8 * (block % stride);
    for (let y = 0; y < 8; y++)
      for (let x = 0; x < 8; x++) samples[corner + 8 * stride * y + x] = Math.max(0, Math.min(255, work[8 * y + x] + 128));
  }
  return samples;
}

/** Transforms eight values in place, from `first` on, `step` apart; the results lose `shift` bits, rounded. */
function transform(work: Int32Array, first: number, step: number, shift: number): void {
  const at = (k: number): number => work[first + k * step];
  // Even part.
  const even = (at(2) + at(6)) * F0541;
  const even2 = even - at(6) * F1847;
  const even3 = even + at(2) * F0765;
  const sum = (at(0) + at(4)) << FRACTION;
  const difference = (at(0) - at(4)) << FRACTION;
  const evens = [sum + even3, difference + even2, difference - even2, sum - even3];
  // Odd part.
  const [i7, i5, i3, i1] = [at(7), at(5), at(3), at(1)];
  const z5 = (i7 + i3 + i5 + i1) * F1175;
  const z1 = -(i7 + i1) * F0899;
  const z2 = -(i5 + i3) * F2562;
  const z3 = z5 - (i7 + i3) * F1961;
  const z4 = z5 - (i5 + i1) * F0390;
  const odds = [i1 * F1501 + z1 + z4, i3 * F3072 + z2 + z3, i5 * F2053 + z2 + z4, i7 * F0298 + z1 + z3];
  const half = 1 << (shift - 1);
  for (let k = 0; k < 4; k++) {
    work[first + k * step] = (evens[k] + odds[k] + half) >> shift;
    work[first + (7 - k) * step] = (evens[k] - odds[k] + half) >> shift;
  }
}
