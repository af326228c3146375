// What a pickle holds, as plain data. Nothing here is ever a function: a class the pickle names is a
// name, an object of it is its name and its state.
import { quoted, refuse } from '../refuse';
import type { StorageValue, TensorValue } from '../torch/tensor-value';

export type PickleValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | GlobalName
  | PickleList
  | PickleTuple
  | PickleDict
  | PickleSet
  | PickleObject
  | StorageValue
  | TensorValue;

/** A class or function named by the pickle: a name, nothing else. */
export class GlobalName {
  constructor(
    readonly module: string,
    readonly name: string,
  ) {}

  get path(): string {
    return `${this.module}.${this.name}`;
  }
}

export class PickleList {
  constructor(readonly items: PickleValue[]) {}
}

export class PickleTuple {
  constructor(readonly items: readonly PickleValue[]) {}
}

/** A dict or OrderedDict. No pickler sets a key twice: which value would be meant is not guessed. */
export class PickleDict {
  #entries: Map<PickleValue, PickleValue> | undefined;
  /** Attributes set on it: a state dict's `_metadata`. */
  attributes: PickleValue = null;

  get(key: string): PickleValue | undefined {
    return this.#entries?.get(key);
  }

  set(key: PickleValue, value: PickleValue): void {
    this.#entries ??= new Map();
    if (this.#entries.has(key)) refuse(`holds a damaged pickle: it sets the key ${quoted(String(key))} twice`);
    this.#entries.set(key, value);
  }

  get entries(): Iterable<[PickleValue, PickleValue]> {
    return this.#entries ?? [];
  }

  get size(): number {
    return this.#entries?.size ?? 0;
  }
}

/** A set or frozenset. */
export class PickleSet {
  constructor(readonly items: PickleValue[]) {}
}

/** An object of a class, or the result of a call, that this program does not know: kept as name and data, never run. */
export class PickleObject {
  state: PickleValue = null;
  /** Dict content, if the class is a kind of dict (a yacs configuration is). */
  entries: PickleDict | undefined;
  /** List content, if the class is a kind of list. */
  items: PickleValue[] | undefined;

  constructor(
    readonly className: string,
    readonly args: PickleValue,
  ) {}
}

/** A tensor that cannot be read: of a kind this program does not hold, or made by a call it does not know. */
export class UnreadTensor extends PickleObject {
  constructor(
    className: string,
    args: PickleValue,
    /** What it is and what to do, to follow "holds NAME as": `a sparse tensor; save it dense (...)`. */
    readonly what: string,
  ) {
    super(className, args);
  }
}

const DEEPEST_NAME = 8;

/** What to call a class, a function or the result of a call: `getattr(Outer, 'Inner')` is `Outer.Inner`. */
export function nameOf(value: PickleValue, depth = DEEPEST_NAME): string {
  if (value instanceof GlobalName) return value.path;
  if (!(value instanceof PickleObject)) return 'a value';
  const [owner, name] = value.args instanceof PickleTuple ? value.args.items : [];
  const isAttribute = value.className === 'builtins.getattr' && typeof name === 'string' && depth > 0;
  return isAttribute ? `${nameOf(owner, depth - 1)}.${name}` : value.className;
}

/** The items of a list, tuple or set. */
export function itemsIn(value: PickleValue | undefined): readonly PickleValue[] | undefined {
  return value instanceof PickleList || value instanceof PickleTuple || value instanceof PickleSet ? value.items : undefined;
}

/** A dict, or the dict content of an object whose class is a kind of dict. */
export function dictIn(value: PickleValue | undefined): PickleDict | undefined {
  if (value instanceof PickleDict) return value;
  return value instanceof PickleObject ? value.entries : undefined;
}

/** An object's attributes; those of a class with slots are the second half of a pair. */
export function attributesOf(object: PickleObject): PickleDict | undefined {
  if (object.state instanceof PickleDict) return object.state;
  const [plain, slots] = object.state instanceof PickleTuple && object.state.items.length === 2 ? object.state.items : [];
  return plain instanceof PickleDict ? plain : slots instanceof PickleDict ? slots : undefined;
}
