import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const css = readFileSync(new URL('theme.css', import.meta.url), 'utf8');
const INKS = ['ink', 'ink-soft', 'ink-faint', 'accent', 'train', 'merged', 'rep', 'good', 'bad', 'warn'];
const GROUNDS = ['ground', 'panel', 'sunken', 'raised', 'accent-wash', 'rep-wash', 'good-wash', 'bad-wash', 'warn-wash'];

/** Variables of the block that begins with `head`. */
function coloursOf(head: string): ReadonlyMap<string, string> {
  const block = css.slice(css.indexOf(head)).split('}')[0];
  return new Map([...block.matchAll(/--([\w-]+): (#[\da-f]{6});/g)].map(([, name, colour]) => [name, colour]));
}

/** Relative luminance of WCAG 2. */
function luminance(colour: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const share = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(one: string, other: string): number {
  const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

test('the contrast is that of WCAG', () => {
  expect(contrast('#000000', '#ffffff')).toBeCloseTo(21, 9);
  expect(contrast('#777777', '#ffffff')).toBeCloseTo(4.48, 2);
});

test.each([':root {', ':root[data-theme="dark"] {'])('every ink of %s reads on every ground, with a contrast of at least 4.5', (head) => {
  const colours = coloursOf(head);
  const colour = (name: string): string => colours.get(name) ?? `no --${name}`;
  const weak = INKS.flatMap((ink) =>
    GROUNDS.filter((ground) => !(contrast(colour(ink), colour(ground)) >= 4.5)).map((ground) => `${ink} on ${ground}`),
  );
  expect(weak).toEqual([]);
  expect(contrast(colour('accent-ink'), colour('accent'))).toBeGreaterThanOrEqual(4.5);
});

test.each([':root {', ':root[data-theme="dark"] {'])(
  'every line of a plot in %s is told from its panel, with a contrast of at least 3',
  (head) => {
    const colours = coloursOf(head);
    const series = [...colours].filter(([name]) => name.startsWith('series-'));
    expect(series).toHaveLength(8);
    const weak = series.filter(([, colour]) => !(contrast(colour, colours.get('panel') ?? '') >= 3));
    expect(weak).toEqual([]);
  },
);
