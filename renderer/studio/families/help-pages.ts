// The pages of help on families, fetched when one is opened.
import { familySlug } from '@shared/merge/recipes/family-pages';

const pages = import.meta.glob<string>('../../../assets/help/families/*.md', { query: '?raw', import: 'default' });

/** The text of a family's page; null where it has none (a recipe of a user's own). */
export async function familyPage(family: string): Promise<string | null> {
  const load = pages[`../../../assets/help/families/${familySlug(family)}.md`];
  return load ? load() : null;
}
