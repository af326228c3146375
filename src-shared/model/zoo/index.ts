// The zoo: every network of the paper by name, its RepMLPNet successor, their yardsticks, and small
// ones of each family that train on a laptop.
import { UserError } from '../../user-error';
import { checkedSpec } from '../schema';
import type { NetworkSpec } from '../spec';
import { cifarEntries } from './cifar';
import { readSettings, type SettingTexts, type ZooEntry } from './entry';
import { faceEntries } from './face';
import { repMlpNetEntries } from './repmlpnet';
import { resNetEntries } from './resnet';
import { segmentationEntries } from './segmentation';

export type { Setting, SettingTexts, ZooEntry } from './entry';

export const zoo: readonly ZooEntry[] = [...cifarEntries, ...resNetEntries, ...repMlpNetEntries, ...faceEntries, ...segmentationEntries];

/** The entry of that name. Throws UserError with the nearest names. */
export function zooEntry(name: string): ZooEntry {
  const entry = zoo.find((candidate) => candidate.name === name);
  if (!entry)
    throw new UserError(
      `there is no model called "${name}": did you mean ${nearestNames(name).join(' or ')}? (all: ${zoo.map((e) => e.name).join(', ')})`,
    );
  return entry;
}

/** Builds a zoo model, train form. Throws UserError for an unknown name or key and for impossible settings. */
export function buildModel(name: string, settings: SettingTexts = {}): NetworkSpec {
  const entry = zooEntry(name);
  const network = entry.build(readSettings(entry, settings));
  return checkedSpec({ format: 'repmlp-network', version: 1, name, task: entry.task, form: 'train', ...network });
}

function nearestNames(name: string): string[] {
  return zoo
    .map((entry) => ({ name: entry.name, distance: editDistance(name, entry.name) }))
    .sort((a, b) => a.distance - b.distance)
    .slice(0, 2)
    .map((candidate) => candidate.name);
}

/** Levenshtein distance. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) next.push(Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1)));
    row = next;
  }
  return row[b.length];
}
