// A lesson checked: read, its translations too, and played along a right and a wrong path where nothing is wrong with it.
import { allCommandRecords } from '@shared/link/commands';
import { parseLesson } from '@shared/lesson/parse-lesson';
import { playLesson, type Played } from '@shared/lesson/player/headless';
import type { HeadlessLaboratory } from '@shared/lesson/player/headless-commands';
import type { Lesson } from '@shared/lesson/format';
import type { LessonProblem } from '@shared/lesson/problem';
import { parseTranslation, translationFile } from '@shared/lesson/translation';
import { openedWorld } from '@shared/lesson/world';
import { basename } from 'node:path';
import type { LessonOnDisk } from './lesson-folder';

export interface LessonVerdict {
  readonly lesson: Lesson | null;
  /** Problems by the file they are in. */
  readonly problems: readonly (LessonProblem & { readonly file: string })[];
  readonly played: Played | null;
  /** Steps that each translation leaves in the lesson's own language. */
  readonly untranslated: Readonly<Record<string, readonly string[]>>;
}

/** Reads a lesson as the window does. */
export function lessonOf({ text, pictures }: Pick<LessonOnDisk, 'text' | 'pictures'>) {
  return parseLesson(text, { commands: allCommandRecords.map(({ id }) => id), files: pictures });
}

/** Everything that is wrong with a lesson and its translations. */
export async function checkLesson(files: LessonOnDisk, laboratory: HeadlessLaboratory): Promise<LessonVerdict> {
  const { lesson, problems } = lessonOf(files);
  const found = problems.map((problem) => ({ ...problem, file: files.path }));
  if (lesson === null) return { lesson, problems: found, played: null, untranslated: {} };
  const untranslated: Record<string, readonly string[]> = {};
  for (const [language, text] of Object.entries(files.translations)) {
    const translation = parseTranslation(text, lesson, language);
    const file = translationFile(files.path, language);
    found.push(...translation.problems.map((problem) => ({ ...problem, file })));
    untranslated[basename(file)] = lesson.steps.filter(({ id }) => !translation.steps.has(id)).map(({ id }) => id);
  }
  const played = await playLesson(lesson, await openedWorld(laboratory), laboratory);
  found.push(...played.problems.map((problem) => ({ ...problem, file: files.path })));
  return { lesson, problems: found, played, untranslated };
}
