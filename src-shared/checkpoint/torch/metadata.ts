// The plain facts a training checkpoint holds beside the weights (epoch, accuracy, configuration), as
// text. Bounded: a configuration that refers to itself or is very large is cut, and says so.
import { GlobalName, PickleDict, PickleList, PickleObject, PickleSet, PickleTuple, type PickleValue } from '../pickle/values';

const LONGEST_TEXT = 20_000;
const LONGEST_ITEM = 1000;
const DEEPEST = 8;
/** For all facts of a file together. */
const MOST_VALUES = 2000;
const LONGEST_TOTAL = 200_000;

/** Top-level entries that are no tensors and no state: key -> text. */
export function describeCheckpoint(root: PickleValue): Record<string, string> {
  const facts: [string, string][] = [];
  const budget = { left: MOST_VALUES };
  let total = 0;
  for (const [key, value] of root instanceof PickleDict ? root.entries : []) {
    if (typeof key !== 'string' || /optim|scheduler|scaler/i.test(key.slice(0, LONGEST_ITEM))) continue;
    const text = (isConfiguration(value) ? JSON.stringify(plain(value, DEEPEST, budget)) : scalarText(value))?.slice(0, LONGEST_TEXT);
    if (text === undefined) continue;
    total += key.length + text.length;
    if (total > LONGEST_TOTAL) break;
    facts.push([key, text]);
  }
  return Object.fromEntries(facts);
}

function isConfiguration(value: PickleValue): boolean {
  return value instanceof PickleObject && (value.entries !== undefined || value.state instanceof PickleDict) && !isModuleState(value.state);
}

function isModuleState(state: PickleValue): boolean {
  return state instanceof PickleDict && state.get('_parameters') !== undefined;
}

function scalarText(value: PickleValue): string | undefined {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean' ? String(value) : undefined;
}

type Plain = null | boolean | number | string | Plain[] | { [key: string]: Plain };

/** The value as JSON data, `budget.left` values at most. */
function plain(value: PickleValue, depth: number, budget: { left: number }): Plain {
  if (--budget.left < 0 || depth < 0) return '(cut)';
  if (value === null || typeof value === 'boolean' || typeof value === 'number') return value;
  if (typeof value === 'string') return value.slice(0, LONGEST_ITEM);
  if (typeof value === 'bigint') return String(value);
  if (value instanceof PickleList || value instanceof PickleTuple || value instanceof PickleSet)
    return Array.from(withinBudget(value.items, budget), (item) => plain(item, depth - 1, budget));
  if (value instanceof PickleDict) return plainDict(value, depth, budget);
  if (value instanceof PickleObject) return plainObject(value, depth, budget);
  return value instanceof GlobalName ? value.path : '(binary)';
}

function plainObject(object: PickleObject, depth: number, budget: { left: number }): Plain {
  if (object.entries) return plainDict(object.entries, depth, budget);
  return object.state instanceof PickleDict ? plainDict(object.state, depth, budget) : object.className;
}

function plainDict(dict: PickleDict, depth: number, budget: { left: number }): Plain {
  const entries: [string, Plain][] = [];
  for (const [key, value] of withinBudget(dict.entries, budget))
    entries.push([(scalarText(key) ?? '?').slice(0, LONGEST_ITEM), plain(value, depth - 1, budget)]);
  return Object.fromEntries(entries);
}

function* withinBudget<T>(items: Iterable<T>, budget: { left: number }): Iterable<T> {
  for (const item of items) {
    if (budget.left <= 0) return;
    yield item;
  }
}
