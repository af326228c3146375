// The lesson being played, in the list of long jobs: step by step, stopped where it is closed. Invariant: closing the window asks for
// nothing on its account, for where a lesson stands is kept.
import type { RunningJob } from '@shared/link/jobs/job-list';
import { beginOwnJob } from '../../studio/jobs/jobs';
import { closeLesson, lessons, openLesson } from './lesson';

let listed: { readonly key: string; readonly job: RunningJob } | null = null;

/** Lists the lesson that is open from now on. */
export function listLessons(): void {
  lessons.subscribe(list);
  list();
}

function list(): void {
  const { open, player } = lessons.getState();
  const lesson = player === null ? null : openLesson();
  const steps = lesson?.steps.length ?? 0;
  if (listed !== null && (open !== listed.key || lesson === null)) end('stopped');
  if (open === null || lesson === null || player === null || steps === 0) return;
  const isOver = player.at >= steps;
  if (listed === null && !isOver) {
    const asked = { kind: 'lesson', title: lesson.title, unit: 'steps', result: { kind: 'stage', stage: 'lesson' } } as const;
    listed = { key: open, job: beginOwnJob(asked, { cancel: closeLesson }) };
    listed.job.change({ withoutWindow: 'goesOn' });
  }
  listed?.job.progress(Math.min(player.at, steps), steps);
  if (isOver) end('finished');
}

function end(state: 'finished' | 'stopped'): void {
  const ended = listed;
  listed = null;
  ended?.job.end(state);
}
