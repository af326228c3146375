// What a stage shows deep inside (the part of a matrix that is looked at, the step of a merge), as a place in the window's
// history keeps it. Invariant: what was kept is shown only where its schema knows it.
import type { z } from 'zod';
import type { Stage } from './navigation';
import { addUndoable } from './undo/parts';

interface DeepView {
  /** What is shown now, as plain data; undefined where there is nothing to come back to. */
  readonly now: () => unknown;
  readonly show: (kept: unknown) => void;
}

const views = new Map<Stage, DeepView>();
/** What stages are to show that are not loaded yet. */
const waiting = new Map<Stage, unknown>();

/** Says how a stage's view is kept, and how it is shown again; undo takes its changes back, but for fields that pass with the pointer. */
export function addDeepView<Kept>(
  stage: Stage,
  schema: z.ZodType<Kept>,
  now: () => Kept | undefined,
  show: (kept: Kept) => void,
  passing: readonly (keyof Kept & string)[] = [],
): void {
  const showKnown = (kept: unknown): void => {
    const { data } = schema.safeParse(kept);
    if (data !== undefined) show(data);
  };
  views.set(stage, { now, show: showKnown });
  addUndoable({ name: `view:${stage}`, stage, says: 'the view', now, show: showKnown, passing });
  showKnown(waiting.get(stage));
  waiting.delete(stage);
}

/** What a stage shows now. */
export function deepViewOf(stage: Stage): unknown {
  const view = views.get(stage);
  return view ? view.now() : waiting.get(stage);
}

/** Shows what a stage has shown before. */
export function showDeepView(stage: Stage, kept: unknown): void {
  const view = views.get(stage);
  if (view) view.show(kept);
  else waiting.set(stage, kept);
}
