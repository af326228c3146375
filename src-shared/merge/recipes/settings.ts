// Numbers that the weights do not hold (eps of a batch norm, alpha of a low-rank adapter), and who said them. Invariant: a
// number that nobody said and that has no published default is never guessed.
import { z } from 'zod';
import type { Stored } from '../../base/sent';
import type { Group } from './bind-group';
import type { Recipe } from './schema';

/** Settings that a user gave, by name; `<recipe>.<name>` or `<prefix>:<name>` for one family or one group alone. */
export type GivenSettings = Stored<z.infer<typeof givenSettingsSchema>>;
export const givenSettingsSchema = z.record(z.string(), z.number());

/** The settings of one group. */
export interface ChosenSettings {
  readonly values: ReadonlyMap<string, number>;
  /** Those taken as usual, as nobody gave them. */
  readonly assumed: readonly string[];
  /** Those that the merge needs and nobody gave. */
  readonly missing: readonly string[];
}

/** The settings for a group: the nearest of what was given, else what the file's names speak for, else the recipe's default. */
export function settingsFor(
  { recipe, prefix, usual: evident }: Pick<Group, 'recipe' | 'prefix' | 'usual'>,
  given: GivenSettings,
): ChosenSettings {
  const values = new Map<string, number>();
  const [assumed, missing]: [string[], string[]] = [[], []];
  for (const [name, setting] of Object.entries(recipe.settings)) {
    const usual = evident?.get(name)?.value ?? setting.default;
    const said = given[`${prefix}:${name}`] ?? given[`${recipe.name}.${name}`] ?? given[name];
    if (said !== undefined) values.set(name, said);
    else if (usual === undefined) missing.push(name);
    else {
      values.set(name, Number(usual));
      assumed.push(name);
    }
  }
  return { values, assumed, missing };
}

/** What is usual for a group beside its recipe's defaults, as settings that anything given comes before. */
export function usualSettings({ usual }: Pick<Group, 'usual'>): GivenSettings {
  return Object.fromEntries([...(usual ?? [])].map(([name, { value }]) => [name, value]));
}

/** Why a group waits for settings, in words. */
export function missingText(recipe: Recipe, missing: readonly string[]): string {
  const asked = missing.map((name) => `${name} (${recipe.settings[name].about})`);
  return `not in the weights, and needed: ${asked.join('; ')}; give ${missing.length === 1 ? 'it' : 'them'} as a setting`;
}
