// Finds the mergeable groups of any state dict from names and shapes alone: which family, where, in which form, and what is
// left and why. Invariant: no tensor belongs to two groups; what cannot be told apart is left, with the question asked.
import type { TensorInfo } from '../../tensor/tensor';
import { anchorKeys, bindGroup, type Directory, type Group } from './bind-group';
import { globMatcher, keyMatcher, nameAt } from './key-pattern';
import type { Recipe } from './schema';
import { shippedRecipes } from './shipped';

/** What was not merged, and why. */
export interface Left {
  /** Prefix of the group, or the name of a module. */
  readonly at: string;
  readonly recipe: string | null;
  readonly reason: string;
  readonly tensors: readonly string[];
  /** Recipes of which one has to be named before it is merged; absent where naming does not help. */
  readonly named?: readonly string[];
}

/** What a file holds for a merge. */
export interface FoundGroups {
  /** Groups in the file's order, merged ones among them. */
  readonly groups: readonly Group[];
  readonly left: readonly Left[];
}

/** How groups are looked for. */
export interface FindOptions {
  /** The recipes to use; those shipped where left out. */
  readonly recipes?: readonly Recipe[];
  /** Names of recipes that the user says it is: they win where several fit, and those that wait for being named are used. */
  readonly named?: readonly string[];
  /** Tensors that belong to something else already. */
  readonly taken?: ReadonlySet<string>;
}

/** All groups of a file. */
export function findGroups(
  tensors: readonly TensorInfo[],
  { recipes = shippedRecipes(), named = [], taken }: FindOptions = {},
): FoundGroups {
  const directory: Directory = new Map(tensors.filter(({ name }) => !taken?.has(name)).map((info) => [info.name, info]));
  const all = recipes.flatMap((recipe) => candidatesOf(recipe, directory));
  const said = all.filter(({ recipe }) => recipe.onlySays).map(leftOf);
  const { chosen, left } = choose(
    all.filter(({ recipe }) => !recipe.onlySays),
    directory,
    named,
  );
  const together = refuseTogether(chosen);
  const usual = usualIn(directory);
  const groups = together.filter(({ refusal }) => refusal === null).map((group) => ({ ...group, usual: usual(group.recipe) }));
  const refused = together.filter(({ refusal }) => refusal !== null).map(leftOf);
  const claimed = new Set([...chosen.flatMap(({ claims }) => claims), ...left.flatMap((entry) => entry.tensors)]);
  const found = [...groups, ...mergedGroups(recipes, directory, claimed)];
  const at = new Map([...directory.keys()].map((name, index) => [name, index]));
  const first = (names: readonly string[]): number => at.get(names[0]) ?? 0;
  return {
    groups: found.sort((a, b) => first(a.claims) - first(b.claims)),
    left: [...said, ...left, ...refused, ...lonelyNorms(directory, claimed)].sort((a, b) => first(a.tensors) - first(b.tensors)),
  };
}

function leftOf({ prefix, recipe, refusal, claims }: Group): Left {
  return { at: prefix, recipe: recipe.name, reason: refusal ?? '', tensors: claims };
}

/** Groups of one recipe wherever its first part stands. */
function candidatesOf(recipe: Recipe, directory: Directory): Group[] {
  const anchor = Object.values(recipe.parts).find(({ optional }) => !optional);
  if (!anchor) return [];
  const prefixes = new Set<string>();
  for (const key of anchorKeys(anchor)) {
    const match = keyMatcher(key);
    for (const name of directory.keys()) {
      const hit = match(name);
      if (hit) prefixes.add(hit.prefix);
    }
  }
  return [...prefixes].map((prefix) => bindGroup(recipe, prefix, directory)).filter((group) => group !== null);
}

/**
 * Groups that do not overlap: the one that explains most tensors first, among equals the one that can be merged and reaches
 * farthest up. Where several recipes read the same tensors, evidence decides, then which is usual; else none is taken.
 */
function choose(candidates: readonly Group[], directory: Directory, named: readonly string[]): { chosen: Group[]; left: Left[] } {
  const evident = evidenceIn(directory);
  const isNamed = ({ recipe }: Group): boolean => named.includes(recipe.name);
  const waits = (group: Group): boolean => group.recipe.onRequest === true && !isNamed(group);
  const strength = (group: Group): number => (isNamed(group) ? 3 : evident(group.recipe) ? 2 : group.recipe.usual ? 1 : 0);
  const order = [...candidates].sort(
    (a, b) =>
      b.claims.length - a.claims.length ||
      Number(a.refusal !== null) - Number(b.refusal !== null) ||
      a.prefix.length - b.prefix.length ||
      strength(b) - strength(a),
  );
  const [chosen, left, claimed]: [Group[], Left[], Set<string>] = [[], [], new Set()];
  const at = byPrefix(order);
  for (const group of order) {
    if (group.claims.some((name) => claimed.has(name))) continue;
    if (waits(group)) {
      left.push({
        ...leftOf(group),
        reason: `may be a ${group.recipe.title}, which its names alone do not show: name the recipe ${group.recipe.name} to merge it`,
        named: [group.recipe.name],
      });
      continue;
    }
    group.claims.forEach((name) => claimed.add(name));
    const rivals = (at.get(group.prefix) ?? []).filter(
      (other) => isRival(other, group) && strength(other) === strength(group) && !waits(other),
    );
    if (rivals.length > 1 && group.refusal === null)
      left.push({ ...leftOf(group), reason: questionOf(rivals), named: rivals.map(({ recipe }) => recipe.name) });
    else chosen.push(group);
  }
  const onRequest = new Set(order.flatMap(({ recipe }) => (recipe.onRequest ? [recipe.name] : [])));
  const isFree = ({ tensors }: Left): boolean => !tensors.some((name) => claimed.has(name));
  return { chosen, left: left.filter((entry) => !onRequest.has(entry.recipe ?? '') || isFree(entry)) };
}

function byPrefix(groups: readonly Group[]): Map<string, Group[]> {
  const found = new Map<string, Group[]>();
  for (const group of groups) {
    const there = found.get(group.prefix);
    if (there) there.push(group);
    else found.set(group.prefix, [group]);
  }
  return found;
}

function isRival(a: Group, b: Group): boolean {
  return a.prefix === b.prefix && a.refusal === null && a.claims.length === b.claims.length && a.claims[0] === b.claims[0];
}

function questionOf(rivals: readonly Group[]): string {
  const names = rivals.map(({ recipe }) => `${recipe.name} (${settingsText(recipe)})`);
  return `several families have these names: ${names.join(', ')}; name the one it is`;
}

function settingsText({ family, settings }: Recipe): string {
  const eps = settings.eps?.default;
  return eps === undefined ? family : `${family}, eps ${eps}`;
}

/** Whether a file holds names that speak for a recipe. */
function evidenceIn(directory: Directory): (recipe: Recipe) => boolean {
  const known = new Map<string, boolean>();
  return ({ name, evidence = [] }) => {
    let found = known.get(name);
    if (found === undefined) {
      const matchers = evidence.map(globMatcher);
      found = [...directory.keys()].some((tensor) => matchers.some((matches) => matches(tensor)));
      known.set(name, found);
    }
    return found;
  };
}

/** The defaults of a recipe's settings that the names of a file speak for. */
function usualIn(directory: Directory): (recipe: Recipe) => Group['usual'] {
  const known = new Map<string, Group['usual']>();
  const isThere = (glob: string): boolean => {
    const matches = globMatcher(glob);
    return [...directory.keys()].some(matches);
  };
  return ({ name: recipe, settings }) => {
    if (known.has(recipe)) return known.get(recipe);
    const found = Object.entries(settings).flatMap(([setting, { where = [] }]) => {
      const first = where.find(({ evidence }) => evidence.some(isThere));
      return first === undefined ? [] : [[setting, { value: first.default, says: first.says }] as const];
    });
    const usual = found.length === 0 ? undefined : new Map(found);
    known.set(recipe, usual);
    return usual;
  };
}

/** Where one group of an all-or-none recipe does not fit, none is merged: the others may only seem to fit. */
function refuseTogether(groups: readonly Group[]): Group[] {
  const misfits = new Map<Recipe, Group>();
  for (const group of groups) if (group.refusal !== null && !misfits.has(group.recipe)) misfits.set(group.recipe, group);
  return groups.map((group) => {
    if (!group.recipe.allOrNone || group.refusal !== null) return group;
    const misfit = misfits.get(group.recipe);
    if (!misfit) return group;
    return { ...group, refusal: `${misfit.prefix} of the same file does not fit (${misfit.refusal}), so this may only seem to` };
  });
}

/** Groups in merged form, by the names of their merged tensors. */
function mergedGroups(recipes: readonly Recipe[], directory: Directory, claimed: ReadonlySet<string>): Group[] {
  const found = new Map<string, Group>();
  for (const recipe of [...recipes].sort((a, b) => Number(b.usual === true) - Number(a.usual === true))) {
    const modules = Object.keys(recipe.merged);
    if (!recipe.mergedShows || modules.length === 0) continue;
    const match = keyMatcher(`${modules[0]}.weight`);
    for (const name of directory.keys()) {
      const prefix = match(name)?.prefix;
      if (prefix === undefined) continue;
      const claims = modules.flatMap((module) => ['weight', 'bias'].map((part) => nameAt(`${module}.${part}`, prefix)));
      const whole = claims.every((claim) => directory.has(claim) && !claimed.has(claim));
      if (!whole || found.has(claims[0])) continue;
      found.set(claims[0], { recipe, prefix, form: 'merged', parts: new Map(), sizes: new Map(), claims, refusal: null });
    }
  }
  return [...found.values()];
}

/** Names that speak of something mergeable; of each kind one tensor, so that a module is listed once. */
const SIGNS = [
  { pattern: /\.?running_var$/, reason: 'a batch norm in no block that is known here: it stays as it is' },
  { pattern: /\.lora_(A|embedding_A)(\..*)?$/, reason: 'a low-rank adapter under names that are not known here: it stays as it is' },
];

/** Batch norms and adapters that belong to no group: they stay as they are, said by name. */
function lonelyNorms(directory: Directory, claimed: ReadonlySet<string>): Left[] {
  return [...directory.keys()].flatMap((name) => {
    const sign = claimed.has(name) ? undefined : SIGNS.find(({ pattern }) => pattern.test(name));
    return sign ? [{ at: name.replace(sign.pattern, ''), recipe: null, reason: sign.reason, tensors: [name] }] : [];
  });
}
