// What stands in a field and is not taken over, with why. A field knows no store: whoever shows it may keep drafts beyond
// its life, so that what was refused neither vanishes without a word nor starts anything. Without a keeper a draft lives
// as long as its field.
import { createContext, useContext, useEffect, useState } from 'react';

/** What was typed into a field over `value`, and why it was not taken. */
export interface Draft {
  readonly label: string;
  readonly value: string;
  readonly text: string;
  readonly problem: string;
}

export interface DraftKeeper {
  read(field: string): Draft | undefined;
  /** Keeps a refused text; null once the field holds what it is worth. */
  write(field: string, draft: Draft | null): void;
  /** The field is no longer shown. */
  leave(field: string): void;
}

const NOBODY: DraftKeeper = { read: () => undefined, write: () => undefined, leave: () => undefined };
export const Drafts = createContext<DraftKeeper>(NOBODY);

/** What a field shows: its text, and why that is not taken; empty where it is. */
export interface Shown {
  readonly value: string;
  readonly text: string;
  readonly problem: string;
}

/** A field's text over the value it stands for; a value that comes from elsewhere replaces it. */
export function useDraft(field: string, label: string, value: string): readonly [Shown, (text: string, problem: string) => void] {
  const keeper = useContext(Drafts);
  const fresh: Shown = { value, text: value, problem: '' };
  const [shown, setShown] = useState<Shown>(() => {
    const kept = keeper.read(field);
    return kept?.value === value ? kept : fresh;
  });
  if (shown.value !== value) setShown(fresh);
  useEffect(() => {
    if (shown.problem === '') keeper.write(field, null);
  }, [keeper, field, shown.problem]);
  useEffect(() => () => keeper.leave(field), [keeper, field]);
  const show = (text: string, problem: string): void => {
    setShown({ value, text, problem });
    keeper.write(field, problem === '' ? null : { label, value, text, problem });
  };
  return [shown, show];
}
