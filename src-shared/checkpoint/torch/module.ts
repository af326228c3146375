// A pickled torch.nn.Module, read as data: its tensors under the names state_dict() gives them, and the plain
// settings (eps, kernel_size, h, w, ...) of every module inside it.
import type { ModuleSettings } from '../checkpoint-file';
import { attributesOf, dictIn, GlobalName, itemsIn, type PickleDict, PickleObject, type PickleValue } from '../pickle/values';
import { quoted, refuse } from '../refuse';
import { numberIn } from './pickled-array';

const DEEPEST_MODULE = 64;
/** A module used twice appears under both names, so the modules' graph may be walked more than once, within bounds. */
const MOST_MODULES = 100_000;
/** Settings kept of one module, and of all modules of a file. */
const MOST_SETTINGS = 64;
const MOST_SETTINGS_OF_ALL = 200_000;
const LONGEST_TEXT = 200;
const LONGEST_LIST = 16;

/** What a pickled module holds. */
export interface ModuleContent {
  readonly entries: Map<string, PickleValue>;
  readonly settings: Map<string, ModuleSettings>;
}

/** An object whose state has parameters and modules, by whatever kinds of dict. */
export function isModule(value: PickleValue): value is PickleObject {
  if (!(value instanceof PickleObject)) return false;
  const state = attributesOf(value);
  return dictIn(state?.get('_parameters')) !== undefined && dictIn(state?.get('_modules')) !== undefined;
}

/** Tensors and settings of a module and those inside it. Throws UserError if it holds itself. */
export function contentOf(module: PickleObject): ModuleContent {
  const content = { entries: new Map<string, PickleValue>(), settings: new Map<string, ModuleSettings>() };
  collect(module, '', content, DEEPEST_MODULE, { modules: MOST_MODULES, settings: MOST_SETTINGS_OF_ALL });
  return content;
}

/** Names as state_dict() gives them: own parameters, own buffers, then the children's. */
function collect(
  module: PickleObject,
  prefix: string,
  content: ModuleContent,
  depth: number,
  budget: { modules: number; settings: number },
): void {
  const state = attributesOf(module) as PickleDict;
  const passing = new Set(itemsIn(state.get('_non_persistent_buffers_set')));
  for (const part of ['_parameters', '_buffers']) {
    for (const [key, entry] of dictIn(state.get(part))?.entries ?? []) {
      // None: a convolution without bias has the name, and state_dict() leaves it out.
      if (entry !== null && !passing.has(key)) setOnce(content.entries, `${prefix}${String(key)}`, entry);
    }
  }
  if (depth === 0 || --budget.modules < 0) refuse('nests more modules than a network has');
  content.settings.set(prefix.replace(/\.$/, ''), settingsOf(module, state, budget));
  for (const [key, child] of dictIn(state.get('_modules'))?.entries ?? []) {
    if (isModule(child)) collect(child, `${prefix}${String(key)}.`, content, depth - 1, budget);
  }
}

/** One name of a parameter and a buffer, or with a dot of another module's, hides one of the two. */
function setOnce(entries: Map<string, PickleValue>, name: string, value: PickleValue): void {
  if (entries.has(name)) refuse(`is damaged: its modules hold two tensors named ${quoted(name)}`);
  entries.set(name, value);
}

function settingsOf(module: PickleObject, state: PickleDict, budget: { settings: number }): ModuleSettings {
  const values: [string, Setting][] = [];
  for (const [key, value] of state.entries) {
    if (typeof key !== 'string' || key.startsWith('_') || key.length > LONGEST_TEXT) continue;
    const setting = settingIn(value);
    if (setting === undefined) continue;
    if (values.length >= MOST_SETTINGS || --budget.settings < 0) break;
    values.push([key, setting]);
  }
  return { className: module.className, values: Object.fromEntries(values) };
}

type Setting = ModuleSettings['values'][string];

function settingIn(value: PickleValue): Setting | undefined {
  const plain = plainIn(value);
  if (plain !== undefined) return plain;
  if (value instanceof GlobalName) return value.path;
  const items = itemsIn(value);
  if (!items || items.length > LONGEST_LIST) return undefined;
  const numbers = items.map(plainIn);
  return numbers.every((item) => typeof item === 'number') ? numbers : undefined;
}

function plainIn(value: PickleValue): number | boolean | string | undefined {
  if (typeof value === 'number' || typeof value === 'boolean') return value;
  if (typeof value === 'string') return value.length <= LONGEST_TEXT ? value : undefined;
  const number = numberIn(value);
  return typeof number === 'bigint' ? Number(number) : number;
}
