// Where the elements of an SVG stand: its page, pictures within pictures, transforms. All matrices take a point in the element's own
// units to one in those of what it stands in; lengths of the page are in points.
import type { Element } from '@xmldom/xmldom';
import { UserError } from '../../base/user-error';
import { multiplied, type Matrix6 } from './facts';
import { lengthOf } from './svg-style';

const POINTS_PER_PIXEL = 72 / 96;

/** Size in points, and the transform from user units to points. */
export function pageOf(root: Element, where: string): { readonly width: number; readonly height: number; readonly matrix: Matrix6 } {
  const box = boxOf(root);
  const sizeOf = (name: string, fallback: number): number => {
    const length = lengthOf(root.getAttribute(name) ?? '');
    return (Number.isFinite(length) ? length : fallback) * POINTS_PER_PIXEL;
  };
  const [width, height] = [sizeOf('width', box?.[2] ?? Number.NaN), sizeOf('height', box?.[3] ?? Number.NaN)];
  if (!(width > 0 && height > 0)) throw new UserError(`${where} has no size: expected "width" and "height" with units, or a "viewBox"`);
  return { width, height, matrix: fitted(box ?? [0, 0, width / POINTS_PER_PIXEL, height / POINTS_PER_PIXEL], width, height, root) };
}

/** The transform into a picture within a picture: its place, and its viewBox on the width and height of `sized`. */
export function innerMatrix(element: Element, sized: Element): Matrix6 {
  const place: Matrix6 = element === sized ? [1, 0, 0, 1, attribute(element, 'x'), attribute(element, 'y')] : [1, 0, 0, 1, 0, 0];
  const box = boxOf(element);
  if (box === null) return place;
  const side = (name: string, whole: number): number => {
    const length = lengthOf(sized.getAttribute(name) ?? '');
    return Number.isFinite(length) ? length : whole;
  };
  return multiplied(place, fitted(box, side('width', box[2]), side('height', box[3]), element));
}

function boxOf(element: Element): readonly [number, number, number, number] | null {
  const [x, y, width, height, ...more] = (element.getAttribute('viewBox') ?? '')
    .trim()
    .split(/[\s,]+/)
    .map(Number);
  const isBox = more.length === 0 && [x, y, width, height].every(Number.isFinite) && width > 0 && height > 0;
  return isBox ? [x, y, width, height] : null;
}

/** A viewBox in the middle of a width and height, stretched where the element says so. */
function fitted([x, y, across, down]: readonly [number, number, number, number], width: number, height: number, element: Element): Matrix6 {
  const scale = Math.min(width / across, height / down);
  const isStretched = element.getAttribute('preserveAspectRatio') === 'none';
  const [sx, sy] = isStretched ? [width / across, height / down] : [scale, scale];
  return [sx, 0, 0, sy, (width - across * sx) / 2 - x * sx, (height - down * sy) / 2 - y * sy];
}

/** The product of a list of transforms. */
export function transformOf(text: string): Matrix6 {
  return [...text.matchAll(/(\w+)\s*\(([^)]*)\)/g)].reduce<Matrix6>(
    (matrix, [, name, list]) =>
      multiplied(
        matrix,
        oneTransform(
          name,
          list
            .trim()
            .split(/[\s,]+/)
            .map(Number),
        ),
      ),
    [1, 0, 0, 1, 0, 0],
  );
}

function oneTransform(name: string, numbers: readonly number[]): Matrix6 {
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = numbers;
  const [cos, sin] = [Math.cos((a * Math.PI) / 180), Math.sin((a * Math.PI) / 180)];
  switch (name) {
    case 'matrix':
      return [a, b, c, d, e, f];
    case 'translate':
      return [1, 0, 0, 1, a, b];
    case 'scale':
      return [a, 0, 0, numbers.length > 1 ? b : a, 0, 0];
    case 'rotate':
      return [cos, sin, -sin, cos, b - b * cos + c * sin, c - b * sin - c * cos];
    case 'skewX':
      return [1, 0, Math.tan((a * Math.PI) / 180), 1, 0, 0];
    case 'skewY':
      return [1, Math.tan((a * Math.PI) / 180), 0, 1, 0, 0];
    default:
      return [1, 0, 0, 1, 0, 0];
  }
}

export function attribute(element: Element, name: string): number {
  const length = lengthOf((element.getAttribute(name) ?? '0').split(/[\s,]+/)[0]);
  return Number.isFinite(length) ? length : 0;
}
