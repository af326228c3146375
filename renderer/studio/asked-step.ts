// The merge step that another stage wants to be seen: shown once when the steps of a block are.
let asked: string | null = null;

export function askForStep(id: string): void {
  asked = id;
}

/** The step asked for, which is then no longer asked for; null where none is. */
export function takeAskedStep(): string | null {
  const id = asked;
  asked = null;
  return id;
}
