// Whether a panel can be read in the width it has, and where its picture begins.
import { smallestOf } from '../../base/extremes';
import type { Box } from './heat-map';
import type { DisplayList, TextMark } from './display-list';
import { textWidth } from './font-metrics';

/** Box of a line of text: ascent and descent of digits and lower case. */
export function textBox({ x, y, text, size, bold, anchor, turned }: TextMark): Box {
  const width = textWidth(text, size, bold);
  const back = width * { start: 0, middle: 0.5, end: 1 }[anchor];
  return turned
    ? { x: x - size * 0.75, y: y + back - width, width: size * 0.95, height: width }
    : { x: x - back, y: y - size * 0.75, width, height: size * 0.95 };
}

/** What in a figure cannot be read, in words: a line beyond its edge, or one over another; null where all can. */
export function illegibleIn({ width, marks }: DisplayList): string | null {
  const lines = marks.flatMap((mark) => (mark.kind === 'text' ? [{ text: mark.text, box: textBox(mark) }] : []));
  const beyond = lines.find(({ box }) => box.x < -0.01 || box.x + box.width > width + 0.01);
  if (beyond !== undefined) return `"${beyond.text}" has no room there`;
  for (const [i, { text, box }] of lines.entries()) {
    const other = lines.slice(0, i).find((one) => meet(one.box, box));
    if (other !== undefined) return `"${other.text}" and "${text}" lie on each other`;
  }
  return null;
}

function meet(one: Box, other: Box): boolean {
  const across = one.x < other.x + other.width && other.x < one.x + one.width;
  return across && one.y < other.y + other.height && other.y < one.y + one.height;
}

/** A line of this share of a figure's width is one of a plot's grid. */
const WIDE = 0.2;

/** Top of the highest matrix or plot of a figure; null where it has none. */
export function pictureTop({ width, marks }: DisplayList): number | null {
  const tops = marks.flatMap((mark) => {
    if (mark.kind === 'cells' || mark.kind === 'image') return [mark.y];
    if (mark.kind !== 'path' || mark.points.length !== 2) return [];
    const [[fromX, fromY], [toX, toY]] = mark.points;
    return fromY === toY && Math.abs(toX - fromX) > WIDE * width ? [fromY] : [];
  });
  return tops.length === 0 ? null : smallestOf(tops);
}
