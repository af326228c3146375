// Every set of weights in what a checkpoint pickles: at the root, under `model`, `ema` or any other key, in
// lists, tuples and objects, or spread over the modules of a pickled network. What belongs to an optimizer is
// none. Walks a bounded number of values, so that self-referring pickles end too.
import { isAveraged } from '../weight-sets/averaged';
import type { SettingsOfModules } from '../checkpoint-file';
import { attributesOf, dictIn, itemsIn, PickleDict, PickleObject, type PickleValue, UnreadTensor } from '../pickle/values';
import { contentOf, isModule } from './module';
import { arrayIn, numberIn, objectsIn } from './pickled-array';
import { TensorValue } from './tensor-value';

/** A set of named values, most of them tensors. */
export interface PickledSet {
  /** Keys that lead to it, joined by dots. */
  readonly at: string;
  /** Name -> value, in the file's order. */
  readonly entries: ReadonlyMap<string, PickleValue>;
  /** Names of those that are tensors of some kind. */
  readonly tensorNames: readonly string[];
  readonly settings: SettingsOfModules;
}

/** Where training scripts put the weights, most usual first. */
const USUAL_KEYS = ['model', 'state_dict', 'model_state_dict', 'model_state', 'net', 'network', 'module', 'weights', 'params', 'backbone'];
const DEEPEST_NESTING = 5;
const NO_SETTINGS: SettingsOfModules = new Map();
/** Names an optimizer gives the tensors it keeps of a parameter. */
const OF_AN_OPTIMIZER = /^(exp_avg|exp_avg_sq|max_exp_avg_sq|exp_inf|momentum_buffer|square_avg|grad_avg|sum|step|acc_delta)$/;
/** A set this much smaller than the largest one holds metrics or random states, whatever its key. */
const MUCH_SMALLER = 20;

/** The sets of weights, the usual one first; empty if there are none. */
export function findWeightSets(root: PickleValue): readonly PickledSet[] {
  if (isTensor(root)) return [{ at: '', entries: new Map([['tensor', root]]), tensorNames: ['tensor'], settings: NO_SETTINGS }];
  const found: PickledSet[] = [];
  search(root, '', DEEPEST_NESTING, new Set(), found);
  const largest = found.reduce((most, { tensorNames }) => Math.max(most, tensorNames.length), 0);
  const [usual, ...others] = [...found].sort((a, b) => rank(b, largest) - rank(a, largest));
  return usual ? [usual, ...others.filter(isAlternative)] : [];
}

/** Averaged copies after what they are copies of; usual keys before others; then the more tensors the better. */
function rank({ at, tensorNames }: PickledSet, largest: number): number {
  const keys = at.split('.');
  const usual = USUAL_KEYS.indexOf(keys.at(-1) ?? '');
  const size = tensorNames.length;
  const isSmall = size * MUCH_SMALLER < largest;
  return (isSmall ? -1e13 : 0) - (isAveraged(at) ? 1e12 : 0) + (usual >= 0 ? (100 - usual) * 1e9 - keys.length * 1e7 : 0) + size;
}

/** Whether someone could want this set in place of the usual one: metrics and random states are none. */
function isAlternative({ entries, tensorNames }: PickledSet): boolean {
  const isMatrix = (name: string): boolean => shapeOf(entries.get(name) ?? null).length >= 2;
  const isLayer = tensorNames.length > 1 || tensorNames.some((name) => name.endsWith('weight'));
  return isLayer && tensorNames.some(isMatrix);
}

/** `seen` keeps a value that is referred to from many places from being searched as often. */
function search(value: PickleValue, at: string, depth: number, seen: Set<PickleValue>, found: PickledSet[]): void {
  if (typeof value !== 'object' || value === null || seen.has(value) || isTensor(value)) return;
  seen.add(value);
  if (isModule(value)) {
    const { entries, settings } = contentOf(value);
    return addSet(found, at, entries, settings);
  }
  if (isOptimizerState(value)) return;
  const named = namedValues(value);
  addSet(found, at, named, NO_SETTINGS);
  if (depth === 0) return;
  for (const [key, child] of named) {
    if (!/optim|scheduler|scaler/i.test(key)) search(child, at === '' ? key : `${at}.${key}`, depth - 1, seen, found);
  }
}

function addSet(found: PickledSet[], at: string, entries: ReadonlyMap<string, PickleValue>, settings: SettingsOfModules): void {
  const tensorNames = [...entries].filter(([, entry]) => isTensor(entry)).map(([name]) => name);
  if (tensorNames.length > 0 && !tensorNames.every((name) => OF_AN_OPTIMIZER.test(name)))
    found.push({ at, entries, tensorNames, settings });
}

/** What a container holds that could be a tensor or hold one, by key, index or attribute. */
function namedValues(value: PickleValue): Map<string, PickleValue> {
  const items = itemsIn(value) ?? objectsIn(value);
  if (items) return namedPairs(items) ?? indexed(items);
  const named = new Map<string, PickleValue>();
  const parts = value instanceof PickleObject ? [dictIn(value), attributesOf(value)] : [dictIn(value)];
  for (const [key, entry] of parts.flatMap((part) => [...(part?.entries ?? [])])) {
    if (typeof key === 'string') named.set(key, entry);
    else if (typeof key === 'number' && entry instanceof PickleDict) named.set(String(key), entry);
  }
  // A named tuple, and a dict of a foreign kind, are made with their content as arguments.
  const args = value instanceof PickleObject ? [...(itemsIn(value.args) ?? []), ...(value.items ?? [])] : [];
  for (const [name, entry] of (args.length === 1 && namedPairs(itemsIn(args[0]) ?? [])) || indexed(args)) named.set(name, entry);
  return named;
}

/** `[(name, value), ...]`, as list(state_dict.items()) gives them. */
function namedPairs(items: readonly PickleValue[]): Map<string, PickleValue> | null {
  const named = new Map<string, PickleValue>();
  for (const item of items) {
    const [name, entry, ...more] = itemsIn(item) ?? [];
    if (typeof name !== 'string' || entry === undefined || more.length > 0) return null;
    named.set(name, entry);
  }
  return named.size > 0 ? named : null;
}

function indexed(items: readonly PickleValue[]): Map<string, PickleValue> {
  return new Map(items.flatMap((item, index) => (typeof item === 'object' && item !== null ? [[String(index), item] as const] : [])));
}

function isOptimizerState(value: PickleValue): boolean {
  if (value instanceof PickleObject && /(^|\.)optim\b|lr_scheduler|GradScaler/.test(value.className)) return true;
  const dict = dictIn(value);
  return dict?.get('param_groups') !== undefined && dict.get('state') !== undefined;
}

/** A tensor of any kind, readable or not. */
function isTensor(value: PickleValue): boolean {
  return value instanceof TensorValue || value instanceof UnreadTensor || isArray(value);
}

/** An array, not a single number of NumPy's: that is an epoch or an accuracy. */
function isArray(value: PickleValue): boolean {
  return arrayIn(value) !== undefined && !objectsIn(value) && numberIn(value) === undefined;
}

function shapeOf(value: PickleValue): readonly number[] {
  return value instanceof TensorValue ? value.shape : (arrayIn(value)?.shape ?? []);
}
