// What a zoo entry is, and how `--set KEY=VALUE` texts become its hyper-parameters.
import { suggestionText } from '../../base/nearest-name';
import { messageOf } from '../../base/message-of';
import { UserError } from '../../base/user-error';
import type { NetworkSpec, Task } from '../spec';

/** Raw settings as typed by a user: key -> text. */
export type SettingTexts = Readonly<Record<string, string>>;

/** One hyper-parameter of a zoo entry. Lists are written with commas: `2,4`; an empty list as `none`. */
export interface Setting {
  readonly key: string;
  readonly what: string;
  readonly default: string;
  readonly type: 'integer' | 'integers' | 'names' | 'flag';
}

/** Settings after reading: typed access by key. */
export interface Settings {
  integer(key: string): number;
  integers(key: string): number[];
  names(key: string): string[];
  flag(key: string): boolean;
}

export interface ZooEntry {
  readonly name: string;
  readonly title: string;
  readonly task: Task;
  readonly description: string;
  /** Trains on a laptop without a GPU in minutes. */
  readonly small: boolean;
  readonly settings: readonly Setting[];
  readonly build: (settings: Settings) => Omit<NetworkSpec, 'format' | 'version' | 'name' | 'task' | 'form'>;
}

export function integer(key: string, value: number, what: string): Setting {
  return { key, what, default: String(value), type: 'integer' };
}

export function integers(key: string, values: readonly number[], what: string): Setting {
  return { key, what, default: values.length === 0 ? 'none' : values.join(','), type: 'integers' };
}

/** Reads texts against an entry's settings. Throws UserError naming the key, its meaning and an example. */
export function readSettings(entry: ZooEntry, texts: SettingTexts): Settings {
  const unknown = Object.keys(texts).find((key) => !entry.settings.some((setting) => setting.key === key));
  if (unknown !== undefined) {
    const known = entry.settings.map((setting) => setting.key);
    throw new UserError(`model ${entry.name} has no setting ${unknown}: ${suggestionText(unknown, known)}`);
  }
  const textOf = (key: string): string => {
    const setting = entry.settings.find((candidate) => candidate.key === key);
    if (!setting) throw new Error(`zoo entry ${entry.name} reads an undeclared setting ${key}`);
    return (texts[key] ?? setting.default).trim();
  };
  return {
    integer: (key) => positiveInteger(entry, key, textOf(key)),
    integers: (key) => listOf(textOf(key)).map((text) => positiveInteger(entry, key, text)),
    names: (key) => listOf(textOf(key)),
    flag: (key) => flagOf(entry, key, textOf(key)),
  };
}

/** Why a text cannot be this setting of an entry, whatever the others are; null where it can. */
export function settingProblem(entry: ZooEntry, { key, type }: Setting, text: string): string | null {
  const settings = readSettings(entry, { [key]: text });
  const read = { integer: settings.integer, integers: settings.integers, names: settings.names, flag: settings.flag }[type];
  try {
    read(key);
    return null;
  } catch (error) {
    return messageOf(error);
  }
}

function listOf(text: string): string[] {
  return text === '' || text === 'none' ? [] : text.split(',').map((part) => part.trim());
}

function positiveInteger(entry: ZooEntry, key: string, text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value > 0) return value;
  const setting = entry.settings.find((candidate) => candidate.key === key);
  throw new UserError(
    `model ${entry.name}: setting ${key} (${setting?.what}) must be made of positive integers, for example ${key}=${setting?.default}; got "${text}"`,
  );
}

function flagOf(entry: ZooEntry, key: string, text: string): boolean {
  if (text === 'true' || text === 'false') return text === 'true';
  throw new UserError(`model ${entry.name}: setting ${key} must be true or false, got "${text}"`);
}
