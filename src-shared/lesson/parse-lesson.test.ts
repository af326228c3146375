// Lessons read from their text: what is right, and what is wrong with the line it stands in.
import { describe, expect, test } from 'vitest';
import { parseLesson } from './parse-lesson';
import { parseTranslation, translated } from './translation';
import type { Lesson } from './format';

const AROUND = { commands: ['run-merge', 'go-cost'], files: ['window.svg'] };
const HEAD = ['---', 'lesson: 1', 'id: small', 'title: Small', 'summary: A small one.', '---', ''];
/** The first line of the body is line 8. */
const lessonOf = (...body: readonly string[]) => parseLesson([...HEAD, ...body, ''].join('\n'), AROUND);
const block = (kind: string, ...fields: readonly string[]): string[] => [`\`\`\`${kind}`, ...fields, '```'];

test('a step has its heading, text and blocks, and keeps its line', () => {
  const { lesson, problems } = lessonOf(
    'Before.',
    '',
    '## One {#one}',
    '',
    'Text $a$.',
    '',
    ...block('check', 'ask: How many?', 'answer: number', 'expect: answer = row.cells'),
    '',
    'After.',
    '',
    '## Two',
    '',
    'End.',
  );
  expect(problems).toEqual([]);
  expect(lesson?.introduction).toBe('Before.');
  expect(lesson?.steps.map(({ id, title, line, text }) => ({ id, title, line, text: text.replace(/\s+/g, ' ') }))).toEqual([
    { id: 'one', title: 'One', line: 10, text: 'Text $a$. After.' },
    { id: 'two', title: 'Two', line: 22, text: 'End.' },
  ]);
  expect(lesson?.steps[0].blocks.check).toMatchObject({ ask: 'How many?', tries: 3, hints: [] });
});

test('headings and fences inside code, lists and quotations begin nothing', () => {
  const { lesson, problems } = lessonOf(
    '## One',
    '',
    ...block('text', '## no step', '```check'),
    '',
    '> ## no step either',
    '',
    '- item',
    '',
    '  ```check',
    '  nonsense',
    '  ```',
  );
  expect(problems).toEqual([]);
  expect(lesson?.steps).toHaveLength(1);
  expect(lesson?.steps[0].blocks).toEqual({});
});

test('line ends of other systems and a byte order mark change nothing', () => {
  const source = [...HEAD, '## One', '', ...block('check', 'ask: Q', 'answer: number', 'expect: 1 = 1 +'), ''].join('\r\n');
  expect(parseLesson(`\uFEFF${source}`, AROUND).problems).toEqual([expect.objectContaining({ line: 13 })]);
});

describe('what is wrong is said with its line', () => {
  const check = (...fields: readonly string[]) => lessonOf('## One', '', ...block('check', ...fields));
  test.each<[string, ReturnType<typeof parseLesson>, number, RegExp]>([
    ['no front matter', parseLesson('## One\n', AROUND), 1, /does not begin with front matter/],
    ['no step', lessonOf('text'), 2, /has no step/],
    ['a newer version', parseLesson('---\nlesson: 7\nid: a\ntitle: a\nsummary: a\n---\n## A\n\na\n', AROUND), 2, /newer program/],
    [
      'an unknown field of the front matter',
      parseLesson('---\nlesson: 1\nid: a\ntitle: a\nsummary: a\ntitel: b\n---\n## A\n\na\n', AROUND),
      6,
      /titel.*did you mean "title"/,
    ],
    ['a block of an unknown kind', lessonOf('## One', '', ...block('chek', 'a: 1')), 10, /no kind of step block; did you mean "check"/],
    ['a block before the first step', lessonOf(...block('check', 'a: 1'), '', '## One', '', 'a'), 8, /before the first step/],
    [
      'two blocks of one kind',
      lessonOf('## One', '', ...block('picture', 'file: window.svg', 'alt: a'), ...block('picture', 'file: window.svg', 'alt: a')),
      14,
      /a second picture/,
    ],
    ['two steps of one name', lessonOf('## One', '', 'a', '', '## One', '', 'b'), 12, /called one already/],
    ['broken YAML', check('ask: "open', 'expect: 1'), 12, /is not YAML/],
    ['an unknown field', check('ask: a', 'hnts: [a]', 'expect: row.cells = 1'), 12, /hnts.*did you mean "hints"/],
    ['a formula that cannot be read', check('ask: a', 'expect: row.cells ='), 12, /the end of/],
    ['an unknown value', check('ask: a', 'expect: row.cels = 4'), 12, /did you mean "row.cells"/],
    ['a formula that is no truth value', check('ask: a', 'expect: row.cells + 1'), 12, /has to be a boolean/],
    ['a stored key', check('ask: a', 'answer: number', 'expect: answer = 9'), 13, /looks at no value of the app/],
    [
      'a stored key among options',
      check('ask: a', 'options:', '  - {text: a, when: row.cells = 9}', '  - {text: b, when: 1 = 2}'),
      14,
      /looks at no value/,
    ],
    ['an answer where none is typed', check('ask: a', 'expect: answer = row.cells'), 12, /no value answer/],
    ['neither options nor expect', check('ask: a'), 11, /either `options`.*or `expect`/],
    [
      'a question before without one after',
      check('ask: a', 'expect: row.cells = 1', 'test: before', 'pair: p'),
      8,
      /has 0 questions with "test: after"/,
    ],
    ['an unknown command', lessonOf('## One', '', ...block('command', 'run: run-merg')), 11, /did you mean "run-merge"/],
    ['an unknown part', lessonOf('## One', '', ...block('highlight', 'part: scene-matrx')), 11, /did you mean "scene-matrix"/],
    ['a hidden part that is none', lessonOf('## One', '', ...block('state', 'stage: cost', 'hide: [ledgr]')), 12, /did you mean "ledger"/],
    ['a scene that cannot be', lessonOf('## One', '', ...block('state', 'scene:', '  C: 3', '  groups: 2')), 13, /must divide/],
    ['a network that is none', lessonOf('## One', '', ...block('state', 'network: {model: pure-mlp-smal}')), 11, /pure-mlp-smal/],
    ['a picture that is not there', lessonOf('## One', '', ...block('picture', 'file: other.svg', 'alt: a')), 11, /does not lie/],
    ['a picture elsewhere', lessonOf('## One', '', ...block('picture', 'file: ../window.svg', 'alt: a')), 11, /without a path/],
    ['a picture of the network in a text', lessonOf('## One', '', '![a](https://example.org/a.png)'), 10, /loaded from the network/],
    ['a formula in a text', lessonOf('## One', '', 'Text.', '', 'It has [[row.cels]] cells.'), 12, /row\.cels/],
    ['a formula in the introduction', lessonOf('It has [[row.cels]] cells.', '', '## One', '', 'a'), 8, /row\.cels/],
    ['a picture in the introduction', lessonOf('![a](b.svg)', '', '## One', '', 'a'), 8, /b\.svg does not lie/],
    ['a picture in a question', check('ask: "![a](b.svg)"', 'expect: row.cells = 1'), 11, /ask: the picture b\.svg does not lie/],
    ['a picture by its reference', lessonOf('## One', '', '![a][b]', '', '[b]: c.svg'), 12, /c\.svg does not lie/],
  ])('%s', (_, { lesson, problems }, line, message) => {
    expect(lesson).toBeNull();
    expect(problems.map((problem) => `${problem.line}: ${problem.message}`)).toEqual(
      expect.arrayContaining([expect.stringMatching(new RegExp(`^${line}: .*${message.source}`, 's'))]),
    );
  });

  test('several things are wrong: all are said, in the order of the file', () => {
    const { problems } = lessonOf(
      '## One',
      '',
      ...block('check', 'ask: a', 'expect: rw = 1'),
      '',
      '## Two',
      '',
      ...block('command', 'run: no'),
    );
    expect(problems.map(({ line }) => line)).toEqual([12, 18]);
  });
});

test('no text breaks the reading: whatever comes, it answers', () => {
  const texts = [
    '',
    '---',
    '---\n---\n',
    '---\nlesson: [1\n---\n## x',
    `---\nlesson: &a [*a]\n---\n## x`,
    '\0\0',
    '## '.repeat(2000),
    '```check\n'.repeat(50),
    '$$\n## x\n',
  ];
  for (const text of texts) {
    const { lesson, problems } = parseLesson(text, AROUND);
    expect(lesson).toBeNull();
    expect(problems.length).toBeGreaterThan(0);
  }
});

describe('a translation', () => {
  const { lesson } = lessonOf(
    '## One {#one}',
    '',
    'English.',
    '',
    ...block('check', 'ask: How many?', 'answer: number', 'expect: answer = row.cells', 'hints: [First, Second]'),
    '',
    '## Two {#two}',
    '',
    'More.',
  );
  const german = (...body: readonly string[]) =>
    parseTranslation(
      ['---', 'lesson: 1', 'of: small', 'language: de', 'title: Klein', '---', ...body, ''].join('\n'),
      lesson as Lesson,
      'de',
    );

  test('changes words and nothing else; a step without one stays and says its language', () => {
    const translation = german('## Eins {#one}', '', 'Deutsch.', '', ...block('check', 'ask: Wie viele?', 'hints: [Erstens]'));
    expect(translation.problems).toEqual([]);
    const { title, steps } = translated(lesson as Lesson, translation);
    expect([title, steps[0].title, steps[0].text, steps[0].language, steps[1].text, steps[1].language]).toEqual([
      'Klein',
      'Eins',
      'Deutsch.',
      'de',
      'More.',
      'en',
    ]);
    expect(steps[0].blocks.check).toMatchObject({ ask: 'Wie viele?', expect: 'answer = row.cells', hints: ['Erstens', 'Second'] });
  });

  test('is read as it will be shown: an unknown value, a picture elsewhere and too long a text are said with their line', () => {
    const messages = german(
      'Es hat [[row.cels]].',
      '',
      '## Eins {#one}',
      '',
      '![a](https://example.org/a.png)',
      '',
      ...block('check', 'ask: "[[rw]]?"'),
    ).problems.map(({ line, message }) => `${line}: ${message}`);
    expect(messages).toEqual([
      expect.stringMatching(/^7: .*row\.cels/),
      expect.stringMatching(/^11: .*network/),
      expect.stringMatching(/^14: .*rw/),
    ]);
    expect(parseTranslation('x'.repeat(3e6), lesson as Lesson, 'de').problems).toEqual([
      { line: 1, message: expect.stringContaining('two million') as string },
    ]);
  });

  test('may not change what is right, nor speak of steps that are not there', () => {
    const messages = german('## Eins {#one}', '', ...block('check', 'expect: answer = 1'), '', '## Drei {#three}', '', 'x').problems.map(
      ({ line, message }) => `${line}: ${message}`,
    );
    expect(messages).toEqual([expect.stringMatching(/^10: expect.*texts alone/s), expect.stringMatching(/^13: .*no step "three"/)]);
  });
});

describe('a figure in a lesson', () => {
  const picture = (figure: string) => lessonOf('## One', '', ...block('picture', `figure: ${figure}`, 'alt: Something.'));

  test('is its recipe, with format and layout where they are left out', () => {
    const { lesson, problems } = picture('{kind: convolution, scene: {h: 4, w: 4}}');
    expect(problems).toEqual([]);
    expect(lesson?.steps[0].blocks.picture?.figure).toMatchObject({
      format: 'repmlp-figure',
      kind: 'convolution',
      layout: { widthMm: 120 },
    });
  });

  test.each([
    [
      'a file of the machine',
      '{kind: locality, source: {path: /home/me/secret.pth}}',
      /reads "\/home\/me\/secret.pth"; a figure of a lesson reads/,
    ],
    [
      'a picture file',
      '{kind: overlay, source: {path: "bundled:a"}, group: null, map: input, picture: {file: cat.png}}',
      /reads "cat.png"/,
    ],
    ['runs', '{kind: accuracy-cost, runs: [runs/one]}', /reads "runs\/one"/],
    ['no kind of figure', '{kind: pie}', /there is no such figure, expected one of .*got "pie"/],
    ['a scene that is none', '{kind: convolution, scene: {h: 99}}', /"scene.h"/],
  ])('is refused with its line where it reads %s', (_, figure, message) => {
    const { problems } = picture(figure);
    expect(problems.map((problem) => problem.message).join()).toMatch(message);
    expect(problems.map(({ line }) => line)).toEqual([11]);
  });
});
