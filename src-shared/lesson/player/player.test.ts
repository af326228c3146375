// The player without a window: what holds it, what lets it go on, what it remembers.
import { describe, expect, test } from 'vitest';
import { convolutionScene, type WrittenScene } from '../../matrix/convolution-scene';
import { resolveScene } from '../../merge/convolution/resolve';
import { buildModel } from '../../model/zoo';
import { UserError } from '../../base/user-error';
import { parseLesson } from '../parse-lesson';
import type { Lesson } from '../format';
import type { World } from '../world';
import {
  answer,
  commandRan,
  goBack,
  goOn,
  pointsOf,
  predict,
  reasonToStay,
  recordOf,
  startPlayer,
  takeHint,
  type PlayerState,
} from './player';
import { playerStateSchema } from './player-schema';
import { playLesson } from './headless';
import type { HeadlessLaboratory } from './headless-commands';

const NOW = new Date('2026-01-01T00:00:00Z');
const none = () => Promise.reject(new Error('not in this test'));
const laboratory: HeadlessLaboratory = {
  scene: (scene) => resolveScene(scene, { loadDigits: none, loadBlock: none }),
  bundled: none,
  verdict: none,
  train: none,
  figure: () => Promise.reject(new UserError('there is no such block')),
};

async function worldOf(written: WrittenScene): Promise<World> {
  const network = { spec: buildModel('pure-mlp-small'), weights: 'bundled', file: null, groups: 0 } as const;
  return {
    stage: 'convolution',
    scene: await laboratory.scene(convolutionScene(written)),
    network,
    verdict: null,
    training: null,
    setup: {},
  };
}

function lessonOf(...body: readonly string[]): Lesson {
  const source = ['---', 'lesson: 1', 'id: l', 'title: L', 'summary: S', '---', ...body, ''].join('\n');
  const { lesson, problems } = parseLesson(source, { commands: ['run-merge', 'go-cost'], files: [] });
  expect(problems).toEqual([]);
  return lesson as Lesson;
}
const fenced = (kind: string, body: string): string[] => [`\`\`\`${kind}`, ...body.split('\n'), '```', ''];

const QUESTION = lessonOf(
  '## A',
  '',
  ...fenced(
    'check',
    'ask: Q\nanswer: number\nexpect: answer = row.cells\ntries: 2\nhints: [h1, h2]\nfeedback:\n  - {when: answer = matrix.cells, say: "not [[matrix.cells]]"}',
  ),
  '## B',
  '',
  'end',
);

describe('a check', () => {
  test('holds the lesson until it is right, says the feedback that fits, and counts tries', async () => {
    const within = { world: await worldOf({ h: 5, w: 5 }), data: {} };
    const [step] = QUESTION.steps;
    let state = startPlayer(NOW);
    expect(reasonToStay(state, step, within)).toBe('Answer first.');
    expect(goOn(state, QUESTION, within).at).toBe(0);
    state = answer(state, step, 625, within, NOW);
    // 5 x 5 outputs times 5 x 5 inputs.
    expect(recordOf(state, step).tries).toEqual([{ answer: '625', right: false, say: 'not 625', at: NOW.toISOString() }]);
    state = answer(state, step, 9, within, NOW);
    expect(recordOf(state, step).tries.map(({ right }) => right)).toEqual([false, true]);
    state = goOn(state, QUESTION, within);
    expect([state.at, goBack(state).at, pointsOf(QUESTION, state)]).toEqual([1, 0, { right: 1, of: 1 }]);
    expect(playerStateSchema.parse(JSON.parse(JSON.stringify(state)))).toEqual(state);
  });

  test('lets go when the tries are used up, without a point, and takes no more answers', async () => {
    const within = { world: await worldOf({}), data: {} };
    const [step] = QUESTION.steps;
    let state = startPlayer(NOW);
    for (const wrong of [1, 2, 9]) state = answer(state, step, wrong, within, NOW);
    expect(recordOf(state, step).tries.map((one) => one.answer)).toEqual(['1', '2']);
    expect([reasonToStay(state, step, within), pointsOf(QUESTION, state).right]).toEqual([null, 0]);
  });

  test('gives its hints one by one, and no more than there are', () => {
    const [step] = QUESTION.steps;
    let state: PlayerState = startPlayer(NOW);
    const counts = [1, 2, 3].map(() => recordOf((state = takeHint(state, step)), step).hints);
    expect(counts).toEqual([1, 2, 2]);
  });

  test('about something that is not there yet is not judged and costs no try', async () => {
    const lesson = lessonOf('## A', '', ...fenced('check', 'ask: Q\nexpect: merge.equivalent'));
    const within = { world: await worldOf({}), data: {} };
    const state = answer(startPlayer(NOW), lesson.steps[0], null, within, NOW);
    expect(recordOf(state, lesson.steps[0])).toMatchObject({
      tries: [],
      notYet: expect.stringContaining('whether the merged network computes the same function'),
    });
  });

  test('asked before the lesson takes one answer and does not say whether it is right', async () => {
    const question = 'ask: Q\nanswer: number\nexpect: answer = row.cells\npair: p\ntest: ';
    const lesson = lessonOf('## A', '', ...fenced('check', `${question}before`), '## B', '', ...fenced('check', `${question}after`));
    const within = { world: await worldOf({}), data: {} };
    const [before] = lesson.steps;
    const state = answer(startPlayer(NOW), before, 8, within, NOW);
    expect(recordOf(state, before).tries[0]).toMatchObject({ right: false, say: 'Noted. This is asked again at the end.' });
    expect([goOn(state, lesson, within).at, pointsOf(lesson, state)]).toEqual([1, { right: 0, of: 1 }]);
  });
});

test('a prediction is made once, and its gap counts cells found, missed and too many', async () => {
  const lesson = lessonOf('## A', '', ...fenced('prediction', 'guess: cells\nof: row\nask: Draw'));
  const kernels: WrittenScene['kernels'] = [{ kind: 'weights', K: 3, weight: [1, 1, 1, 1, 1, 1, 1, 1, 1] }];
  const within = { world: await worldOf({ h: 4, w: 4, kernels, follow: { kind: 'window', o: 0, i: 0, j: 0 } }), data: {} };
  const [step] = lesson.steps;
  // In the corner the window covers the pixels 0, 1, 4 and 5.
  const on = Array.from({ length: 16 }, (_, at) => [0, 1, 15].includes(at));
  const state = predict(startPlayer(NOW), step, { kind: 'cells', on }, within);
  expect(recordOf(state, step).prediction?.gap).toMatchObject({ rows: 4, columns: 4, hit: 2, missed: 2, extra: 1 });
  expect(predict(state, step, { kind: 'cells', on: on.map(() => true) }, within)).toBe(state);
  expect(reasonToStay(state, step, within)).toBeNull();
});

test('a command holds the lesson until it was run and what it is for has become true', async () => {
  const lesson = lessonOf('## A', '', ...fenced('command', 'run: run-merge\nuntil: scene.folded'));
  const [step] = lesson.steps;
  const apart = { world: await worldOf({}), data: {} };
  const folded = { world: await worldOf({ folded: true }), data: {} };
  const ran = commandRan(startPlayer(NOW), step, 'run-merge');
  expect(commandRan(startPlayer(NOW), step, 'go-cost').records).toEqual({});
  expect([reasonToStay(startPlayer(NOW), step, folded), reasonToStay(ran, step, apart), reasonToStay(ran, step, folded)]).toEqual([
    'Do what the step asks for first.',
    'It is not done yet.',
    null,
  ]);
});

describe('played without a window', () => {
  const play = async (...body: readonly string[]) => playLesson(lessonOf(...body), await worldOf({}), laboratory);

  test('a lesson that can be answered rightly and wrongly has no problem', async () => {
    const { problems, right, wrong } = await play('## A', '', ...fenced('check', 'ask: Q\nanswer: number\nexpect: answer = row.cells'));
    expect([problems, right[0].did, wrong[0].did]).toEqual([[], ['answered 9: right'], [expect.stringMatching(/wrong$/)]]);
  });

  test('a check that accepts everything, and one that nothing satisfies, are found', async () => {
    const all = await play('## A', '', ...fenced('check', 'ask: Q\nanswer: number\nexpect: answer = row.cells or row.cells = 9'));
    expect(all.problems.map(({ message }) => message)).toContainEqual(expect.stringContaining('nothing that was tried is judged wrong'));
    const nothing = await play('## A', '', ...fenced('check', 'ask: Q\nanswer: number\nexpect: answer = row.cells and row.cells = 4'));
    expect(nothing.problems.map(({ line, message }) => `${line} ${message}`)).toContainEqual(expect.stringMatching(/^7 .*judged right/));
  });

  test('something to be done needs a state in which it is done', async () => {
    const ask = 'ask: Move\nexpect: row.cells = 4';
    expect((await play('## A', '', ...fenced('check', ask))).problems.length).toBeGreaterThan(0);
    const tryout = `${ask}\ntryout: {right: {scene: {follow: {kind: window, o: 0, i: 0, j: 0}}}}`;
    expect((await play('## A', '', ...fenced('check', tryout))).problems).toEqual([]);
  });

  test('a prediction of what is not there is found', async () => {
    const { problems } = await play('## A', '', ...fenced('prediction', 'guess: number\nof: merge.maxAbs\nfrom: 0\nto: 1\nask: Q'));
    expect(problems[0].message).toContain('is not known at this step');
  });
});

test('a figure that cannot be drawn is found, with its step', async () => {
  const lesson = lessonOf(
    '## A {#a}',
    '',
    ...fenced(
      'picture',
      'figure: {kind: figure5, source: {path: "bundled:pure-mlp-small", layer: x}, outputChannel: 0, row: 0, column: 0, inputChannel: 0}\nalt: Maps.',
    ),
  );
  const { problems } = await playLesson(lesson, await worldOf({}), laboratory);
  expect(problems.map(({ message }) => message)).toEqual(
    ['right', 'wrong'].map((path) => `step "a", ${path} path: there is no such block`),
  );
});
