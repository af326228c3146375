// The composer's moves, on panels told apart by their headings.
import { describe, expect, it } from 'vitest';
import { MATRICES, headOf } from '../../testing/figure/figure-examples';
import { changedPanel, movedPanel, placesOf, stepTo, widenedPanel, withoutPanel, withPanel, withPanelBefore } from './compose';
import type { ComposedRecipe } from './registry';

function grid(names: string, columns: number): ComposedRecipe {
  const panels = [...names].map((heading) => ({ recipe: MATRICES, heading }));
  return { ...headOf(170, 8), kind: 'composed', columns, panels, scale: 'shared', axes: 'aligned' };
}
const names = ({ panels }: ComposedRecipe): string => panels.map(({ heading }) => heading).join('');

describe('a panel', () => {
  it('is put before another, or behind the last', () => {
    const moves = [0, 1, 2, 3, 4].map((to) => names(withPanelBefore(grid('abcd', 2), 1, to)));
    expect(moves).toEqual(['bacd', 'abcd', 'abcd', 'acbd', 'acdb']);
  });

  it('moves one step to the left or right, and no further than the ends', () => {
    expect(names(movedPanel(grid('abc', 2), 2, 'left'))).toBe('acb');
    expect(names(movedPanel(grid('abc', 2), 0, 'right'))).toBe('bac');
    expect(names(movedPanel(grid('abc', 2), 0, 'left'))).toBe('abc');
    expect(names(movedPanel(grid('abc', 2), 2, 'right'))).toBe('abc');
  });

  it('moves up and down to the panel over or under it', () => {
    expect(names(movedPanel(grid('abcdef', 3), 4, 'up'))).toBe('aebcdf');
    expect(names(movedPanel(grid('abcdef', 3), 1, 'down'))).toBe('acdebf');
    expect(stepTo(grid('abcd', 3), 2, 'down')).toBe(3);
    expect(stepTo(grid('abcd', 3), 3, 'down')).toBe(3);
    expect(stepTo(grid('abcd', 3), 0, 'up')).toBe(0);
  });

  it('comes back to its place the way it went', () => {
    const start = grid('abcdef', 3);
    for (const [way, back] of [
      ['down', 'up'],
      ['right', 'left'],
    ] as const) {
      const to = stepTo(start, 1, way);
      expect(names(movedPanel(movedPanel(start, 1, way), to, back))).toBe('abcdef');
    }
  });

  it('takes one column more or less, within the grid', () => {
    const wide = widenedPanel(grid('ab', 2), 0, 1);
    expect(placesOf(wide)).toEqual([
      { row: 0, column: 0, span: 2 },
      { row: 1, column: 0, span: 1 },
    ]);
    expect(widenedPanel(wide, 0, 1)).toEqual(wide);
    expect(placesOf(widenedPanel(wide, 0, -1)).map(({ span }) => span)).toEqual([1, 1]);
    expect(placesOf(widenedPanel(grid('ab', 2), 0, -1)).map(({ span }) => span)).toEqual([1, 1]);
  });

  it('is added at the end, changed and taken away', () => {
    const added = withPanel(grid('ab', 2), MATRICES);
    expect(added.panels).toHaveLength(3);
    expect(names(changedPanel(added, 2, { heading: 'c' }))).toBe('abc');
    expect(names(withoutPanel(grid('abc', 2), 1))).toBe('ac');
  });

  it('leaves the recipe before as it was', () => {
    const before = grid('abc', 2);
    const copy = JSON.stringify(before);
    movedPanel(before, 0, 'right');
    widenedPanel(before, 0, 1);
    withoutPanel(before, 0);
    expect(JSON.stringify(before)).toBe(copy);
  });
});
