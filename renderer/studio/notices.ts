// Messages to the user. They leave with the stage they were given on: an error stays there until it is closed, others go
// after a while. Nothing that the user should know is only written to the console.
import { printable } from '@shared/base/printable';
import { isAbort, messageOf } from '@shared/base/message-of';
import { navigation, type Stage } from './navigation';
import { createStore } from './state';

export type NoticeTone = 'info' | 'success' | 'warning' | 'error';
export interface Notice {
  readonly id: number;
  readonly tone: NoticeTone;
  readonly text: string;
  /** Where it was given. */
  readonly stage: Stage;
}

const NOTICE_MILLISECONDS = 8000;
let nextId = 1;

export const notices = createStore<{ readonly list: readonly Notice[] }>(() => ({ list: [] }));

/** Shows a message; the same text twice in a row is shown once. */
export function notify(tone: NoticeTone, said: string): void {
  // Names of files and tensors are in them.
  const text = printable(said, 'lines');
  const { list } = notices.getState();
  if (list.at(-1)?.text === text) return;
  const notice = { id: nextId++, tone, text, stage: navigation.getState().stage };
  notices.setState({ list: [...list, notice] });
  if (tone !== 'error') setTimeout(() => dismiss(notice.id), NOTICE_MILLISECONDS);
}

navigation.subscribe(({ stage }, before) => {
  if (stage !== before.stage) notices.setState(({ list }) => ({ list: list.filter((notice) => notice.stage === stage) }));
});

export function dismiss(id: number): void {
  notices.setState(({ list }) => ({ list: list.filter((notice) => notice.id !== id) }));
}

/** Runs a task started by the user; a failure becomes a visible message. */
export async function attempt(task: () => unknown): Promise<void> {
  try {
    await task();
  } catch (error) {
    if (!isAbort(error)) notify('error', messageOf(error));
  }
}
