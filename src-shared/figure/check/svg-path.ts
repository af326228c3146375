// Points that an SVG path goes through or is drawn towards: enough for the rectangle around it, which curves stay within.

type Point = readonly [number, number];
/** Numbers a command takes at a time. */
const TAKES: Readonly<Record<string, number>> = { m: 2, l: 2, h: 1, v: 1, c: 6, s: 4, q: 4, t: 2, a: 7, z: 0 };

/** End and control points of path data; of an arc, its ends and a rectangle of its radii around their middle. */
export function pathPoints(d: string): Point[] {
  const points: Point[] = [];
  let [at, start]: Point[] = [
    [0, 0],
    [0, 0],
  ];
  for (const [, command, text] of d.matchAll(/([a-df-zA-DF-Z])([^a-df-zA-DF-Z]*)/g)) {
    const numbers = [...text.matchAll(/[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?/gi)].map(([number]) => Number(number));
    const kind = command.toLowerCase();
    const relative = command === kind;
    const count = TAKES[kind];
    if (count === undefined) continue;
    if (kind === 'z') at = start;
    for (let i = 0; count > 0 && i + count <= numbers.length; i += count) {
      const own = pointsOf(kind, numbers.slice(i, i + count), at, relative);
      points.push(...own);
      at = own[own.length - 1];
      if (kind === 'm' && i === 0) start = at;
    }
  }
  return points;
}

function pointsOf(kind: string, numbers: readonly number[], [x, y]: Point, relative: boolean): Point[] {
  const [dx, dy] = relative ? [x, y] : [0, 0];
  if (kind === 'h') return [[numbers[0] + dx, y]];
  if (kind === 'v') return [[x, numbers[0] + dy]];
  if (kind === 'a') {
    const end: Point = [numbers[5] + dx, numbers[6] + dy];
    const [mx, my] = [(x + end[0]) / 2, (y + end[1]) / 2];
    const [rx, ry] = [Math.abs(numbers[0]), Math.abs(numbers[1])];
    return [[mx - rx, my - ry], [mx + rx, my + ry], end];
  }
  return Array.from({ length: numbers.length / 2 }, (_, i): Point => [numbers[2 * i] + dx, numbers[2 * i + 1] + dy]);
}
