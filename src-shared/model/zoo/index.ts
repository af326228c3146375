// The zoo: every network of the paper by name, its RepMLPNet successor, their yardsticks, and small
// ones of each family that train on a laptop.
import { nearestNames } from '../../base/nearest-name';
import { UserError } from '../../base/user-error';
import { checkedSpec } from '../schema';
import type { NetworkSpec } from '../spec';
import { cifarEntries } from './cifar';
import { readSettings, type SettingTexts, type ZooEntry } from './entry';
import { faceEntries } from './face';
import { repMlpNetEntries } from './repmlpnet';
import { resNetEntries } from './resnet';
import { segmentationEntries } from './segmentation';

export { settingProblem, type Setting, type SettingTexts, type ZooEntry } from './entry';

export const zoo: readonly ZooEntry[] = [...cifarEntries, ...resNetEntries, ...repMlpNetEntries, ...faceEntries, ...segmentationEntries];

/** The entry of that name. Throws UserError with the nearest names. */
export function zooEntry(name: string): ZooEntry {
  const entry = zoo.find((candidate) => candidate.name === name);
  const names = zoo.map((candidate) => candidate.name);
  if (!entry)
    throw new UserError(
      `there is no model called "${name}": did you mean ${nearestNames(name, names, 2).join(' or ')}? (all: ${names.join(', ')})`,
    );
  return entry;
}

/** Builds a zoo model, train form. Throws UserError for an unknown name or key and for impossible settings. */
export function buildModel(name: string, settings: SettingTexts = {}): NetworkSpec {
  const entry = zooEntry(name);
  const network = entry.build(readSettings(entry, settings));
  return checkedSpec({ format: 'repmlp-network', version: 1, name, task: entry.task, form: 'train', ...network });
}
