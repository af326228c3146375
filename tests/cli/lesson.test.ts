// repmlp lesson as it is used: check, export, results; the shipped lessons, broken files, and a lesson written by the manual alone.
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { answersOf, answersText } from '../../src-shared/lesson/class/answers';
import { startPlayer } from '../../src-shared/lesson/player/player';
import { lessonOf } from '../../electron/app/lesson/check-lesson';
import { readLessonFiles } from '../../electron/app/lesson/lesson-folder';
import { readPage, referencePages } from '../../electron/cli/reference/pages';
import { repmlp } from './repmlp';

const LESSONS = fileURLToPath(new URL('../../assets/lessons/', import.meta.url));
let folder: string;
beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'repmlp-lesson-'))));
afterAll(() => rm(folder, { recursive: true, force: true }));

async function written(name: string, text: string): Promise<string> {
  await mkdir(join(folder, name), { recursive: true });
  await writeFile(join(folder, name, 'lesson.md'), text);
  return join(folder, name);
}

describe.each(await readdir(LESSONS))('the shipped lesson %s', (name) => {
  test('is right, and can be played along a right and a wrong path', async () => {
    const { code, stdout, stderr } = await repmlp(['lesson', 'check', `${LESSONS}${name}`, '--json']);
    expect(stderr).not.toMatch(/error/i);
    const verdict = JSON.parse(stdout) as {
      valid: boolean;
      problems: unknown[];
      steps: unknown[];
      played: { right: unknown[]; wrong: unknown[] };
    };
    expect([code, verdict.valid, verdict.problems]).toEqual([0, true, []]);
    expect([verdict.played.right.length, verdict.played.wrong.length]).toEqual([verdict.steps.length, verdict.steps.length]);
  });
});

test('a lesson written by the manual alone is right at the first try', async () => {
  const text = /````markdown\n([\s\S]*?)````/.exec(readPage('writing-lessons.md'))?.[1] ?? '';
  const { code, stdout } = await repmlp(['lesson', 'check', await written('manual', text)]);
  expect([code, stdout]).toEqual([0, expect.stringContaining('a right lesson, my-first-lesson: 1 steps')]);
});

test('every example of the manual is taken as it stands', async () => {
  const examples = [
    ...readPage('writing-lessons.md').matchAll(/^### (state|highlight|picture|prediction|command|check)\n[\s\S]*?```yaml\n([\s\S]*?)```/gm),
  ];
  expect(examples.map(([, kind]) => kind).sort()).toEqual(['check', 'command', 'highlight', 'picture', 'prediction', 'state']);
  for (const [, kind, body] of examples) {
    const text = `---\nlesson: 1\nid: a\ntitle: a\nsummary: a\n---\n## A\n\n\`\`\`${kind}\n${body}\`\`\`\n`;
    expect(lessonOf({ text, pictures: [] }).problems).toEqual([]);
  }
});

test('the pages made of the code are as the code is (npm run reference writes them)', async () => {
  for (const [name, text] of Object.entries(await referencePages())) expect(readPage(name), name).toBe(text);
});

test('what is wrong is printed with file and line, exit 1; a file that is not there is exit 2', async () => {
  const broken = await written(
    'broken',
    '---\nlesson: 1\nid: b\ntitle: b\nsummary: b\n---\n\n## A\n\n```check\nask: a\nexpect: row.cels = 4\n```\n',
  );
  const { code, stdout } = await repmlp(['lesson', 'check', broken]);
  expect([code, stdout.trim()]).toEqual([
    1,
    expect.stringMatching(/lesson\.md:12: expect: there is no value row\.cels; did you mean "row\.cells"/),
  ]);
  const missing = await repmlp(['lesson', 'check', join(folder, 'nowhere.md')]);
  expect([missing.code, missing.stderr]).toEqual([2, expect.stringContaining('there is no such file')]);
});

test('the handout is one file that loads nothing: pictures and formulas are in it, answers where they are asked for', async () => {
  const out = join(folder, 'handout.html');
  expect((await repmlp(['lesson', 'export', `${LESSONS}02-batch-norm`, out])).code).toBe(0);
  const html = await readFile(out, 'utf8');
  expect(html).toMatch(/<math[\s\S]*<svg[\s\S]*The matrix of the convolution/);
  expect(html).not.toMatch(/<script|<link|https?:\/\/(?!www\.w3\.org)|katex-error|\[\[|…/);
  expect(html).not.toContain('<h2>Answers</h2>');
  const again = await repmlp(['lesson', 'export', `${LESSONS}02-batch-norm`, out, '--answers']);
  expect([again.code, again.stderr]).toEqual([2, expect.stringContaining('exists already')]);
  expect((await repmlp(['lesson', 'export', `${LESSONS}02-batch-norm`, out, '--answers', '--force'])).code).toBe(0);
  // gamma / sqrt(variance) = 2 / 4.
  expect(await readFile(out, 'utf8')).toMatch(/<h2>Answers<\/h2>[\s\S]*Step 1: 0\.5</);
});

test('a lesson may draw a figure of what comes along, and a stage that is prepared stands in the handout as one', async () => {
  const text = `---\nlesson: 1\nid: f\ntitle: f\nsummary: f\n---\n## A\n\n\`\`\`state\nstage: cost\nnetwork: {model: pure-mlp-small}\n\`\`\`\n\n## B\n\n\`\`\`picture\nfigure: {kind: convolution, scene: {h: 4, w: 4}}\nalt: Sixteen rows.\n\`\`\`\n`;
  const lesson = await written('figures', text);
  expect((await repmlp(['lesson', 'check', lesson])).code).toBe(0);
  const out = join(folder, 'figures.html');
  expect((await repmlp(['lesson', 'export', lesson, out])).code).toBe(0);
  const drawn = [...(await readFile(out, 'utf8')).matchAll(/<img src="data:image\/svg\+xml,([^"]*)"/g)].map(([, svg]) =>
    decodeURIComponent(svg),
  );
  expect(drawn.map((svg) => /<title>([^<]*)/.exec(svg)?.[1])).toEqual([
    expect.stringContaining('pure-mlp-small'),
    'A convolution as a sparse matrix',
  ]);
});

test('a translation is exported as far as it goes, and a language that is not there is refused', async () => {
  const out = join(folder, 'deutsch.html');
  expect((await repmlp(['lesson', 'export', `${LESSONS}01-sparse-matrix`, out, '--language', 'de'])).code).toBe(0);
  expect(await readFile(out, 'utf8')).toMatch(/Eine Faltung ist[\s\S]*At the border/);
  const { code, stderr } = await repmlp(['lesson', 'export', `${LESSONS}01-sparse-matrix`, join(folder, 'x.html'), '--language', 'fr']);
  expect([code, stderr]).toEqual([2, expect.stringContaining('there is en, de')]);
});

test('a folder of answers makes a table, JSON and CSV; what was changed is marked and gives exit 1', async () => {
  const { lesson } = lessonOf(await readLessonFiles(`${LESSONS}01-sparse-matrix`));
  if (!lesson) throw new Error('the first lesson is broken');
  const answers = join(folder, 'answers');
  await mkdir(answers);
  const save = async (name: string, change = (text: string) => text): Promise<void> => {
    const head = { name, saved: new Date(0), studio: '1', lessonHash: 'h' };
    await writeFile(join(answers, `${name}.json`), change(await answersText(answersOf(lesson, startPlayer(new Date(0)), head))));
  };
  await save('Ada');
  await save('Ben');
  const whole = await repmlp(['lesson', 'results', answers]);
  expect([whole.code, whole.stdout]).toEqual([0, expect.stringMatching(/2 pupils[\s\S]*Ada +0\/11 +0\/7[\s\S]*learning gain: not known/)]);
  await save('Cem', (text) => text.replace('"Cem"', '"Dan"'));
  await writeFile(join(answers, 'other.json'), '{}');
  await writeFile(join(answers, 'empty.json'), '');
  await mkdir(join(answers, 'folder.json'));
  const json = await repmlp(['lesson', 'results', answers, '--json']);
  const { lessons, refused } = JSON.parse(json.stdout) as {
    lessons: { pupils: { name: string; changed: boolean }[] }[];
    refused: string[];
  };
  expect(lessons[0].pupils.map(({ name, changed }) => [name, changed])).toEqual([
    ['Ada', false],
    ['Ben', false],
    ['Dan', true],
  ]);
  // One that cannot be read spoils nobody else's.
  expect([json.code, refused]).toEqual([
    1,
    [
      expect.stringMatching(/^left out: empty\.json is damaged/),
      expect.stringMatching(/^left out: .*folder\.json: is a folder/),
      'left out: other.json is no file of answers',
    ],
  ]);
  expect((await repmlp(['lesson', 'results', answers, '--csv'])).stdout.split('\n')[1]).toMatch(/^sparse-matrix,Ada,0,11,0,7,/);
  const empty = await repmlp(['lesson', 'results', folder]);
  expect([empty.code, empty.stderr]).toEqual([2, expect.stringContaining('holds no file of answers')]);
});
