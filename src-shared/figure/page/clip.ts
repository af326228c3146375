// Lines and areas cut at the edge of a plot whose axes have limits of their own (Liang and Barsky's parametric clipping of
// lines, Sutherland and Hodgman's of areas).
import type { Box } from './heat-map';

type Point = readonly [number, number];

/** The pieces of a polyline that lie inside a box. */
export function clippedLine(points: readonly Point[], box: Box): Point[][] {
  const pieces: Point[][] = [];
  for (let i = 1; i < points.length; i++) {
    const inside = clippedSegment(points[i - 1], points[i], box);
    if (inside === null) continue;
    const last = pieces.at(-1)?.at(-1);
    if (last && last[0] === inside[0][0] && last[1] === inside[0][1]) pieces[pieces.length - 1].push(inside[1]);
    else pieces.push([...inside]);
  }
  return pieces;
}

/** The part of an area that lies inside a box; of fewer than three points where nothing does. */
export function clippedArea(points: readonly Point[], { x, y, width, height }: Box): Point[] {
  const sides: readonly (readonly [axis: 0 | 1, limit: number, sign: 1 | -1])[] = [
    [0, x, 1],
    [0, x + width, -1],
    [1, y, 1],
    [1, y + height, -1],
  ];
  return sides.reduce<readonly Point[]>((area, [axis, limit, sign]) => {
    const room = (point: Point): number => sign * (point[axis] - limit);
    return area.flatMap((point, i) => {
      const before = area[(i + area.length - 1) % area.length];
      const crosses = room(before) < 0 !== room(point) < 0;
      const t = room(before) / (room(before) - room(point));
      const crossing: Point = [before[0] + t * (point[0] - before[0]), before[1] + t * (point[1] - before[1])];
      return [...(crosses ? [crossing] : []), ...(room(point) >= 0 ? [point] : [])];
    });
  }, points) as Point[];
}

/** Whether a point lies in a box, its edge included. */
export function isInside([x, y]: Point, box: Box): boolean {
  const slack = 1e-9 * (box.width + box.height);
  return x >= box.x - slack && x <= box.x + box.width + slack && y >= box.y - slack && y <= box.y + box.height + slack;
}

function clippedSegment(from: Point, to: Point, { x, y, width, height }: Box): [Point, Point] | null {
  const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
  let [start, end] = [0, 1];
  const sides = [
    [-dx, from[0] - x],
    [dx, x + width - from[0]],
    [-dy, from[1] - y],
    [dy, y + height - from[1]],
  ] as const;
  for (const [speed, room] of sides) {
    if (speed === 0 && room < 0) return null;
    if (speed < 0) start = Math.max(start, room / speed);
    if (speed > 0) end = Math.min(end, room / speed);
  }
  if (start > end) return null;
  const at = (t: number, point: Point): Point => (t === 0 || t === 1 ? point : [from[0] + t * dx, from[1] + t * dy]);
  return [at(start, from), at(end, to)];
}
