// Lessons made to do harm: none runs, loads, hangs or breaks anything. What is wrong is said with its line; what is only text is shown
// as text.
import { describe, expect, test } from 'vitest';
import { parseLesson } from './parse-lesson';
import { lessonHtml } from './text/lesson-text';

const AROUND = { commands: ['run-merge'], files: ['own.svg'] };
const HEAD = '---\nlesson: 1\nid: small\ntitle: Small\nsummary: A small one.\n---\n\n';
const read = (text: string) => parseLesson(text, AROUND);
const step = (text: string) => read(`${HEAD}## One\n\n${text}\n`);
const check = (...fields: readonly string[]) => step(['```check', ...fields, '```'].join('\n'));
const said = ({ problems }: ReturnType<typeof read>) => problems.map(({ line, message }) => `${line}: ${message}`);

describe('what is refused is said with its line', () => {
  test.each<[string, () => ReturnType<typeof read>, RegExp]>([
    [
      'aliases that grow without end',
      () => read('---\nlesson: 1\na: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n---\n\n## A\n\na\n'),
      /^4: .*\*/,
    ],
    ['an alias inside itself', () => read('---\nlesson: &a [*a]\n---\n\n## A\n\na\n'), /^2: /],
    ['merge keys', () => read('---\nlesson: 1\nbase: &b {id: x}\n<<: *b\n---\n\n## A\n\na\n'), /^4: /],
    ['tags that make objects', () => read('---\nlesson: !!js/function "x"\n---\n\n## A\n\na\n'), /^2: /],
    [
      'a prototype by its name',
      () => read(`---\nlesson: 1\nid: small\ntitle: a\nsummary: a\n__proto__: {x: 1}\n---\n\n## A\n\na\n`),
      /^6: .*__proto__/,
    ],
    ['the same field twice', () => check('ask: a', 'ask: b', 'expect: row.cells = 1'), /^12: is not YAML/],
    ['steps of one name', () => read(`${HEAD}## One\n\na\n\n## One\n\nb\n`), /^12: .*called one already/],
    ['a step called like what every object has', () => read(`${HEAD}## One {#__proto__}\n\na\n`), /^8: .*small letters/],
    ['ten million letters', () => read(`${HEAD}${'x'.repeat(1e7)}`), /^1: .*two million/],
    ['a formula of brackets', () => check('ask: a', `expect: ${'('.repeat(1e5)}1${')'.repeat(1e5)} = 1`), /^12: /],
    ['a formula of signs', () => check('ask: a', `expect: row.cells = ${'-'.repeat(1e5)}1`), /^12: /],
    ['a formula of one hundred thousand terms', () => check('ask: a', `expect: row.cells = 1${' + 1'.repeat(1e5)}`), /^12: /],
    [
      'a field of lists in lists',
      () => check('ask: a', `hints: ${'['.repeat(1e4)}${']'.repeat(1e4)}`, 'expect: row.cells = 1'),
      /^1[0-9]: /,
    ],
    ['a value by the way of a prototype', () => check('ask: a', 'expect: constructor.name = "x"'), /^12: .*constructor/],
    ['a function that is none of the language', () => check('ask: a', 'expect: eval("1") = row.cells'), /^12: /],
    ['a scene as large as a memory', () => step('```state\nscene: {h: 1000000, w: 1000000}\n```'), /^11: .*h/],
    ['a kernel that is not there', () => step('```state\nscene: {kernels: [{kind: weights, K: 3, weight: []}]}\n```'), /^11: /],
    ['more trainings than a life has', () => step('```state\ntraining: {epochs: 100000000}\n```'), /^11: .*epochs/],
    ['more samples than there are', () => step('```state\ndata: {embedded: shapes, samples: 1e12}\n```'), /^11: .*samples/],
    ['a picture by a path', () => step('```picture\nfile: ../../../etc/passwd.svg\nalt: a\n```'), /^11: .*without a path/],
    ['a picture by an address', () => step('```picture\nfile: https://example.org/a.png\nalt: a\n```'), /^11: /],
    ['a picture of the network in the text', () => step('![a](https://example.org/a.png)'), /^10: .*network/],
    ['the same, as a reference', () => step('![a][b]\n\n[b]: https://example.org/a.png'), /^12: .*network/],
    [
      'a figure of a file of this machine',
      () =>
        step(
          '```picture\nfigure: {kind: figure5, source: {path: /etc/passwd}, outputChannel: 0, row: 0, column: 0, inputChannel: 0}\nalt: a\n```',
        ),
      /^11: .*\/etc\/passwd/,
    ],
    ['a block that is never closed', () => step('```check\nask: a'), /^1[0-9]: /],
  ])('%s', (_, hostile, message) => {
    const result = hostile();
    expect(result.lesson).toBeNull();
    expect(said(result)).toEqual(expect.arrayContaining([expect.stringMatching(message)]));
  });
});

describe('what is shown does nothing', () => {
  const html = (text: string): string => lessonHtml(text, { picture: (name) => (name === 'own.svg' ? 'blob:own' : null) });
  test.each([
    ['a script', '<script>alert(1)</script>'],
    ['a picture with a handler', '<img src=x onerror=alert(1)>'],
    ['a frame', '<iframe src="https://example.org"></iframe>'],
    ['a style', '<style>* { display: none }</style>'],
    ['a form', '<form action="https://example.org"><input name=a></form>'],
    ['a drawing with a script', '<svg onload=alert(1)><script>1</script></svg>'],
    ['a link that runs', '[a](javascript:alert(1))'],
    ['one in disguise', '[a](java&#x73;cript:alert(1))'],
    ['a page as an address', '[a](data:text/html,<script>1</script>)'],
    ['an address by itself', '<javascript:alert(1)>'],
    ['a picture by its reference', '![a][b]\n\n[b]: https://example.org/a.png'],
    ['a picture that breaks out of its text', '![" onerror="alert(1)](own.svg "x\\" onload=\\"y")'],
    ['a formula that links', '$\\href{javascript:alert(1)}{x}$'],
    ['a formula with a picture', '$\\includegraphics{https://example.org/a.png}$'],
    ['a formula with HTML', '$\\htmlData{x=y}{\\htmlId{app}{x}}$'],
    ['a formula that calls itself', '$\\def\\a{\\a\\a}\\a$'],
    ['a formula as wide as a street', '$\\rule{1000000em}{1000000em}$'],
  ])('%s', (_, text) => {
    const made = html(text);
    expect(made).not.toMatch(/<(script|iframe|style|form|input|object|embed|link|a)\b/i);
    // What stands inside quotation marks is an attribute's text.
    expect(made.replace(/"[^"]*"/g, '""')).not.toMatch(/<[a-z][^>]*\son[a-z]+\s*=/i);
    expect(made).not.toMatch(/(src|href)="(https?:|javascript:|data:text|\/\/)/i);
  });
});

test('line ends, a byte order mark and tabs behind the fence change neither the lesson nor its lines', () => {
  const text = `${HEAD}## One\n\n\`\`\`check\t\nask: Q\nanswer: number\nexpect: answer = row.cells\n\`\`\`\n`;
  const plain = read(text);
  expect(plain.problems).toEqual([]);
  for (const other of [
    text.replaceAll('\n', '\r\n'),
    text.replaceAll('\n', '\r'),
    `\uFEFF${text}`,
    `\uFEFF${text.replaceAll('\n', '\r\n')}`,
  ])
    expect(read(other)).toEqual(plain);
});

test('quotations and lists in one another to any depth are text', () => {
  for (const deep of ['> '.repeat(2000), '- '.repeat(500), '*'.repeat(5000), '['.repeat(5000), '$'.repeat(5001)])
    expect(typeof lessonHtml(`${deep} x`, { picture: () => null })).toBe('string');
});
