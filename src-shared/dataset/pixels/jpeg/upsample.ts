// The colour of a JPEG is sampled more coarsely than its light; here it is brought to full size as the Independent JPEG
// Group's library does, by which Pillow decodes: twice as many across, down or both by a triangle filter (each new sample
// is three parts of the nearest and one of the next), any other whole factor by repetition.
import type { Component, Frame } from './frame';

/** Samples (height, width) of a component. */
interface Plane {
  readonly width: number;
  readonly height: number;
  readonly stride: number;
  readonly samples: Uint8Array;
}

/** A component's samples at the frame's size (height, width). Throws Error where the sampling factors are no whole multiples. */
export function upsampled(component: Component, decoded: Uint8Array, { width, height, maxH, maxV }: Frame): Uint8Array {
  const plane: Plane = { width: component.width, height: component.height, stride: 8 * component.stride, samples: decoded };
  const [across, down] = [maxH / component.h, maxV / component.v];
  if (!Number.isInteger(across) || !Number.isInteger(down)) throw new Error('its sampling factors are no whole multiples of each other');
  // Rows of one or two samples are repeated, as the library does.
  const filtersAcross = across === 2 && plane.width > 2;
  if (filtersAcross && down === 1) return rowByRow({ width, height }, (y, row) => widened(plane, y, row));
  if (filtersAcross && down === 2) return rowByRow({ width, height }, (y, row) => widenedBetween(plane, y, row));
  if (across === 1 && down === 2) return rowByRow({ width, height }, (y, row) => between(plane, y, row));
  return rowByRow({ width, height }, (y, row) => {
    const start = Math.floor(y / down) * plane.stride;
    for (let x = 0; x < row.length; x++) row[x] = plane.samples[start + Math.floor(x / across)];
  });
}

function rowByRow(
  { width, height }: { readonly width: number; readonly height: number },
  fill: (y: number, row: Uint8Array) => void,
): Uint8Array {
  const all = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) fill(y, all.subarray(y * width, (y + 1) * width));
  return all;
}

/** Twice as wide. */
function widened({ samples, stride, width }: Plane, y: number, row: Uint8Array): void {
  const start = y * stride;
  for (let x = 0; x < row.length; x++) {
    const column = x >> 1;
    const next = column + (x & 1 ? 1 : -1);
    const near = samples[start + column];
    row[x] = next < 0 || next >= width ? near : (3 * near + samples[start + next] + (x & 1 ? 2 : 1)) >> 2;
  }
}

/** The stored rows that an output row of a plane half as high lies nearest and next to; at the border the nearest twice. */
function rowsFor({ stride, height }: Plane, y: number): { readonly near: number; readonly next: number } {
  const row = y >> 1;
  const next = Math.max(0, Math.min(height - 1, row + (y & 1 ? 1 : -1)));
  return { near: row * stride, next: next * stride };
}

/** Twice as high. */
function between(plane: Plane, y: number, row: Uint8Array): void {
  const { near, next } = rowsFor(plane, y);
  const rounding = y & 1 ? 2 : 1;
  for (let x = 0; x < row.length; x++) row[x] = (3 * plane.samples[near + x] + plane.samples[next + x] + rounding) >> 2;
}

/** Twice as wide and as high. */
function widenedBetween(plane: Plane, y: number, row: Uint8Array): void {
  const { samples, width } = plane;
  const { near, next } = rowsFor(plane, y);
  for (let x = 0; x < row.length; x++) {
    const column = x >> 1;
    const other = column + (x & 1 ? 1 : -1);
    const sum = 3 * samples[near + column] + samples[next + column];
    const beside = other < 0 || other >= width ? sum : 3 * samples[near + other] + samples[next + other];
    row[x] = (3 * sum + beside + (x & 1 ? 7 : 8)) >> 4;
  }
}
