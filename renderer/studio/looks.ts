// What is looked at within a stage's parts (which map, which group, which columns), kept by the stage beside its view, so that
// the way back and a reload come to it. Invariants: what was looked at of one thing is not taken for another one; what was
// kept by another version of the program is taken only where its schema knows it.
import { useCallback, useMemo } from 'react';
import { useStore } from 'zustand';
import { z } from 'zod';
import { STAGE_TEXT, type Stage } from './navigation';
import { createStore } from './state';
import { addUndoable } from './undo/parts';

/** A choice, and what it was made about. */
const look = z.object({ about: z.string(), value: z.unknown() });

/** Choices by the name of their part. */
export const stageLooks = z.record(z.string(), look);
export type StageLooks = z.infer<typeof stageLooks>;

const looks = createStore((): { readonly byStage: Readonly<Partial<Record<Stage, StageLooks>>> } => ({ byStage: {} }));

/** What is looked at in a stage now. */
export function looksOf(stage: Stage): StageLooks {
  return looks.getState().byStage[stage] ?? {};
}

/** Looks in a stage at what was looked at there before. */
export function showLooks(stage: Stage, kept: StageLooks): void {
  looks.setState(({ byStage }) => ({ byStage: { ...byStage, [stage]: kept } }));
}

// What was looked at is a view, which undo takes back.
for (const stage of Object.keys(STAGE_TEXT) as Stage[])
  addUndoable({
    name: `looks:${stage}`,
    stage,
    says: 'the view',
    now: () => looksOf(stage),
    show: (kept) => {
      const { data } = stageLooks.safeParse(kept);
      if (data !== undefined) showLooks(stage, data);
    },
  });

/** One choice of a part: what it begins with, what it may be, and what it is about where another subject begins anew. */
interface Part<T> {
  readonly stage: Stage;
  readonly name: string;
  readonly schema: z.ZodType<T>;
  readonly first: T;
  readonly about?: string;
}

/** The choice as it is kept, else as it begins. */
export function lookAt<T>({ stage, name, schema, first, about = '' }: Part<T>): T {
  return knownLook(looksOf(stage)[name], { schema, first, about });
}

export function changeLook<T>({ stage, name, about = '' }: Part<T>, value: T): void {
  showLooks(stage, { ...looksOf(stage), [name]: { about, value } });
}

function knownLook<T>(kept: StageLooks[string] | undefined, { schema, first, about }: Pick<Part<T>, 'schema' | 'first' | 'about'>): T {
  const known = kept !== undefined && kept.about === (about ?? '') ? schema.safeParse(kept.value) : null;
  return known?.success ? known.data : first;
}

/** A choice as state of a component, which outlives it. */
export function useLook<T>(part: Part<T>): readonly [T, (value: T) => void] {
  const { stage, name, schema, first, about = '' } = part;
  const kept = useStore(looks, ({ byStage }) => byStage[stage]?.[name]);
  const value = useMemo(() => knownLook(kept, { schema, first, about }), [kept, first, about]);
  const change = useCallback((next: T) => changeLook(part, next), [stage, name, about]);
  return [value, change];
}
