// The merge step that another stage wants to be seen, shown once when the steps of a block are.
import { createStore } from './state';

export const askedStep = createStore<{ readonly id: string | null }>(() => ({ id: null }));

export function askForStep(id: string): void {
  askedStep.setState({ id });
}

/** The step asked for, which is then no longer asked for; null where none is. */
export function takeAskedStep(): string | null {
  const { id } = askedStep.getState();
  if (id !== null) askedStep.setState({ id: null });
  return id;
}
