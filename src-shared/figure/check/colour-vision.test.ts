// Colour differences against the published test pairs, and what is known of each deficiency.
import { describe, expect, it } from 'vitest';
import { ciede2000, differenceSeen, seenAs, VISIONS } from './colour-vision';

// Sharma, Wu and Dalal 2005, table 1: pairs 1, 4, 7, 9, 13, 17, 20, 25, 28, 34.
const PUBLISHED = [
  [50, 2.6772, -79.7751, 50, 0, -82.7485, 2.0425],
  [50, -1.3802, -84.2814, 50, 0, -82.7485, 1.0],
  [50, 0, 0, 50, -1, 2, 2.3669],
  [50, 2.49, -0.001, 50, -2.49, 0.0009, 7.1792],
  [50, -0.001, 2.49, 50, 0.0009, -2.49, 4.8045],
  [50, 2.5, 0, 73, 25, -18, 27.1492],
  [50, 2.5, 0, 58, 24, 15, 19.4535],
  [60.2574, -34.0099, 36.2677, 60.4626, -34.1751, 39.4387, 1.2644],
  [35.0831, -44.1164, 3.7933, 35.0232, -40.0716, 1.5901, 1.8645],
  [2.0776, 0.0795, -1.135, 0.9033, -0.0636, -0.5514, 0.9082],
] as const;

describe('CIEDE2000', () => {
  it.each(PUBLISHED)('of (%d, %d, %d) and (%d, %d, %d) is %d', (l1, a1, b1, l2, a2, b2, published) => {
    const [one, other] = [
      { l: l1, a: a1, b: b1 },
      { l: l2, a: a2, b: b2 },
    ];
    expect(ciede2000(one, other)).toBeCloseTo(published, 4);
    expect(ciede2000(other, one)).toBeCloseTo(published, 4);
  });
});

describe('an eye', () => {
  it.each(VISIONS)('%s leaves greys as they are', (vision) => {
    for (const grey of ['#000000', '#595959', '#c0c0c0', '#ffffff']) {
      const { l, a, b } = seenAs(grey, vision);
      expect(Math.abs(l - seenAs(grey, 'normal').l)).toBeLessThan(0.1);
      expect(Math.hypot(a, b)).toBeLessThan(0.5);
    }
  });

  it('without red or green cones confuses a red and a green of one lightness; without blue ones it does not', () => {
    const [red, green] = ['#b3591f', '#7a7a1f'];
    expect(differenceSeen(red, green, 'normal')).toBeGreaterThan(20);
    expect(differenceSeen(red, green, 'deuteranopia')).toBeLessThan(differenceSeen(red, green, 'normal') / 2);
    expect(differenceSeen(red, green, 'tritanopia')).toBeGreaterThan(20);
  });

  it('on a grey print tells blue and orange apart by lightness alone', () => {
    expect(differenceSeen('#808080', '#7f7f7f', 'grey')).toBeLessThan(1);
    expect(differenceSeen('#ffff00', '#0000ff', 'grey')).toBeGreaterThan(50);
  });
});
