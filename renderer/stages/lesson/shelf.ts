// The lessons at hand: those that come with the program, and those opened from files. Invariant: a lesson that cannot be read stands on
// the shelf with everything that is wrong with it, and touches nothing else.
import { allCommandRecords } from '@shared/link/commands';
import { hashOf } from '@shared/lesson/class/answers';
import type { Lesson } from '@shared/lesson/format';
import { LONGEST_LESSON, normalised, parseLesson } from '@shared/lesson/parse-lesson';
import { PICTURE_FILE } from '@shared/lesson/picture';
import type { LessonProblem } from '@shared/lesson/problem';
import { parseTranslation, type Translation } from '@shared/lesson/translation';
import type { FoundFile } from '../../studio/dropped-files';

export interface ShelfLesson {
  readonly key: string;
  /** Whether it comes with the program. */
  readonly shipped: boolean;
  /** Its file, for messages. */
  readonly file: string;
  /** Null where it cannot be read. */
  readonly lesson: Lesson | null;
  readonly problems: readonly LessonProblem[];
  /** By language. */
  readonly translations: ReadonlyMap<string, Translation>;
  /** Addresses of its pictures by name. */
  readonly pictures: ReadonlyMap<string, string>;
  /** Of its text; line ends, which an editor or Git may change, make no other version. */
  readonly hash: string;
}

/** Files of one lesson. */
export interface LessonFiles {
  readonly key: string;
  readonly shipped: boolean;
  readonly file: string;
  readonly text: string;
  readonly translations: ReadonlyMap<string, string>;
  readonly pictures: ReadonlyMap<string, string>;
}

/** Reads a lesson; never rejects for what is in it. */
export async function shelved({ key, shipped, file, text, translations, pictures }: LessonFiles): Promise<ShelfLesson> {
  const { lesson, problems } = parseLesson(text, { commands: allCommandRecords.map(({ id }) => id), files: [...pictures.keys()] });
  const read = lesson ? [...translations].map(([language, own]) => [language, parseTranslation(own, lesson, language)] as const) : [];
  const wrong = read.flatMap(([language, { problems: found }]) =>
    found.map((problem) => ({ ...problem, message: `in the translation ${language}: ${problem.message}` })),
  );
  // A translation with faults is left out, and said to be.
  const right = new Map(read.filter(([, translation]) => translation.problems.length === 0));
  // Two lessons of one file name are two; the same one opened again takes the place of the older.
  const ownKey = shipped || !lesson ? key : `opened:${lesson.id}`;
  return {
    key: ownKey,
    shipped,
    file,
    lesson,
    problems: [...problems, ...wrong],
    translations: right,
    pictures,
    hash: await hashOf(normalised(text)),
  };
}

const shippedTexts = import.meta.glob<string>('../../../assets/lessons/*/*.md', { query: '?raw', import: 'default' });
const shippedPictures = import.meta.glob<string>('../../../assets/lessons/*/*.{svg,png}', {
  query: '?url',
  import: 'default',
  eager: true,
});

const folderOf = (path: string): string => path.split('/').slice(0, -1).join('/');
const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** The lessons that come with the program, in their order. */
export async function shippedLessons(): Promise<ShelfLesson[]> {
  const texts = await Promise.all(Object.entries(shippedTexts).map(async ([path, load]) => [path, await load()] as const));
  const pictures = Object.entries(shippedPictures);
  return Promise.all(lessonsAmong(texts, pictures).map((files) => shelved({ ...files, shipped: true, key: nameOf(folderOf(files.file)) })));
}

/** The lessons among texts and pictures by path: a translation is no lesson, pictures are those of the same folder. */
function lessonsAmong(texts: readonly (readonly [string, string])[], pictures: readonly (readonly [string, string])[]): LessonFiles[] {
  const paths = new Set(texts.map(([path]) => path));
  const original = (path: string): string | null => {
    const found = /^(.+)\.([a-z]{2,3}(?:-[A-Za-z0-9]+)*)\.md$/.exec(path);
    return found && paths.has(`${found[1]}.md`) ? `${found[1]}.md` : null;
  };
  const languageOf = (path: string): string => path.split('.').at(-2) ?? '';
  return texts
    .filter(([path]) => original(path) === null)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([file, text]) => ({
      key: `file:${file}`,
      shipped: false,
      file,
      text,
      translations: new Map(texts.filter(([path]) => original(path) === file).map(([path, own]) => [languageOf(path), own])),
      pictures: new Map(pictures.filter(([path]) => folderOf(path) === folderOf(file)).map(([path, url]) => [nameOf(path), url])),
    }));
}

/** A letter takes three bytes at most (of UTF-16): what is longer than this is too long for a lesson, and no more of it is read. */
const MOST_BYTES = 3 * LONGEST_LESSON + 3;

/** The lessons among files that were dropped or chosen. */
export async function lessonsOfFiles(found: readonly FoundFile[]): Promise<ShelfLesson[]> {
  const texts = found.filter(({ path }) => /\.md$/i.test(path));
  const read = await Promise.all(texts.map(async ({ path, file }) => [path, await file.slice(0, MOST_BYTES).text()] as const));
  const pictures = found
    .filter(({ path }) => PICTURE_FILE.test(nameOf(path)))
    .map(({ path, file }) => [path, URL.createObjectURL(file)] as const);
  return Promise.all(
    lessonsAmong(
      read.filter(([path, text]) => texts.length === 1 || isLesson(path, text)),
      pictures,
    ).map(shelved),
  );
}

/** Of a folder with other pages too, those that say they are lessons. */
function isLesson(path: string, text: string): boolean {
  return /^\uFEFF?---[ \t]*\r?\n[\s\S]{0,400}?^lesson:/m.test(text) || nameOf(path) === 'lesson.md';
}
