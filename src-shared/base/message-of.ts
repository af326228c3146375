// What an error says, for whoever shows it.

/** An error's message; anything else that was thrown, as text. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** What a check says against something, by what it throws; null where it throws nothing. */
export function refusalOf(check: () => unknown): string | null {
  try {
    check();
    return null;
  } catch (error) {
    return messageOf(error);
  }
}

/** Whether somebody stopped it: nothing went wrong. */
export function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}
