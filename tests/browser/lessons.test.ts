// Every shipped lesson from start to end in a real browser, each check answered wrongly and rightly. What is right is found out by the
// player without a window, on computations of its own: where the window judges otherwise, one of them is wrong.
import { readdirSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { afterAll, describe, expect, test } from 'vitest';
import type { Lesson, Step } from '../../src-shared/lesson/format';
import { windowPart } from '../../src-shared/lesson/parts';
import { linkOfState, type PreparedState } from '../../src-shared/lesson/prepared-state';
import type { Answer, Guess } from '../../src-shared/lesson/player/judge';
import { findAnswers, type FoundAnswers } from '../../src-shared/lesson/player/headless';
import { runHeadless, type HeadlessLaboratory } from '../../src-shared/lesson/player/headless-commands';
import { guessesOf } from '../../src-shared/lesson/player/guesses';
import { givenWorld, openedWorld, preparedWorld, type World } from '../../src-shared/lesson/world';
import { answerKind, type CheckBlock } from '../../src-shared/lesson/steps/check';
import { barStep } from '../../src-shared/lesson/steps/prediction';
import { lessonOf } from '../../electron/app/lesson/check-lesson';
import { laboratoryOn } from '../../electron/app/lesson/laboratory';
import { readLessonFiles } from '../../electron/app/lesson/lesson-folder';
import { readMetrics } from '../../electron/runs';
import { startNodeEngine } from '../../electron/workers/node-engine';
import type { Engine } from '../../src-shared/compute/engine';
import { withStudio } from './studio-in-tests';

const FOLDER = fileURLToPath(new URL('../../assets/lessons/', import.meta.url));
const names = readdirSync(FOLDER).sort();

let page: Page;
let problems: readonly string[];
let runsFolder: string;
withStudio((studio) => {
  ({ page, problems } = studio);
  ({ runsFolder } = studio.host);
});

let engine: Engine | null = null;
const laboratory: HeadlessLaboratory = {
  ...laboratoryOn(() => (engine ??= startNodeEngine(new URL('../../dist/engine-worker.mjs', import.meta.url)))),
  // The window's own training, as its run folder tells it.
  train: async ({ name }) => {
    const folders = (await readdir(runsFolder)).filter((run) => run.startsWith(`${name}-seed`));
    const epochs = (await readMetrics(join(runsFolder, folders.sort().at(-1) ?? ''))).filter((event) => event.type === 'epoch');
    return { state: 'finished', epochs: epochs.length, metric: epochs.at(-1)?.validation.metric ?? null };
  },
};
afterAll(() => engine?.dispose());

async function lessonAt(name: string): Promise<Lesson> {
  const { lesson, problems: wrong } = lessonOf(await readLessonFiles(`${FOLDER}${name}`));
  expect(wrong).toEqual([]);
  return lesson as Lesson;
}

const panel = () => page.getByTestId('lesson-panel');

/** Shows a state by its link, as a pupil who pastes one. */
async function showState(state: PreparedState): Promise<void> {
  await page.evaluate((hash) => (location.hash = hash), linkOfState(state));
  await page.waitForFunction(() => !location.hash.startsWith('#state='));
}

async function giveAnswer(check: CheckBlock, answer: Answer): Promise<void> {
  const question = panel().getByTestId('lesson-check');
  const kind = answerKind(check);
  if (kind === 'choice') await question.getByTestId(`lesson-option-${answer}`).locator('input').check();
  if (kind === 'number' || kind === 'text') await question.getByTestId('lesson-answer').fill(String(answer));
  await question.getByTestId('lesson-submit').click();
}

const lastJudgement = () => panel().locator('[data-right]').last().getAttribute('data-right');

/** Answers wrongly, where the lesson allows a second try, and then rightly. */
async function playCheck(step: Step, check: CheckBlock, found: FoundAnswers): Promise<void> {
  const { right, wrong } = found;
  if (!right || !wrong) throw new Error(`${step.id} has no right or no wrong answer`);
  if (check.test === 'before') {
    await giveAnswer(check, wrong.answer);
    expect(await lastJudgement()).toBe('false');
    return;
  }
  const hint = panel().getByTestId('lesson-hint');
  for (let at = 0; at < check.hints.length; at++) await hint.click();
  expect(await panel().locator('.lesson-hint').count()).toBe(check.hints.length);
  if (check.tryout?.wrong) await showState(check.tryout.wrong);
  await giveAnswer(check, wrong.answer);
  expect(await lastJudgement(), `${step.id}: a wrong answer`).toBe('false');
  expect(await panel().getByTestId('lesson-next').getAttribute('aria-disabled')).toBe(String(!check.optional));
  if (check.tryout?.right) await showState(check.tryout.right);
  await giveAnswer(check, right.answer);
  expect(await lastJudgement(), `${step.id}: the right answer`).toBe('true');
}

async function predict(guess: Guess): Promise<void> {
  const asked = panel().getByTestId('lesson-prediction');
  if (guess.kind === 'cells') {
    for (const [cell, on] of guess.on.entries()) if (on) await asked.locator(`[data-cell="${cell}"]`).click();
  } else if (guess.kind === 'number') await asked.getByTestId('lesson-bar').fill(String(guess.value));
  else await asked.getByTestId(`lesson-option-${guess.option}`).locator('input').check();
  await asked.getByTestId('lesson-reveal').click();
  await panel().locator('.lesson-gap').waitFor();
}

/** A bar takes its own steps: as near to the truth as it goes. */
function onBar(step: Step, guess: Guess): Guess {
  const { prediction } = step.blocks;
  if (prediction?.guess !== 'number' || guess.kind !== 'number') return guess;
  const unit = barStep(prediction);
  const inside = Math.max(prediction.from, Math.min(prediction.to, guess.value));
  return { kind: 'number', value: prediction.from + Math.round((inside - prediction.from) / unit) * unit };
}

async function playStep(lesson: Lesson, step: Step, before: World): Promise<World> {
  const { state, highlight, prediction, command, check } = step.blocks;
  let world = state ? await preparedWorld(before, state, laboratory) : before;
  await panel().locator(`[data-step="${step.id}"]`).waitFor();
  await panel().getByText('Preparing', { exact: true }).waitFor({ state: 'detached', timeout: 120_000 });
  expect(await panel().locator('.says-error, .katex-error').allTextContents()).toEqual([]);
  if (highlight) {
    await page
      .getByTestId(windowPart(highlight.part)?.testId ?? '')
      .first()
      .waitFor();
    await panel().getByTestId('lesson-highlight').click();
    expect(
      await page.evaluate(() => !document.activeElement?.closest('.lesson-panel')),
      `${step.id}: the keyboard reaches ${highlight.part}`,
    ).toBe(true);
  }
  if (prediction) {
    const within = { world: prediction.given ? await givenWorld(world, prediction.given, laboratory) : world, data: lesson.data };
    const guess = guessesOf(prediction, within)?.right;
    if (!guess) throw new Error(`${step.id} has nothing to predict`);
    await predict(onBar(step, guess));
    if (guess.kind !== 'number') expect(await panel().locator('.lesson-gap').textContent()).toMatch(/^(Exactly|As you)/);
  }
  // A dialog of the system is no part of the page.
  if (command && command.run !== 'open-checkpoint') {
    if (command.by === 'button') await panel().getByTestId('lesson-run').click();
    else await page.getByTestId(command.run).first().click();
    await panel().getByText('Done.', { exact: true }).waitFor({ timeout: 120_000 });
    world = (await runHeadless(command.run, world, laboratory)) ?? world;
  }
  if (check) {
    const found = await findAnswers(check, world, lesson.data, laboratory);
    await playCheck(step, check, found);
    world = found.right?.after ?? world;
  }
  return world;
}

describe.each(names)('lesson %s', (name) => {
  test('is played from start to end, each check answered wrongly and rightly', { timeout: 600_000 }, async () => {
    const lesson = await lessonAt(name);
    await page.getByTestId('rail-lesson').click();
    await page.getByTestId(`lesson-start-${lesson.id}`).click();
    let world = await openedWorld(laboratory);
    for (const step of lesson.steps) {
      world = await playStep(lesson, step, world);
      await panel().getByTestId('lesson-next').click();
    }
    await panel().getByTestId('lesson-end').waitFor();
    const asked = lesson.steps.filter(({ blocks: { check } }) => check && check.test !== 'before').length;
    expect(await panel().getByTestId('lesson-points').textContent()).toBe(`${asked} of ${asked} questions answered rightly.`);
    await panel().getByTestId('lesson-close').click();
    expect(problems).toEqual([]);
  });
});
