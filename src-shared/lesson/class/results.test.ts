// A class's files of answers: the hash, the table, the learning gain by hand.
import { expect, test } from 'vitest';
import { answersText, parseAnswers, type AnswersContent, type StepAnswers } from './answers';
import { resultsCsv, resultsOf } from './results';

const AT = '2026-01-01T00:00:00.000Z';
function step(id: string, rights: readonly boolean[], test: StepAnswers['test'] = null): StepAnswers {
  const tries = rights.map((right) => ({ answer: 'x', right, at: AT }));
  return {
    step: id,
    title: id,
    test,
    pair: test && 'p',
    tries,
    triesAllowed: 3,
    hints: 1,
    right: rights.length > 0 ? rights.includes(true) : null,
    gap: null,
  };
}
function content(name: string, before: boolean | null, after: boolean | null, own: readonly boolean[]): AnswersContent {
  const once = (right: boolean | null): boolean[] => (right === null ? [] : [right]);
  const answers = [step('before', once(before), 'before'), step('own', own), step('after', once(after), 'after')];
  return { lesson: { id: 'l', title: 'L', steps: 3, hash: 'h' }, name, started: AT, saved: AT, reached: 3, studio: '1', answers };
}
const read = async (one: AnswersContent) => ({ ...(await parseAnswers(await answersText(one), 'f.json')), file: `${one.name}.json` });

test('a file is as it was saved; one changed letter is seen', async () => {
  const text = await answersText(content('Ada', true, true, [true]));
  expect((await parseAnswers(text, 'f')).unchanged).toBe(true);
  expect((await parseAnswers(text.replace('"Ada"', '"Eve"'), 'f')).unchanged).toBe(false);
  expect((await parseAnswers(text.replace('"right": true', '"right": false'), 'f')).unchanged).toBe(false);
  // Written in another order and with other spaces it says the same.
  const { sha256, content: inside, ...rest } = JSON.parse(text) as Record<string, unknown>;
  expect((await parseAnswers(JSON.stringify({ sha256, content: inside, ...rest }), 'f')).unchanged).toBe(true);
});

test('what is no file of answers, or of a later program, is refused by name', async () => {
  await expect(parseAnswers('{', 'a.json')).rejects.toThrow(/a\.json is damaged/);
  await expect(parseAnswers('{"format":"x"}', 'a.json')).rejects.toThrow(/"format" of a pupil's answers/);
  await expect(parseAnswers('{"format":"repmlp-lesson-answers","version":9}', 'a.json')).rejects.toThrow(/newer program/);
  await expect(parseAnswers('{"format":"repmlp-lesson-answers","version":1,"content":{}}', 'a.json')).rejects.toThrow(/a\.json: .*lesson/);
});

test('the gain is of those who answered both, by first tries: (after - before) / (1 - before)', async () => {
  const files = await Promise.all(
    [
      content('A', false, true, [true]),
      content('B', false, false, [false, true]),
      content('C', true, true, []),
      content('D', false, true, [true]),
      content('E', null, true, [true]),
    ].map(read),
  );
  const [lesson] = resultsOf(files);
  // Of A, B, C and D one knew it before and three after: (3/4 - 1/4) / (3/4).
  expect(lesson.gain).toEqual({ pupils: 4, before: 0.25, after: 0.75, normalized: 0.5 / 0.75 });
  expect(lesson.pupils.map(({ name, right, questions }) => [name, right, questions])).toEqual([
    ['A', 2, 2],
    ['B', 1, 2],
    ['C', 1, 2],
    ['D', 2, 2],
    ['E', 2, 2],
  ]);
  expect(lesson.steps.find(({ id }) => id === 'own')).toEqual({ id: 'own', title: 'own', rightAtFirst: 3, right: 4, answered: 4 });
  expect(lesson.pupils[1].byStep).toEqual({ before: -1, own: 2, after: -1 });
  expect(lesson.notes).toEqual([]);
});

test('a changed file has its row and counts nowhere; another version and a second file of one name are said by their files', async () => {
  const forged = { ...(await read(content('D', true, true, [true]))), unchanged: false };
  const other = content('A', true, true, []);
  const files = [
    await read(content('A', false, true, [true])),
    await read(content('B', false, false, [true])),
    forged,
    { ...(await read({ ...other, lesson: { ...other.lesson, hash: 'other' } })), file: 'again.json' },
  ];
  const [{ notes, gain, steps, pupils }] = resultsOf(files);
  expect(notes).toEqual([
    expect.stringMatching(/^changed after it was saved, and counted neither .*: D\.json$/),
    expect.stringMatching(/2 versions .*: again\.json$/),
    expect.stringMatching(/same name.*: A \(A\.json, again\.json\)$/),
  ]);
  expect(pupils.map(({ name, changed }) => [name, changed])).toEqual([
    ['A', false],
    ['A', false],
    ['B', false],
    ['D', true],
  ]);
  // Of A, B and the second A; D, who knew everything, is left out.
  expect(gain).toEqual({ pupils: 3, before: 1 / 3, after: 2 / 3, normalized: expect.closeTo(0.5, 12) as number });
  expect(steps.find(({ id }) => id === 'own')?.answered).toBe(2);
});

test('where everything was known before there is no gain to be had', async () => {
  const [{ gain }] = resultsOf([await read(content('A', true, true, []))]);
  expect(gain?.normalized).toBeNull();
});

test('in the CSV a name cannot become a formula of a spreadsheet', async () => {
  const lines = resultsCsv(resultsOf([await read(content('=cmd()', true, false, []))])).split('\n');
  expect(lines[0]).toBe('lesson,name,reached,steps,right,questions,tries,hints,before,after,changed,file,before,own,after');
  expect(lines[1]).toBe("l,'=cmd(),3,3,0,2,2,3,1,0,no,'=cmd().json,1,,-1");
});
