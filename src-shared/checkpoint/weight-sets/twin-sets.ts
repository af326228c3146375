// Two sets of weights in one list of names: `model.X` and `ema.X` for every X, or X and `ema_X` with its dots
// written as underscores, as some training frameworks keep averaged weights. The averaged set gets the names of
// the other one, so that it is read as the same network.
import { isCounter, isTrainingOnly } from '../beside-network';
import type { FoundSet, SetContent, SettingsOfModules } from '../checkpoint-file';
import { isAveraged } from './averaged';

/** What batch norms count and averaging often leaves out. */
const STATISTICS = /(^|\.)(running_mean|running_var|num_batches_tracked)$/;

/** The set, or the sets it consists of: the trained one first. */
export function setsWithTwins(set: FoundSet): FoundSet[] {
  const groups = grouped(set.tensorNames);
  for (const [averaged, names] of groups) {
    if (!isAveraged(averaged)) continue;
    const others = set.tensorNames.filter((name) => groupOf(name) !== averaged && !isBeside(name));
    const twins: [string, readonly string[]][] = [['', others], ...[...groups].filter(([group]) => group !== averaged)];
    for (const [group, originals] of twins) {
      const renamed = pairedNames(
        names.filter((name) => !isCounter(name)),
        averaged,
        originals.filter((name) => !isCounter(name)),
        group,
      );
      if (renamed) return twinSets(set, { group, originals, averaged, renamed });
    }
  }
  return [set];
}

interface Twins {
  /** What the trained weights begin with: '' where they have no common beginning. */
  readonly group: string;
  readonly originals: readonly string[];
  readonly averaged: string;
  /** Averaged name -> the name of what it is an average of; statistics that are not averaged belong to both sets. */
  readonly renamed: ReadonlyMap<string, string>;
}

function twinSets(set: FoundSet, { group, originals, averaged, renamed }: Twins): FoundSet[] {
  const named = (key: string): string => [set.name, key].filter((part) => part !== '').join('.');
  const beside = set.tensorNames.filter(isBeside).map((name): [string, string] => [name, name]);
  const same = new Map([...originals.map((name): [string, string] => [name, name]), ...beside]);
  const trained: FoundSet = {
    name: named(group),
    tensorNames: originals,
    content: () => subset(set.content(), originals, same, (path) => path),
  };
  const fromAveraged = (path: string): string | null => {
    if (path !== averaged && !path.startsWith(`${averaged}.`)) return null;
    return [group, path.slice(averaged.length + 1)].filter((part) => part !== '').join('.');
  };
  const average: FoundSet = {
    name: named(averaged.replace(/_$/, '')),
    tensorNames: [...renamed.values()],
    content: () => subset(set.content(), originals, new Map([...renamed, ...beside]), fromAveraged),
  };
  const isWhole = set.tensorNames.every((name) => renamed.has(name) || same.has(name));
  return isWhole ? [trained, average] : [set, trained, average];
}

/** The tensors that get a name, in the order of the originals, and the settings that get a path. */
function subset(
  content: SetContent,
  originals: readonly string[],
  names: ReadonlyMap<string, string>,
  pathOf: (path: string) => string | null,
): SetContent {
  const settings: SettingsOfModules = new Map(
    [...content.settings].flatMap(([path, values]) => {
      const renamed = pathOf(path);
      return renamed === null ? [] : [[renamed, values] as const];
    }),
  );
  const tensors = content.tensors.flatMap((tensor) => {
    const name = names.get(tensor.name);
    return name === undefined ? [] : [{ ...tensor, name }];
  });
  const places = new Map(originals.map((name, index) => [name, index]));
  tensors.sort((a, b) => (places.get(a.name) ?? 0) - (places.get(b.name) ?? 0));
  return { tensors, unread: content.unread, settings };
}

function grouped(names: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const groups = new Map<string, string[]>();
  for (const name of names) {
    const group = groups.get(groupOf(name));
    if (group) group.push(name);
    else groups.set(groupOf(name), [name]);
  }
  return groups;
}

/** `ema_` for names without dots that begin so, else what stands before the first dot. */
function groupOf(name: string): string {
  const flat = /^(ema_)[^.]+$/.exec(name)?.[1];
  return flat ?? name.split('.', 1)[0];
}

/** What belongs to neither set alone; it is set aside later on. */
function isBeside(name: string): boolean {
  return isCounter(name) || isTrainingOnly(groupOf(name));
}

/** Averaged names with the originals they belong to; null unless each belongs to another one, and all but statistics have one. */
function pairedNames(
  averagedNames: readonly string[],
  averaged: string,
  originals: readonly string[],
  group: string,
): Map<string, string> | null {
  const bare = (name: string): string => name.replace(/^(module|_orig_mod)\./, '').replace(/[._]/g, '');
  const withoutGroup = (name: string): string => (group === '' ? name : name.slice(group.length + 1));
  const byBareName = new Map(originals.map((name) => [bare(withoutGroup(name)), name]));
  const pairs = averagedNames.map((name) => [name, byBareName.get(bare(name.slice(averaged.length).replace(/^\./, '')))] as const);
  const paired = pairs.filter((pair): pair is readonly [string, string] => pair[1] !== undefined);
  const averages = new Set(paired.map(([, name]) => name));
  const shared = originals.filter((name) => !averages.has(name));
  const isWhole = paired.length === averagedNames.length && shared.every((name) => STATISTICS.test(name));
  const isUnique = byBareName.size === originals.length && averages.size === paired.length;
  return isWhole && isUnique ? new Map([...paired, ...shared.map((name) => [name, name] as const)]) : null;
}
