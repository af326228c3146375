// What merge recipes find in an opened file, as a window is told: groups by family, what is left and why, which recipes may be
// named and which numbers be given. A known network has a merge of its own; of its file nothing is listed.
import type { CheckpointFile } from '@shared/checkpoint/checkpoint-file';
import { UserError } from '@shared/base/user-error';
import type { FamiliesInFile, FamilyChoice, FamilySetting, NamedText } from '@shared/link/studio';
import { mergedNames, type Group } from '@shared/merge/recipes/bind-group';
import type { GivenSettings } from '@shared/merge/recipes/settings';
import { shippedRecipe } from '@shared/merge/recipes/shipped';
import type { Choices } from '@shared/model/recognise/partition-readings';
import type { Understanding } from '@shared/model/recognise/understand';
import { understandFile } from '../../files/checkpoint-network';
import { chooseGroups, takenByBlocks } from './recipe-groups';

/** Nothing said. */
export const NO_FAMILY_CHOICE: FamilyChoice = { recipe: [], setting: [] };

/** The groups of a file, with what the user said of them. Rejects with UserError for a recipe that does not exist or a setting that is no number. */
export async function familiesInFile(
  file: CheckpointFile,
  choices: Choices,
  said = NO_FAMILY_CHOICE,
  config?: NamedText,
): Promise<FamiliesInFile> {
  const understood = understoodOrNull(file, choices);
  if (understood === null || understood.spec !== null) return { groups: [], left: [], settings: [], said };
  const { found, settings } = await chooseGroups(
    file,
    file.tensors,
    { ...said, adapterText: config },
    takenByBlocks(understood.blocks, file.tensors),
  );
  const open = new Map(found.groups.filter(({ form }) => form !== 'merged').map((group) => [group.recipe.name, group]));
  return {
    groups: found.groups.map(({ prefix, recipe, form }) => ({
      ...{ at: prefix, recipe: recipe.name, family: recipe.family, title: recipe.title, form },
      weights: mergedNames({ recipe, prefix }).filter((name) => name.endsWith('weight')),
    })),
    left: found.left.map(({ at, recipe, reason, named = [] }) => ({
      ...{ at, recipe, reason, named },
      family: recipe === null ? null : (shippedRecipe(recipe)?.family ?? null),
    })),
    settings: settingsAsked([...open.values()], settings),
    said,
  };
}

/** A file that contradicts itself is looked at all the same, without groups. */
function understoodOrNull(file: CheckpointFile, choices: Choices): Understanding | null {
  try {
    return understandFile(file, choices);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return null;
  }
}

/** The numbers that recipes ask for, each once, of one group a recipe; under the recipe's name where two usually take another one. */
function settingsAsked(groups: readonly Group[], given: GivenSettings): FamilySetting[] {
  const asked = groups.flatMap(({ recipe: { name: recipe, settings }, usual: evident }) =>
    Object.entries(settings).map(([name, { default: usual, about }]) => ({
      ...{ recipe, name, about: evident?.get(name)?.says ?? about },
      usual: evident?.get(name)?.value ?? (usual === undefined ? null : Number(usual)),
    })),
  );
  const found = new Map<string, FamilySetting>();
  for (const { recipe, name, about, usual } of asked) {
    const differs = asked.some((other) => other.name === name && other.usual !== usual);
    const key = differs ? `${recipe}.${name}` : name;
    found.set(key, { name: key, about, usual, given: given[key] ?? null });
  }
  return [...found.values()];
}
