// Undo and redo in the window: looks at all undoable parts before each gesture of the user and a moment after each change,
// and makes steps of what differs (steps.ts). Invariant: what undo and redo change, and what comes of it, is no new step.
import { attempt, notify } from '../notices';
import { goTo, navigation, STAGE_TEXT } from '../navigation';
import { createStore, subscribeToState } from '../state';
import { undoableParts, type UndoablePart } from './parts';
import { comparedText, withChanges, withSettled, type PartChange, type UndoStep, type UndoSteps } from './steps';

export const undoSteps = createStore<UndoSteps>(() => ({ done: [], undone: [] }));

/** What begins a gesture. A native drop-down tells its change alone. */
const GESTURES = ['pointerdown', 'click', 'keydown', 'wheel', 'drop', 'change'] as const;
/** How soon after a change it can be undone. Milliseconds. */
const LOOK_AFTER = 250;

/** Each part as it was last seen, as JSON. */
const known = new Map<string, string>();
/** Counts from 1; until then nobody has done anything. */
let gesture = 0;
/** What the last gesture was, and on what. */
let begunBy: Begun = { type: 'keydown', target: null };
/** Whether the last gesture goes on with the one before it. */
let goesOn = false;
/** The gesture that undid or redid something. */
let quiet = 0;
let lookAt: ReturnType<typeof setTimeout> | null = null;
let going: Promise<void> = Promise.resolve();
/** While a step is shown: what changes then is no step. */
let isShowing = false;

/** Watches the window for gestures and changes from now on. */
export function setUpUndo(): void {
  for (const kind of GESTURES) window.addEventListener(kind, beginGesture, { capture: true, passive: true });
  subscribeToState(lookSoon);
  look();
}

type Begun = Pick<Event, 'type' | 'target'>;

/** Says that the user does something now: what changes until the next gesture is one step. Keys and turns of the wheel on the same thing go on with each other; a press is an act of its own. */
export function beginGesture(by: Begun = { type: 'keydown', target: null }): void {
  look();
  gesture++;
  goesOn = by.type === begunBy.type && by.target === begunBy.target && (by.type === 'keydown' || by.type === 'wheel');
  begunBy = { type: by.type, target: by.target };
}

function lookSoon(): void {
  if (lookAt === null) lookAt = setTimeout(look, LOOK_AFTER);
}

/** Finds what has changed since the last look. */
export function look(): void {
  if (lookAt !== null) clearTimeout(lookAt);
  lookAt = null;
  const all = undoableParts().flatMap(changeOf);
  for (const { part, after } of all) known.set(part.name, after);
  const changes = all.filter(({ part, before, after }) => comparedText(part, before) !== comparedText(part, after));
  if (changes.length === 0 || isShowing || gesture === quiet) return;
  const isOwn = ({ part, before, after }: PartChange): boolean => part.settles?.(JSON.parse(before), JSON.parse(after)) ?? false;
  let steps = undoSteps.getState();
  for (const settled of changes.filter(isOwn)) steps = withSettled(steps, settled);
  const rest = changes.filter((change) => !isOwn(change));
  if (rest.length > 0) steps = withChanges(steps, rest, { gesture, goesOn }, performance.now());
  undoSteps.setState(steps);
}

/** A part that is seen for the first time has not changed. */
function changeOf(part: UndoablePart): readonly PartChange[] {
  const now = part.now();
  if (now === undefined) return [];
  const after = JSON.stringify(now);
  const before = known.get(part.name);
  if (before === undefined) known.set(part.name, after);
  return before === undefined || before === after ? [] : [{ part, before, after }];
}

export const canUndo = (): boolean => undoSteps.getState().done.length > 0;
export const canRedo = (): boolean => undoSteps.getState().undone.length > 0;

/** Takes the last step back; resolves when all of it is shown. */
export function undo(): Promise<void> {
  return go('undo');
}

/** Does again what was undone last. */
export function redo(): Promise<void> {
  return go('redo');
}

/** One after the other: files are opened again meanwhile. */
function go(way: 'undo' | 'redo'): Promise<void> {
  going = going.then(() => attempt(() => take(way)));
  return going;
}

async function take(way: 'undo' | 'redo'): Promise<void> {
  look();
  const { done, undone } = undoSteps.getState();
  const step = (way === 'undo' ? done : undone).at(-1);
  if (!step) return;
  isShowing = true;
  undoSteps.setState(
    way === 'undo'
      ? { done: done.slice(0, -1), undone: [...undone, step] }
      : { done: [...done, { ...step, gesture: -1 }], undone: undone.slice(0, -1) },
  );
  showPlace(step);
  try {
    for (const { part, before, after } of step.changes) await part.show(JSON.parse(way === 'undo' ? before : after));
  } finally {
    look();
    isShowing = false;
    quiet = gesture;
  }
  notify('info', `${way === 'undo' ? 'Undone' : 'Done again'}: ${textOf(step)}.`);
}

/** A change is seen where it was made. */
function showPlace({ changes }: UndoStep): void {
  const stages = changes.flatMap(({ part }) => (part.stage === null ? [] : [part.stage]));
  if (stages.length > 0 && !stages.includes(navigation.getState().stage)) goTo(stages[0]);
}

/** What a step changed, in words: what all the rest hangs on, where there is such a thing. */
function textOf({ changes }: UndoStep): string {
  const whole = changes.filter(({ part }) => part.stage === null);
  const named = (whole.length > 0 ? whole : changes).map(({ part }) =>
    part.stage === null ? part.says : `${part.says} (${STAGE_TEXT[part.stage].title})`,
  );
  return [...new Set(named)].join(', ');
}

/** Forgets all steps, for tests. */
export function forgetSteps(): void {
  known.clear();
  undoSteps.setState({ done: [], undone: [] });
  look();
}
