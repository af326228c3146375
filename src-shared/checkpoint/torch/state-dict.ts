// Finds the state dict in what a checkpoint pickles: at the root, under `model`, `state_dict` or any
// other key, or spread over the modules of a pickled network. Walks a bounded number of values, so
// that self-referring pickles end too.
import { refuse } from '../refuse';
import { PickleDict, PickleObject, PickleSet, type PickleValue } from '../pickle/values';
import { TensorValue } from './tensor-value';

/** A state dict and where it was found. */
export interface FoundStateDict {
  /** Keys that lead to it, joined by dots. */
  readonly at: string;
  readonly prefix: string;
  /** Name (without the prefix) -> tensor, in the file's order. */
  readonly tensors: ReadonlyMap<string, TensorValue>;
}

/** Where training scripts put the weights, most usual first. */
const USUAL_KEYS = ['model', 'state_dict', 'model_state_dict', 'model_state', 'net', 'network', 'module', 'weights', 'params', 'backbone'];
/** Prefixes of wrappers that leave the network unchanged: DataParallel and torch.compile. */
const WRAPPERS = ['module.', '_orig_mod.'];
const DEEPEST_NESTING = 3;
const DEEPEST_MODULE = 64;
/** A module used twice appears under both names, so the modules' graph may be walked more than once, within bounds. */
const MOST_MODULES = 100_000;
const MOST_WRAPPERS = 4;

/** Finds the state dict. Throws UserError if there is none. */
export function findStateDict(root: PickleValue): FoundStateDict {
  if (root instanceof TensorValue) return { at: '', prefix: '', tensors: new Map([['tensor', root]]) };
  const found = candidates(root, '', DEEPEST_NESTING, new Set());
  if (found.length === 0) refuse('holds no state dict: no named tensors at its root, under model, state_dict or any other key');
  const best = found.reduce((a, b) => (rank(b) > rank(a) ? b : a));
  return { at: best.at, ...stripWrappers(best.tensors) };
}

interface Candidate {
  readonly at: string;
  readonly tensors: ReadonlyMap<string, TensorValue>;
}

/** Usual keys before others; then the more tensors the better (a root may hold a lone metric tensor). */
function rank({ at, tensors }: Candidate): number {
  const usual = USUAL_KEYS.indexOf(at);
  return (usual >= 0 ? (USUAL_KEYS.length - usual) * 1e9 : 0) + tensors.size;
}

/** `seen` keeps a dict that is referred to from many places from being searched as often. */
function candidates(value: PickleValue, at: string, depth: number, seen: Set<PickleValue>): Candidate[] {
  if (seen.has(value)) return [];
  seen.add(value);
  const tensors = tensorsOf(value);
  const found: Candidate[] = tensors.size > 0 ? [{ at, tensors }] : [];
  const dict = dictOf(value);
  if (depth === 0 || !dict) return found;
  for (const [key, child] of dict.entries) {
    if (typeof key !== 'string' || isOptimizer(key)) continue;
    for (const candidate of candidates(child, at === '' ? key : `${at}.${key}`, depth - 1, seen)) found.push(candidate);
  }
  return found;
}

function isOptimizer(key: string): boolean {
  return /optim|scheduler|scaler/i.test(key);
}

function dictOf(value: PickleValue): PickleDict | undefined {
  if (value instanceof PickleDict) return value;
  return value instanceof PickleObject && !isModule(value) ? value.entries : undefined;
}

function tensorsOf(value: PickleValue): Map<string, TensorValue> {
  const tensors = new Map<string, TensorValue>();
  if (value instanceof PickleObject && isModule(value)) collectModule(value, '', tensors, DEEPEST_MODULE, { left: MOST_MODULES });
  for (const [key, entry] of dictOf(value)?.entries ?? []) {
    if (typeof key === 'string' && entry instanceof TensorValue) tensors.set(key, entry);
  }
  return tensors;
}

/** A pickled torch.nn.Module: an object whose state has `_parameters` and `_modules`. */
function isModule(value: PickleObject): boolean {
  return (
    value.state instanceof PickleDict &&
    value.state.get('_parameters') instanceof PickleDict &&
    value.state.get('_modules') instanceof PickleDict
  );
}

/** Names as state_dict() gives them: own parameters, own buffers, then the children's. */
function collectModule(
  module: PickleObject,
  prefix: string,
  tensors: Map<string, TensorValue>,
  depth: number,
  budget: { left: number },
): void {
  const state = module.state as PickleDict;
  const passing = new Set(itemsOfSet(state.get('_non_persistent_buffers_set')));
  for (const part of ['_parameters', '_buffers']) {
    for (const [key, entry] of entriesAt(state, part)) {
      if (entry instanceof TensorValue && !passing.has(key)) tensors.set(`${prefix}${String(key)}`, entry);
    }
  }
  if (depth === 0 || --budget.left < 0) refuse('nests more modules than a network has');
  for (const [key, child] of entriesAt(state, '_modules')) {
    if (child instanceof PickleObject && isModule(child)) collectModule(child, `${prefix}${String(key)}.`, tensors, depth - 1, budget);
  }
}

function itemsOfSet(value: PickleValue | undefined): readonly PickleValue[] {
  return value instanceof PickleSet ? value.items : [];
}

function entriesAt(state: PickleDict, key: string): Iterable<[PickleValue, PickleValue]> {
  const part = state.get(key);
  return part instanceof PickleDict ? part.entries : [];
}

function stripWrappers(tensors: ReadonlyMap<string, TensorValue>): { prefix: string; tensors: ReadonlyMap<string, TensorValue> } {
  const names = [...tensors.keys()];
  let prefix = '';
  for (let i = 0; i < MOST_WRAPPERS; i++) {
    const wrapper = WRAPPERS.find((candidate) => names.every((name) => name.startsWith(prefix + candidate)));
    if (wrapper === undefined) break;
    prefix += wrapper;
  }
  return { prefix, tensors: new Map([...tensors].map(([name, tensor]) => [name.slice(prefix.length), tensor])) };
}
