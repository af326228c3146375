// Steps back and forward through what the user set and looked at. All changes between two gestures (presses, keys, turns of
// the wheel) are one step, what the program does of itself because of them among it; changes of the same fields that follow each
// other at once, as in typing, are one, too. Invariants: what changes without a gesture never makes a step of its own; to
// undo a step and to redo it comes back to what was.
import { isRecord } from '@shared/base/is-record';
import type { UndoablePart } from './parts';

/** A part before and after, as JSON. */
export interface PartChange {
  readonly part: UndoablePart;
  readonly before: string;
  readonly after: string;
}

export interface UndoStep {
  readonly changes: readonly PartChange[];
  /** The gesture it came of. */
  readonly gesture: number;
  /** Milliseconds, when it last grew. */
  readonly at: number;
}

/** Steps that can be undone, the newest last, and those that can be redone, the next last. */
export interface UndoSteps {
  readonly done: readonly UndoStep[];
  readonly undone: readonly UndoStep[];
}

/** Steps kept. */
const MOST_STEPS = 200;
/** Changes of the same fields that follow each other faster are one. Milliseconds. */
const IN_ONE_GO = 700;

/** What a part's JSON is compared by: all but what passes by itself. */
export function comparedText({ passing = [] }: UndoablePart, text: string): string {
  return JSON.stringify(Object.entries(fieldsOf(text)).filter(([field]) => !passing.includes(field)));
}

/** What changes came of; `goesOn`: with the gesture before it, as the next key of a word does. */
interface Gesture {
  readonly gesture: number;
  readonly goesOn: boolean;
}

/** Adds changes seen since the last look; those of the last step's gesture, or in one go with it, become part of it. */
export function withChanges(steps: UndoSteps, changes: readonly PartChange[], { gesture, goesOn }: Gesture, at: number): UndoSteps {
  const last = steps.done.at(-1);
  const grows =
    last !== undefined && (last.gesture === gesture || (goesOn && at - last.at < IN_ONE_GO && isSameAct(last.changes, changes)));
  if (!grows) return { done: [...steps.done, { changes, gesture, at }].slice(-MOST_STEPS), undone: [] };
  const joined = { changes: joinedChanges(last.changes, changes), gesture, at };
  const before = steps.done.slice(0, -1);
  return { done: joined.changes.length === 0 ? before : [...before, joined], undone: [] };
}

/** Takes what the program found out of itself into the step whose choice it was; it makes none. */
export function withSettled(steps: UndoSteps, settled: PartChange): UndoSteps {
  const last = steps.done.at(-1);
  if (!last?.changes.some(({ part }) => part.name === settled.part.name)) return steps;
  return { ...steps, done: [...steps.done.slice(0, -1), { ...last, changes: joinedChanges(last.changes, [settled]) }] };
}

function joinedChanges(before: readonly PartChange[], after: readonly PartChange[]): PartChange[] {
  const byPart = new Map(before.map((change) => [change.part.name, change]));
  for (const change of after) byPart.set(change.part.name, { ...change, before: byPart.get(change.part.name)?.before ?? change.before });
  return [...byPart.values()].filter((change) => comparedText(change.part, change.before) !== comparedText(change.part, change.after));
}

function isSameAct(a: readonly PartChange[], b: readonly PartChange[]): boolean {
  const key = (changes: readonly PartChange[]): string => changes.map(changedFields).sort().join();
  return key(a) === key(b);
}

/** The part's name with the fields that differ, two levels deep. */
function changedFields({ part, before, after }: PartChange): string {
  const [a, b] = [fieldsOf(before), fieldsOf(after)];
  const differ = (one: unknown, other: unknown): boolean => JSON.stringify(one) !== JSON.stringify(other);
  const names = Object.keys({ ...a, ...b }).flatMap((field) => {
    const [one, other] = [a[field], b[field]];
    if (!differ(one, other)) return [];
    if (!isRecord(one) || !isRecord(other)) return [field];
    return Object.keys({ ...one, ...other }).flatMap((inner) => (differ(one[inner], other[inner]) ? [`${field}.${inner}`] : []));
  });
  return `${part.name}(${names.sort().join(' ')})`;
}

function fieldsOf(text: string): Readonly<Record<string, unknown>> {
  const value: unknown = JSON.parse(text);
  return isRecord(value) ? value : { value };
}
