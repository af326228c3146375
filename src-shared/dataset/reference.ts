// What people write for a data set: `shapes`, `shapes:train=2000,validation=500,seed=3`, a folder, or a
// folder with its layout named before it: `cifar10:/data/cifar`.
import { LARGEST_SEED, type Seed, seed } from '../tensor/random';
import { UserError } from '../base/user-error';
import type { DatasetReference, EmbeddedName } from './dataset';
import { EMBEDDED_NAMES } from './reference-schema';

/** The six sets of EMNIST, which lie together in one folder. */
export const EMNIST_LAYOUTS = [
  'emnist-byclass',
  'emnist-bymerge',
  'emnist-balanced',
  'emnist-letters',
  'emnist-digits',
  'emnist-mnist',
] as const;
export type EmnistLayout = (typeof EMNIST_LAYOUTS)[number];

/** Folder layouts the loaders know. */
export const LAYOUTS = ['cifar10', 'cifar100', 'idx', ...EMNIST_LAYOUTS, 'tiny-imagenet', 'folders', 'identities', 'cityscapes'] as const;
export type Layout = (typeof LAYOUTS)[number];

const DEFAULT_SEED = seed(1);

/** Reads a data set's text form. Throws UserError for an embedded name with options it does not have. */
export function parseDatasetReference(text: string): DatasetReference {
  const at = text.indexOf(':');
  const head = at < 0 ? text : text.slice(0, at);
  const rest = at < 0 ? '' : text.slice(at + 1);
  const name = EMBEDDED_NAMES.find((known) => known === head);
  if (name) return embeddedReference(name, rest);
  const layout = LAYOUTS.find((known) => known === head);
  if (layout && rest !== '') return { kind: 'folder', path: rest, layout };
  if (text.trim() === '') throw new UserError(`a data set is one of ${EMBEDDED_NAMES.join(', ')}, or a folder; got an empty text`);
  return { kind: 'folder', path: text };
}

function embeddedReference(name: EmbeddedName, options: string): DatasetReference {
  const values = new Map<string, number>();
  for (const option of options.split(',').filter((part) => part !== '')) {
    const [key, value] = option.split('=');
    if (!['train', 'validation', 'seed'].includes(key) || !/^\d+$/.test(value ?? ''))
      throw new UserError(`'${option}' is no option of ${name}: expected train=N, validation=N or seed=N, separated by commas`);
    values.set(key, Number(value));
  }
  const counts = { trainCount: values.get('train'), validationCount: values.get('validation') };
  const given = Object.fromEntries(Object.entries(counts).filter(([, count]) => count !== undefined));
  return { kind: 'embedded', name, seed: seedOf(values.get('seed')), ...given };
}

function seedOf(value: number | undefined): Seed {
  if (value === undefined) return DEFAULT_SEED;
  if (value > LARGEST_SEED) throw new UserError(`the seed of embedded data is a whole number of at most ${LARGEST_SEED}; got ${value}`);
  return seed(value);
}

/** The shortest text that `parseDatasetReference` reads back as this reference. */
export function datasetReferenceText(reference: DatasetReference): string {
  if (reference.kind === 'folder') return reference.layout ? `${reference.layout}:${reference.path}` : reference.path;
  const { trainCount, validationCount } = reference;
  const options = [
    trainCount === undefined ? '' : `train=${trainCount}`,
    validationCount === undefined ? '' : `validation=${validationCount}`,
    reference.seed === DEFAULT_SEED ? '' : `seed=${reference.seed}`,
  ].filter((option) => option !== '');
  return options.length === 0 ? reference.name : `${reference.name}:${options.join(',')}`;
}
