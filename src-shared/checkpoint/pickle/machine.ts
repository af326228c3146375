// The state of the pickle machine (stack, marks, memo) and its limits. Invariant: memory stays within
// a small multiple of the pickle's own length, whatever the instructions say.
import { refuse } from '../refuse';
import type { Cursor } from './cursor';
import { type GlobalName, PickleDict, PickleList, PickleObject, PickleSet, type PickleTuple, type PickleValue } from './values';

/** What the surroundings of a pickle decide. */
export interface PickleContext {
  /** Resolves a reference to something outside the pickle: PyTorch's storages. */
  persistent(id: PickleValue): PickleValue;
}

const DEEPEST_MARKS = 1000;
/** Copied elements per byte of pickle: a genuine pickle copies each element about once. */
const COPIES_PER_BYTE = 16;

/** A genuine tensor takes some ninety bytes for eight objects; a list of pairs of small numbers six bytes a pair. */
const BYTES_PER_OBJECT = 6;
const ALWAYS_ALLOWED_OBJECTS = 100_000;

/** Stack, marks and memo of one running pickle. */
export class PickleMachine {
  readonly #stack: PickleValue[] = [];
  readonly #marks: number[] = [];
  readonly #memo: (PickleValue | undefined)[] = [];
  readonly #mostObjects: number;
  #copies = 0;
  #made = 0;

  constructor(
    readonly cursor: Cursor,
    readonly context: PickleContext,
  ) {
    this.#mostObjects = ALWAYS_ALLOWED_OBJECTS + cursor.length / BYTES_PER_OBJECT;
  }

  /** Pushes a value just made. */
  push(value: PickleValue): void {
    if (typeof value === 'object' && value !== null && ++this.#made > this.#mostObjects)
      malformed('makes more objects than its length explains');
    this.#stack.push(value);
  }

  pop(): PickleValue {
    const floor = this.#marks.at(-1) ?? 0;
    if (this.#stack.length <= floor) malformed('takes a value from an empty stack');
    return this.#stack.pop() as PickleValue;
  }

  top(): PickleValue {
    const value = this.pop();
    this.#stack.push(value);
    return value;
  }

  mark(): void {
    if (this.#marks.length >= DEEPEST_MARKS) malformed(`nests deeper than ${DEEPEST_MARKS}`);
    this.#marks.push(this.#stack.length);
  }

  /** Takes everything above the last mark, and the mark. */
  popToMark(): PickleValue[] {
    const mark = this.#marks.pop();
    if (mark === undefined) malformed('closes a group that was never opened');
    return this.#stack.splice(mark);
  }

  /** The last `count` values as an array. */
  popMany(count: number): PickleValue[] {
    const floor = this.#marks.at(-1) ?? 0;
    if (this.#stack.length - floor < count) malformed('takes a value from an empty stack');
    return this.#stack.splice(this.#stack.length - count);
  }

  /** Picklers number memo entries one after the other (Python 2 begins at 1); anything else is not from a pickler. */
  memoize(index = this.#memo.length): void {
    if (index > this.#memo.length + 1) malformed(`skips memo entries (${index} after ${this.#memo.length})`);
    if (index > this.#memo.length) this.#memo.push(undefined);
    this.#memo[index] = this.top();
  }

  recall(index: number): void {
    const value = this.#memo[index];
    if (value === undefined) malformed(`recalls memo entry ${index}, which was never made`);
    this.#stack.push(value);
  }

  /** Accounts for copying `count` elements that the pickle may have named with a few bytes. */
  spend(count: number): void {
    this.#copies += count;
    if (this.#copies > COPIES_PER_BYTE * this.cursor.length + 1000) malformed('unfolds to far more than its length');
  }

  append(items: readonly PickleValue[]): void {
    const list = this.top();
    if (list instanceof PickleList || list instanceof PickleSet) for (const item of items) list.items.push(item);
    else if (list instanceof PickleObject) for (const item of items) (list.items ??= []).push(item);
    else malformed('appends to what is no list');
  }

  setItems(flat: readonly PickleValue[]): void {
    const dict = entriesOf(this.top());
    if (flat.length % 2 !== 0) malformed('sets a key without a value');
    for (let i = 0; i < flat.length; i += 2) dict.set(flat[i], flat[i + 1]);
  }
}

function entriesOf(value: PickleValue): PickleDict {
  if (value instanceof PickleDict) return value;
  if (value instanceof PickleObject) return (value.entries ??= new PickleDict());
  return malformed('sets a key on what is no dict');
}

/** Refuses a pickle that no pickler writes. */
export function malformed(what: string): never {
  refuse(`holds a damaged pickle: it ${what}`);
}

/** A function that stands in for one callable of the pickle: builds plain data, runs nothing. */
export type Call = (args: PickleTuple, machine: PickleMachine, callee: GlobalName) => PickleValue;
