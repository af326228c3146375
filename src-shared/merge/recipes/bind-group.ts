// One recipe laid over the tensors below one prefix: which tensor is which part, the sizes their shapes tell, and what
// stands against a merge. Invariant: a group without refusal accounts for every tensor it owns.
import { largestOf } from '../../base/extremes';
import { isFloating } from '../../tensor/convert';
import { namesBelow } from '../../tensor/names-below';
import { shapeText, type TensorInfo } from '../../tensor/tensor';
import { valueOf } from './formula';
import { fixedStart, globMatcher, globStart, indexNames, indexText, keyMatcher, nameAt, type Indexes } from './key-pattern';
import type { Part, Recipe } from './schema';

/** The tensors that one part (at one set of indexes) is. */
export interface BoundPart {
  readonly indexes: Indexes;
  /** Names of the tensors by role: weight, bias, mean, variance, count or tensor. */
  readonly names: Readonly<Record<string, string>>;
}

/** A group of tensors that one recipe reads. */
export interface Group {
  readonly recipe: Recipe;
  readonly prefix: string;
  /** `train`: mergeable form; `merged`: merged already; `both`: merged, and the branches are still in the file. */
  readonly form: 'train' | 'merged' | 'both';
  readonly parts: ReadonlyMap<string, readonly BoundPart[]>;
  /** Sizes that the shapes tell, by name. */
  readonly sizes: ReadonlyMap<string, number>;
  /** All tensors that the merge takes away or replaces, in the file's order. */
  readonly claims: readonly string[];
  /** Defaults of settings that names elsewhere in the file speak for, by setting. */
  readonly usual?: ReadonlyMap<string, { readonly value: number; readonly says: string }>;
  /** Why it cannot be merged; null where nothing that names and shapes show stands against it. */
  readonly refusal: string | null;
}

/** The tensors of a file by name, in order. */
export type Directory = ReadonlyMap<string, TensorInfo>;

/** The group of `recipe` below `prefix`; null where the tensors are not of its kind at all. */
export function bindGroup(recipe: Recipe, prefix: string, directory: Directory): Group | null {
  if (recipe.prefix !== undefined && !globMatcher(recipe.prefix)(prefix)) return null;
  const binding = new Binding(recipe, prefix, directory);
  for (const [name, part] of Object.entries(recipe.parts)) if (!binding.bind(name, part)) return null;
  return binding.group();
}

/** Keys under which a part's first tensor may stand: what a search for groups starts from. */
export function anchorKeys(part: Part): string[] {
  if (part.kind === 'tensor') return [part.key];
  return part.kind === 'layer' ? [below(part.at, 'weight')] : [below(part.at, 'weight'), below(part.at, 'running_mean')];
}

function below(at: string, suffix: string): string {
  return at === '' ? suffix : `${at}.${suffix}`;
}

/** Names that the tensors of a group's merged form have: weight and bias of each module. */
export function mergedNames({ recipe, prefix }: Pick<Group, 'recipe' | 'prefix'>): string[] {
  return Object.keys(recipe.merged).flatMap((module) => ['weight', 'bias'].map((part) => nameAt(below(module, part), prefix)));
}

class Binding {
  private readonly parts = new Map<string, readonly BoundPart[]>();
  private readonly sizes = new Map<string, number>();
  private readonly claims = new Set<string>();
  private reason: string | null;

  constructor(
    readonly recipe: Recipe,
    readonly prefix: string,
    private readonly directory: Directory,
  ) {
    this.reason = recipe.refuses ?? null;
  }

  /** Finds the tensors of one part. False where the group is not of this recipe's kind. */
  bind(name: string, part: Part): boolean {
    const bound = this.indexesOf(part).map((indexes) => ({ indexes, names: this.namesOf(part, indexes) }));
    const present = bound.filter(({ names }) => names !== null);
    this.parts.set(
      name,
      present.map(({ indexes, names }) => ({ indexes, names: names ?? {} })),
    );
    present.forEach(({ names }) => Object.values(names ?? {}).forEach((tensor) => this.claims.add(tensor)));
    if (present.length === 0) return this.missing(part);
    this.expectCounting(name, present);
    return present.every(({ indexes, names }) => this.fits(part, indexes, names ?? {}));
  }

  /** What the whole group is, once all parts are bound. */
  group(): Group {
    this.expectSameIndexes();
    const merged = mergedNames(this);
    const standing = merged.filter((name) => this.directory.has(name) && !this.claims.has(name));
    const form = merged.length > 0 && merged.every((name) => standing.includes(name)) ? 'both' : 'train';
    const strangers = this.strangers().filter((name) => form === 'train' || !merged.includes(name));
    if (strangers.length > 0)
      this.refuse(
        `${strangers.length === 1 ? 'a tensor' : `${strangers.length} tensors`} this family does not know: ${strangers.slice(0, 3).join(', ')}`,
      );
    for (const { when, reason } of this.recipe.refuseWhen ?? []) if (valueOf(when, this.sizes) !== 0) this.refuse(reason);
    if (form === 'train' && standing.length > 0) this.refuse(`the merged form would overwrite ${standing[0]}`);
    const claims = inOrderOf(this.directory, this.claims);
    const { recipe, prefix, parts, sizes } = this;
    return { recipe, prefix, form, parts, sizes, claims, refusal: this.reason };
  }

  private refuse(reason: string): void {
    this.reason ??= reason;
  }

  /** The index sets at which a part stands: one empty set where its key has no indexes. */
  private indexesOf(part: Part): Indexes[] {
    const [key] = anchorKeys(part);
    if (indexNames(key).length === 0) return [{}];
    const found = new Map<string, Indexes>();
    for (const anchor of anchorKeys(part)) {
      const match = keyMatcher(anchor);
      for (const name of namesBelow(this.directory).below(fixedStart(anchor, this.prefix))) {
        const hit = match(name);
        if (hit?.prefix === this.prefix) found.set(indexText(hit.indexes), hit.indexes);
      }
    }
    return [...found.values()];
  }

  private namesOf(part: Part, indexes: Indexes): Record<string, string> | null {
    const at = (key: string): string => nameAt(key, this.prefix, indexes);
    const has = (key: string): boolean => this.directory.has(at(key));
    const named = (roles: Readonly<Record<string, string>>): Record<string, string> =>
      Object.fromEntries(Object.entries(roles).flatMap(([role, key]) => (has(key) ? [[role, at(key)]] : [])));
    if (part.kind === 'tensor') return has(part.key) ? { tensor: at(part.key) } : null;
    const key = (suffix: string): string => below(part.at, suffix);
    if (part.kind === 'layer') {
      if (!has(key('weight')) || (part.bias === 'required' && !has(key('bias')))) return null;
      return named(part.bias === 'none' ? { weight: key('weight') } : { weight: key('weight'), bias: key('bias') });
    }
    const roles = { weight: 'weight', bias: 'bias', mean: 'running_mean', variance: 'running_var', count: 'num_batches_tracked' };
    const found = named(Object.fromEntries(Object.entries(roles).map(([role, suffix]) => [role, key(suffix)])));
    return Object.keys(found).length === 0 ? null : found;
  }

  /** A part that is not there: fine where optional, a refusal where its absence tells something, else another kind of group. */
  private missing(part: Part): boolean {
    if (part.optional) return true;
    if (part.ifMissing !== undefined) this.refuse(part.ifMissing);
    else if (part.kind === 'norm') this.refuse(`the batch norm ${nameAt(part.at, this.prefix)} is missing`);
    else return false;
    return true;
  }

  private fits(part: Part, indexes: Indexes, names: Readonly<Record<string, string>>): boolean {
    if (part.kind === 'norm') {
      this.expectStatistics(nameAt(part.at, this.prefix, indexes), names);
      for (const role of ['weight', 'bias', 'mean', 'variance']) if (names[role]) this.size(names[role], [part.channels], indexes);
      return true;
    }
    const name = names.weight ?? names.tensor;
    if (part.shape.length !== this.directory.get(name)?.shape.length) return false;
    if (!isFloating(this.directory.get(name)?.dtype ?? 'int64'))
      this.refuse(`${name} holds ${this.directory.get(name)?.dtype}: only floating tensors are merged`);
    const first = this.sizes.size === 0;
    const fitting = this.size(name, part.shape, indexes);
    if (names.bias) this.size(names.bias, [part.kind === 'layer' && part.biasSize !== undefined ? part.biasSize : part.shape[0]], indexes);
    return fitting || !first;
  }

  private expectStatistics(at: string, names: Readonly<Record<string, string>>): void {
    if (!names.mean || !names.variance) this.refuse(`no running statistics: the merge needs ${at}.running_mean and ${at}.running_var`);
    if (Boolean(names.weight) !== Boolean(names.bias))
      this.refuse(`${at} has ${names.weight ? 'a weight and no bias' : 'a bias and no weight'}: half of an affine batch norm`);
  }

  /** Takes sizes from a tensor's shape; false, with a refusal, where one is known to be another. */
  private size(name: string, wanted: readonly (number | string)[], indexes: Indexes): boolean {
    const shape = this.directory.get(name)?.shape ?? [];
    const expected = wanted.map((size) => (typeof size === 'number' ? size : (indexes[size] ?? this.sizes.get(size))));
    if (shape.length !== wanted.length || expected.some((size, axis) => size !== undefined && size !== shape[axis])) {
      const text = wanted.map((size, axis) => expected[axis] ?? size).join('x');
      this.refuse(`${name} has shape ${shapeText(shape)}; expected ${text}`);
      return false;
    }
    wanted.forEach((size, axis) => typeof size === 'string' && indexes[size] === undefined && this.sizes.set(size, shape[axis]));
    return true;
  }

  /** An index called i counts: a gap is a branch that is missing. */
  private expectCounting(name: string, bound: readonly { indexes: Indexes }[]): void {
    const counted = bound.map(({ indexes }) => indexes.i).filter((i) => i !== undefined);
    const gap =
      counted.length > 0 ? Array.from({ length: largestOf(counted) + 1 }, (_, i) => i).find((i) => !counted.includes(i)) : undefined;
    if (gap !== undefined) this.refuse(`${name} number ${gap} is missing: there are numbers up to ${largestOf(counted)}`);
  }

  /** Parts with the same indexes stand at the same ones: a layer without its norm is a branch half there. */
  private expectSameIndexes(): void {
    const sets = new Map<string, { name: string; texts: Set<string> }>();
    for (const [name, part] of Object.entries(this.recipe.parts)) {
      const names = indexNames(anchorKeys(part)[0]).sort().join();
      if (names === '') continue;
      const texts = new Set((this.parts.get(name) ?? []).map(({ indexes }) => indexText(indexes)));
      const other = sets.get(names);
      const odd = other && [...texts, ...other.texts].find((text) => texts.has(text) !== other.texts.has(text));
      if (other && odd !== undefined) this.refuse(`${texts.has(odd) ? other.name : name} is missing at ${odd}`);
      sets.set(names, { name, texts });
    }
  }

  /** Tensors that the group owns and that are neither parts nor kept. */
  private strangers(): string[] {
    const inside = this.prefix === '' ? '' : `${this.prefix}.`;
    const keeps = (this.recipe.keeps ?? []).map((glob) => globMatcher(nameAt(glob, this.prefix)));
    const owned = this.recipe.owns?.map((glob) => nameAt(glob, this.prefix)).map((glob) => ({ start: globStart(glob), glob }));
    const own = new Set(
      owned?.flatMap(({ start, glob }) => namesBelow(this.directory).below(start).filter(globMatcher(glob))) ??
        namesBelow(this.directory).below(inside),
    );
    const strange = [...own].filter((name) => !this.claims.has(name) && !keeps.some((matches) => matches(name)));
    return inOrderOf(this.directory, strange);
  }
}

/** Where each name of a directory stands; made once for each directory that is asked. */
const places = new WeakMap<Directory, ReadonlyMap<string, number>>();

/** Some of its names in the order of a directory. */
function inOrderOf(directory: Directory, names: Iterable<string>): string[] {
  const order = places.get(directory) ?? new Map([...directory.keys()].map((name, index) => [name, index]));
  places.set(directory, order);
  const place = (name: string): number => order.get(name) ?? 0;
  return [...names].sort((a, b) => place(a) - place(b));
}
