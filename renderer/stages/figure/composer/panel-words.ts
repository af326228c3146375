// What a panel is called in the composer: its letter, and what its numbers are of.
import { panelLetter, pageOf } from '@shared/figure/page/layout';
import type { ComposedRecipe, PanelRecipe } from '@shared/figure/registry';

/** Its letter as the figure has it; its number where panels have none. */
export function panelLetterOf({ layout }: Pick<ComposedRecipe, 'layout'>, at: number): string {
  return panelLetter(pageOf(layout), at).trim() || String(at + 1);
}

/** What a panel is about, in a few words. */
export function subjectOf(recipe: PanelRecipe): string {
  if ('source' in recipe && recipe.source !== undefined)
    return [nameOf(recipe.source.path), recipe.source.layer].filter((part) => part).join(', ');
  if ('runs' in recipe) return recipe.runs.length === 1 ? '1 run' : `${recipe.runs.length} runs`;
  if ('model' in recipe && recipe.model !== undefined) return recipe.model;
  return 'network' in recipe && recipe.network !== undefined ? recipe.network.name : '';
}

function nameOf(path: string): string {
  return path.split(/[\\/]/).at(-1) ?? path;
}
