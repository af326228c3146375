// The groups of a checkpoint that merge recipes know: what the user says of them (recipes of their own, an adapter's file and
// configuration, numbers that no weights hold), what is found, and the verdict. One use-case for every verb and the window.
import { dirname, join } from 'node:path';
import type { NamedText } from '@shared/link/studio';
import type { CheckpointFile } from '@shared/checkpoint/checkpoint-file';
import { UserError } from '@shared/base/user-error';
import { settingsOfAdapter } from '@shared/merge/recipes/adapter-config';
import { parseRecipe } from '@shared/merge/recipes/check-recipe';
import { findGroups, type FoundGroups } from '@shared/merge/recipes/find-groups';
import type { Recipe } from '@shared/merge/recipes/schema';
import type { GivenSettings } from '@shared/merge/recipes/settings';
import { shippedRecipes } from '@shared/merge/recipes/shipped';
import { suggestionText } from '@shared/base/nearest-name';
import { NamesBelow } from '@shared/tensor/names-below';
import type { TensorInfo } from '@shared/tensor/tensor';
import { exists } from '../../files/exists';
import { parsedJson } from '@shared/base/stored-version';
import { readJson } from '../../files/json-file';

/** What a user says of the groups in a file. */
export interface RecipeChoice {
  /** Names of shipped recipes, and paths of recipe files. */
  readonly recipe?: readonly string[];
  /** `key=value`: alpha=16, eps=1e-3, head.0:alpha=8. */
  readonly setting?: readonly string[];
  readonly eps?: string;
  /** The adapter's configuration, a JSON file. */
  readonly adapterConfig?: string;
  /** Recipes of the user's own that a window read. */
  readonly own?: readonly NamedText[];
  /** The adapter's configuration where it was read already. */
  readonly adapterText?: NamedText;
}

/** Groups found, and the numbers to merge them with. */
export interface ChosenGroups {
  readonly found: FoundGroups;
  readonly settings: GivenSettings;
}

/** The groups of a checkpoint's tensors; `taken` are names that belong to known blocks. */
export async function chooseGroups(
  file: Pick<CheckpointFile, 'moduleSettings'>,
  tensors: readonly TensorInfo[],
  choice: RecipeChoice,
  taken: ReadonlySet<string> = new Set(),
): Promise<ChosenGroups> {
  const { recipes, named } = await recipesOf(choice);
  const found = findGroups(tensors, { recipes, named, taken });
  const prefixes = found.groups.map(({ prefix }) => prefix);
  const config = await configOf(choice, prefixes);
  return { found, settings: { ...epsOfModules(file), ...config, ...numbersOf(choice) } };
}

/** What an adapter's configuration says of the groups at `prefixes`. */
async function configOf({ adapterConfig, adapterText }: RecipeChoice, prefixes: readonly string[]): Promise<GivenSettings> {
  if (adapterConfig !== undefined) return settingsOfAdapter(await readJson(adapterConfig), prefixes, adapterConfig);
  if (adapterText === undefined) return {};
  return settingsOfAdapter(parsedJson(adapterText.text, adapterText.fileName, 'is not JSON'), prefixes, adapterText.fileName);
}

/** Names that belong to RepMLP blocks, which have a merge of their own. */
export function takenByBlocks(
  blocks: readonly { readonly block: { readonly name: string } }[],
  tensors: readonly Pick<TensorInfo, 'name'>[],
): Set<string> {
  const prefixes = blocks.map(({ block }) => (block.name === '' ? '' : `${block.name}.`));
  const names = new NamesBelow(tensors.map(({ name }) => name));
  const taken = new Set<string>();
  for (const prefix of new Set(prefixes)) for (const name of names.below(prefix)) taken.add(name);
  return taken;
}

/** Shipped recipes and the user's own; those of names that were given are meant where several fit. */
async function recipesOf({
  recipe: given = [],
  own: read = [],
}: RecipeChoice): Promise<{ recipes: readonly Recipe[]; named: readonly string[] }> {
  const own: Recipe[] = read.map(({ text, fileName }) => parseRecipe(parsedJson(text, fileName, 'is not JSON'), fileName));
  const named: string[] = [];
  for (const text of given) {
    if (text.endsWith('.json')) own.push(parseRecipe(await readJson(text), text));
    else if (shippedRecipes().some(({ name }) => name === text)) named.push(text);
    else
      throw new UserError(
        `there is no recipe ${text}; ${suggestionText(
          text,
          shippedRecipes().map(({ name }) => name),
        )}`,
      );
  }
  const names = own.map(({ name }) => name);
  return { recipes: [...own, ...shippedRecipes().filter(({ name }) => !names.includes(name))], named: [...named, ...names] };
}

/** The configuration beside an adapter's file, where there is one. */
export async function configBeside(adapter: string): Promise<string | undefined> {
  const path = join(dirname(adapter), 'adapter_config.json');
  return (await exists(path)) ? path : undefined;
}

function numbersOf({ setting = [], eps }: RecipeChoice): Record<string, number> {
  const pairs = setting.map((text): [string, number] => {
    const at = text.indexOf('=');
    const value = truths[text.slice(at + 1)] ?? (text.slice(at + 1).trim() === '' ? NaN : Number(text.slice(at + 1)));
    if (at < 1 || !Number.isFinite(value)) throw new UserError(`--setting takes KEY=NUMBER, for example --setting alpha=16; got "${text}"`);
    return [text.slice(0, at), value];
  });
  return { ...(eps === undefined ? {} : { eps: Number(eps) }), ...Object.fromEntries(pairs) };
}

const truths: Readonly<Record<string, number>> = { true: 1, false: 0 };

/** The eps that pickled modules carry, for their own batch norms. */
function epsOfModules({ moduleSettings }: Pick<CheckpointFile, 'moduleSettings'>): Record<string, number> {
  return Object.fromEntries(
    [...moduleSettings].flatMap(([module, { values }]) => (typeof values.eps === 'number' ? [[`${module}:eps`, values.eps]] : [])),
  );
}
