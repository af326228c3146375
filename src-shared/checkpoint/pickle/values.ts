// What a pickle holds, as plain data. Nothing here is ever a function: a class the pickle names is a
// name, an object of it is its name and its state.
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

/** A dict or OrderedDict; later values of a key replace earlier ones, as in Python. */
export class PickleDict {
  #entries: Map<PickleValue, PickleValue> | undefined;
  /** Attributes set on it: a state dict's `_metadata`. */
  attributes: PickleValue = null;

  get(key: string): PickleValue | undefined {
    return this.#entries?.get(key);
  }

  set(key: PickleValue, value: PickleValue): void {
    this.#entries ??= new Map();
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

/** An object of a class this program does not know: kept, never run. */
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
