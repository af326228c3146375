// Lessons on disk: a Markdown file, its translations beside it (lesson.md, lesson.de.md), its pictures in the same folder. Invariant:
// nothing outside that folder is ever read for a lesson, and nothing but pictures inside it.
import { readdir, stat } from 'node:fs/promises';
import { readRegular } from '../../files/regular-file';
import { basename, dirname, join } from 'node:path';
import { UserError } from '@shared/base/user-error';
import { PICTURE_FILE } from '@shared/lesson/picture';

export interface LessonOnDisk {
  readonly path: string;
  readonly folder: string;
  readonly text: string;
  /** By language. */
  readonly translations: Readonly<Record<string, string>>;
  /** Names of the pictures in its folder. */
  readonly pictures: readonly string[];
}

const LARGEST_TEXT = 2 ** 21;
const LARGEST_PICTURE = 2 ** 23;

/** Reads a lesson by its file, or by the folder that holds `lesson.md`. Rejects with UserError naming what is not there. */
export async function readLessonFiles(path: string): Promise<LessonOnDisk> {
  const found = await stat(path).catch(() => null);
  if (found === null) throw new UserError(`cannot read ${path}: there is no such file`);
  const file = found.isDirectory() ? join(path, 'lesson.md') : path;
  const text = await readText(file);
  const folder = dirname(file);
  const names = await readdir(folder);
  const stem = basename(file).replace(/\.md$/i, '');
  const translations: Record<string, string> = {};
  for (const name of names) {
    const language = translationOf(name, stem);
    if (language !== null) translations[language] = await readText(join(folder, name));
  }
  return { path: file, folder, text, translations, pictures: names.filter((name) => PICTURE_FILE.test(name)).sort() };
}

/** The language of `lesson.de.md` beside `lesson.md`; null where it is none. */
function translationOf(name: string, stem: string): string | null {
  if (!name.startsWith(`${stem}.`) || !name.endsWith('.md')) return null;
  const language = name.slice(stem.length + 1, -3);
  return /^[a-z]{2,3}(-[A-Za-z0-9]+)*$/.test(language) ? language : null;
}

async function readText(path: string): Promise<string> {
  const { size } = await stat(path).catch(() => {
    throw new UserError(`cannot read ${path}: there is no such file`);
  });
  if (size > LARGEST_TEXT) throw new UserError(`${path} has ${size} bytes: a lesson is a text of at most ${LARGEST_TEXT}`);
  return (await readRegular(path, LARGEST_TEXT)).toString('utf8');
}

const MEDIA_TYPES: Readonly<Record<string, string>> = {
  svg: 'image/svg+xml',
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  webp: 'image/webp',
};

/** A picture of a lesson's folder as a data URL, in which it can do nothing but be seen. Rejects with UserError. */
export async function pictureUrl({ folder, pictures }: LessonOnDisk, name: string): Promise<string> {
  if (!pictures.includes(name)) throw new UserError(`${name} does not lie in ${folder}`);
  const path = join(folder, name);
  const { size } = await stat(path);
  if (size > LARGEST_PICTURE) throw new UserError(`${path} has ${size} bytes: a picture of a lesson has at most ${LARGEST_PICTURE}`);
  const ending = name.slice(name.lastIndexOf('.') + 1).toLowerCase();
  return `data:${MEDIA_TYPES[ending]};base64,${(await readRegular(path, LARGEST_PICTURE)).toString('base64')}`;
}
