// A lesson in the list of jobs.
import { afterEach, expect, test } from 'vitest';
import { startPlayer } from '@shared/lesson/player/player';
import { allJobs, jobs, lostWithWindow } from '../../studio/jobs/jobs';
import { listLessons } from './as-job';
import { lessons } from './lesson';
import { shelved, type ShelfLesson } from './shelf';

const TEXT = `---
lesson: 1
id: counting
title: Counting
language: en
minutes: 1
summary: One, two.
---

## One

First.

## Two

Second.
`;

const lessonOf = (): Promise<ShelfLesson> =>
  shelved({ key: 'counting', shipped: true, file: 'counting.md', text: TEXT, translations: new Map(), pictures: new Map() });

/** Longer than what is over at once, which is never listed. */
const moment = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 900));
const listedLessons = () => allJobs(jobs.getState()).filter(({ kind }) => kind === 'lesson');

afterEach(() => lessons.setState({ shelf: [], open: null, player: null }));

test('a lesson is a job with its steps, which does not hold the window back and ends with it', async () => {
  const one = await lessonOf();
  expect(one.problems).toEqual([]);
  listLessons();
  const player = startPlayer(new Date());
  lessons.setState({ shelf: [one], open: one.key, player });
  await moment();
  expect(listedLessons()).toMatchObject([{ title: 'Counting', state: 'running', done: 0, total: 2, unit: 'steps' }]);
  expect(lostWithWindow(jobs.getState())).toBe(null);
  lessons.setState({ player: { ...player, at: 1 } });
  expect(listedLessons()).toMatchObject([{ done: 1 }]);
  lessons.setState({ player: { ...player, at: 2 } });
  expect(listedLessons()).toMatchObject([{ state: 'finished' }]);
  // Another one, closed amid.
  lessons.setState({ open: null, player: null });
  lessons.setState({ open: one.key, player });
  await moment();
  lessons.setState({ open: null, player: null });
  expect(listedLessons().map(({ state }) => state)).toEqual(['stopped', 'finished']);
});
