// What a user brings for the groups in an opened file: recipes of their own, checked here with the place of every error, and a
// low-rank adapter in a file of its own with its configuration.
import { messageOf } from '@shared/base/message-of';
import { UserError } from '@shared/base/user-error';
import type { NamedText, OpenedCheckpoint } from '@shared/link/studio';
import { checkRecipe, type RecipeError } from '@shared/merge/recipes/check-recipe';
import { createStore } from '../state';
import { studio } from '../studio';
import { chooseWeights, weights } from '../network/weights';
import { sayFamily, takeReading } from './families';

/** What is wrong with the recipe that was brought last. */
export interface CheckedFile {
  readonly fileName: string | null;
  readonly errors: readonly RecipeError[];
}

export const checkedRecipe = createStore<CheckedFile>(() => ({ fileName: null, errors: [] }));

/** Takes a JSON file for the file that is shown: a merge recipe, or an adapter's configuration. Throws UserError for any other. */
export async function takeJson(file: File): Promise<void> {
  const { opened, inspected } = weights.getState();
  const shown = opened.find(({ id }) => id === inspected);
  const read = { fileName: file.name, text: await file.text() };
  const json = parsed(read);
  if (isConfiguration(json)) return takeConfiguration(shown, read);
  if (shown === undefined) throw new UserError(`${file.name}: open the file of weights first that this recipe is for`);
  return takeRecipe(shown, read);
}

function isConfiguration(json: unknown): boolean {
  return typeof json === 'object' && json !== null && 'lora_alpha' in json;
}

async function takeConfiguration(shown: OpenedCheckpoint | undefined, config: NamedText): Promise<void> {
  if (shown?.adapter === undefined)
    throw new UserError(`${config.fileName} is an adapter's configuration: join the adapter's weights to their network's file first`);
  await joinAdapter(shown.id, shown.adapter.path, config);
}

/** Takes a recipe for the groups of a file; one that is wrong changes nothing, and what is wrong stands in `checkedRecipe`. */
export async function takeRecipe({ id, families: { said } }: OpenedCheckpoint, own: NamedText): Promise<void> {
  const { recipe, errors } = checkRecipe(parsed(own));
  checkedRecipe.setState({ fileName: own.fileName, errors });
  if (recipe === null) return;
  const others = (said.own ?? []).filter((one) => nameOf(one) !== recipe.name);
  await sayFamily(id, { ...said, own: [...others, own] });
}

/** Takes a recipe of the user's own away again. */
export async function dropRecipe({ id, families: { said } }: OpenedCheckpoint, own: NamedText): Promise<void> {
  await sayFamily(id, { ...said, own: (said.own ?? []).filter((one) => one !== own) });
}

/** What a recipe of the user's own says of its family, as a page of help; null where there is none of it. */
export function ownPage(family: string): string | null {
  const own = weights.getState().opened.flatMap(({ families }) => families.said.own ?? []);
  const recipe = own.flatMap((one) => checkRecipe(parsed(one)).recipe ?? []).find((one) => one.family === family);
  return recipe ? `# ${family}\n\n${recipe.about}\n\n    ${recipe.formula}\n` : null;
}

/** The name of a recipe that was checked. */
export function nameOf(own: NamedText): string {
  return checkRecipe(parsed(own)).recipe?.name ?? own.fileName;
}

/** Reads an adapter beside a file's tensors; null takes it off. Rejects where the two do not go together. */
export async function joinAdapter(id: string, adapter: string | null, config: NamedText | null): Promise<void> {
  takeReading(await studio().checkpoint.adapt({ id, adapter, config }));
  weights.setState({ inspected: id });
  chooseWeights({ kind: 'file', id });
}

/** Whether a file holds nothing but the weights of a low-rank adapter. */
export function isAdapter({ tensors }: Pick<OpenedCheckpoint, 'tensors'>): boolean {
  return tensors.length > 0 && tensors.every(({ name }) => /(^|\.)lora_/.test(name));
}

function parsed({ fileName, text }: NamedText): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UserError(`${fileName} is not JSON: ${messageOf(error)}`);
  }
}
