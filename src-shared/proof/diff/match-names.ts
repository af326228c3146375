// Which tensor of one file is which of the other: by name, past a prefix that one of them carries, and past renames by values or by
// place. Invariant: every tensor is matched at most once, only with one of its shape, and what is matched by anything but its name is said.
import { sameShape, type TensorInfo } from '../../tensor/tensor';
import type { DiffNames, Renamed } from './report';

/** A pair of names, A's and B's. */
export type NamePair = readonly [a: string, b: string];

export interface MatchedNames {
  readonly pairs: readonly NamePair[];
  readonly names: DiffNames;
}

/** A text that is equal for tensors of the same values; read only for those whose names do not tell. */
export type ValuesKey = (name: string) => Promise<string>;

/** Matches the directories of two files. */
export async function matchNames(
  a: readonly TensorInfo[],
  b: readonly TensorInfo[],
  keys: { readonly a: ValuesKey; readonly b: ValuesKey },
): Promise<MatchedNames> {
  const prefixes = prefixesOf(a, b);
  const inB = new Map(b.map((info) => [info.name, info]));
  const named = a.flatMap(({ name, shape }) => {
    const other = inB.get(otherName(name, prefixes));
    return other === undefined ? [] : [{ a: name, b: other.name, same: sameShape(shape, other.shape), shapes: [shape, other.shape] }];
  });
  const [usedA, usedB] = [new Set(named.map((one) => one.a)), new Set(named.map((one) => one.b))];
  const [restA, restB] = [a.filter(({ name }) => !usedA.has(name)), b.filter(({ name }) => !usedB.has(name))];
  const renamed = await renamesOf(restA, restB, keys);
  renamed.forEach((one) => [usedA.add(one.a), usedB.add(one.b)]);
  const matched = named.filter(({ same }) => same);
  return {
    pairs: [...matched.map((one): NamePair => [one.a, one.b]), ...renamed.map((one): NamePair => [one.a, one.b])],
    names: {
      matched: matched.length + renamed.length,
      prefixes,
      renamed: [...matched.flatMap((one): Renamed[] => (one.a === one.b ? [] : [{ a: one.a, b: one.b, how: 'prefix' }])), ...renamed],
      onlyA: a.flatMap(({ name }) => (usedA.has(name) ? [] : [name])),
      onlyB: b.flatMap(({ name }) => (usedB.has(name) ? [] : [name])),
      otherShape: named.flatMap((one) => (one.same ? [] : [{ name: one.a, a: [...one.shapes[0]], b: [...one.shapes[1]] }])),
    },
  };
}

interface Prefixes {
  readonly a: string;
  readonly b: string;
}

function otherName(name: string, { a, b }: Prefixes): string {
  return name.startsWith(a) ? b + name.slice(a.length) : name;
}

/** The prefixes under which most names are the same with the same shape; none where the names as they are do as well. */
function prefixesOf(a: readonly TensorInfo[], b: readonly TensorInfo[]): Prefixes {
  const inB = new Map(b.map((info) => [info.name, info]));
  const score = (prefixes: Prefixes): number =>
    a.filter(({ name, shape }) => {
      const other = name.startsWith(prefixes.a) ? inB.get(otherName(name, prefixes)) : undefined;
      return other !== undefined && sameShape(shape, other.shape);
    }).length;
  const plain = { a: '', b: '' };
  if (score(plain) === a.length) return plain;
  return candidatePrefixes(a, b).reduce(
    (best, prefixes) => {
      const found = score(prefixes);
      return found > best.found ? { prefixes, found } : best;
    },
    { prefixes: plain, found: score(plain) },
  ).prefixes;
}

/** Prefixes that make the first names of one file end as names of the other do. */
function candidatePrefixes(a: readonly TensorInfo[], b: readonly TensorInfo[]): Prefixes[] {
  const found = new Map<string, Prefixes>();
  const keep = (prefixes: Prefixes): void => void found.set(`${prefixes.a} ${prefixes.b}`, prefixes);
  for (const { name } of a.slice(0, TRIED))
    for (const { name: other } of b) {
      const common = commonEnd(name, other);
      if (common > 0 && name !== other) keep({ a: name.slice(0, name.length - common), b: other.slice(0, other.length - common) });
    }
  return [...found.values()];
}

/** Names of A whose counterparts are looked for: a prefix that none of them shows is none of the file's. */
const TRIED = 3;

/** Length of the longest common end that starts behind a dot, or at the beginning, of both. */
function commonEnd(a: string, b: string): number {
  const [x, y] = [a.split('.'), b.split('.')];
  let parts = 0;
  while (parts < Math.min(x.length, y.length) && x[x.length - 1 - parts] === y[y.length - 1 - parts]) parts++;
  return parts === 0 ? 0 : x.slice(x.length - parts).join('.').length;
}

/** Names that differ: first by the same values, then by place where what is left has the same shapes in the same order. */
async function renamesOf(
  a: readonly TensorInfo[],
  b: readonly TensorInfo[],
  keys: { readonly a: ValuesKey; readonly b: ValuesKey },
): Promise<Renamed[]> {
  if (a.length === 0 || b.length === 0) return [];
  const byValues = await sameValues(a, b, keys);
  const [restA, restB] = [
    a.filter(({ name }) => !byValues.some((one) => one.a === name)),
    b.filter(({ name }) => !byValues.some((one) => one.b === name)),
  ];
  const inOrder = restA.length === restB.length && restA.every(({ shape }, at) => sameShape(shape, restB[at].shape));
  return [...byValues, ...(inOrder ? restA.map((one, at): Renamed => ({ a: one.name, b: restB[at].name, how: 'place' })) : [])];
}

/** Those whose values are found once in each file: all-zero biases, of which there are many, tell nothing. */
async function sameValues(
  a: readonly TensorInfo[],
  b: readonly TensorInfo[],
  keys: { readonly a: ValuesKey; readonly b: ValuesKey },
): Promise<Renamed[]> {
  const [inA, inB] = [await namesByKey(a, keys.a), await namesByKey(b, keys.b)];
  return [...inA].flatMap(([key, names]) => {
    const others = inB.get(key) ?? [];
    return names.length === 1 && others.length === 1 ? [{ a: names[0], b: others[0], how: 'values' as const }] : [];
  });
}

async function namesByKey(infos: readonly TensorInfo[], keyOf: ValuesKey): Promise<Map<string, string[]>> {
  const found = new Map<string, string[]>();
  for (const { name, shape } of infos) {
    const key = `${shape.join('x')} ${await keyOf(name)}`;
    found.set(key, [...(found.get(key) ?? []), name]);
  }
  return found;
}
