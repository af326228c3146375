// What is done to a composed figure in the window: panels are added, moved, widened and taken away. Pure: each gives a new
// recipe, so that a step back is the recipe before. Numbers of panels count from 0, in reading order.
import { gridPlaces, type GridPlace } from './kinds/composed-sheet';
import type { ComposedRecipe, PanelRecipe } from './registry';

export type ComposedPanel = ComposedRecipe['panels'][number];
export type Direction = 'left' | 'right' | 'up' | 'down';

/** Where the panels stand. */
export function placesOf({ panels, columns }: ComposedRecipe): readonly GridPlace[] {
  return gridPlaces(
    panels.map(({ span = 1 }) => span),
    columns,
  );
}

/** With another panel, the last one. */
export function withPanel(recipe: ComposedRecipe, panel: PanelRecipe): ComposedRecipe {
  return { ...recipe, panels: [...recipe.panels, { recipe: panel }] };
}

/** Without a panel. */
export function withoutPanel(recipe: ComposedRecipe, at: number): ComposedRecipe {
  return { ...recipe, panels: recipe.panels.filter((_, i) => i !== at) };
}

/** With a panel changed. */
export function changedPanel(recipe: ComposedRecipe, at: number, change: Partial<ComposedPanel>): ComposedRecipe {
  return { ...recipe, panels: recipe.panels.map((panel, i) => (i === at ? { ...panel, ...change } : panel)) };
}

/** With a panel before the one that was `to`; after the last one where that is their number. */
export function withPanelBefore(recipe: ComposedRecipe, from: number, to: number): ComposedRecipe {
  if (to === from || to === from + 1) return recipe;
  const rest = recipe.panels.filter((_, i) => i !== from);
  const at = to > from ? to - 1 : to;
  return { ...recipe, panels: [...rest.slice(0, at), recipe.panels[from], ...rest.slice(at)] };
}

/** Where a panel would come to stand, moved one step: its new number; the same where there is nothing that way. */
export function stepTo(recipe: ComposedRecipe, from: number, way: Direction): number {
  const last = recipe.panels.length - 1;
  if (way === 'left') return Math.max(0, from - 1);
  if (way === 'right') return Math.min(last, from + 1);
  const places = placesOf(recipe);
  const row = places[from].row + (way === 'up' ? -1 : 1);
  const inRow = places.flatMap((place, i) => (place.row === row ? [{ i, away: Math.abs(place.column - places[from].column) }] : []));
  return inRow.reduce((best, one) => (one.away < best.away ? one : best), { i: from, away: Infinity }).i;
}

/** With a panel moved one step. */
export function movedPanel(recipe: ComposedRecipe, from: number, way: Direction): ComposedRecipe {
  const to = stepTo(recipe, from, way);
  return withPanelBefore(recipe, from, to > from ? to + 1 : to);
}

/** With a panel that takes one column more or less, within the grid. */
export function widenedPanel(recipe: ComposedRecipe, at: number, by: 1 | -1): ComposedRecipe {
  const span = Math.min(recipe.columns, Math.max(1, Math.min(recipe.columns, recipe.panels[at].span ?? 1) + by));
  return changedPanel(recipe, at, { span: span === 1 ? undefined : span });
}
