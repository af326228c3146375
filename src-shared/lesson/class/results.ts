// A class's results: a row a pupil, a column a question, and the learning gain from the questions asked before and after. Invariant: a
// gain is of pupils who answered both; how many those are stands beside it. A file that was changed has its row and counts nowhere.
import { groups } from 'd3-array';
import { csvLine } from '../../base/csv-line';
import type { AnswersFile, StepAnswers } from './answers';

/** A file of answers, and its name. */
type ReadFile = AnswersFile & { readonly file: string };

export interface PupilRow {
  readonly file: string;
  readonly name: string;
  readonly lesson: string;
  /** Steps reached, of all. */
  readonly reached: number;
  readonly steps: number;
  /** Questions answered rightly, and how many there are besides those asked before. */
  readonly right: number;
  readonly questions: number;
  readonly tries: number;
  readonly hints: number;
  /** Shares of the paired questions that were right; null where not all were answered. */
  readonly before: number | null;
  readonly after: number | null;
  /** By step id: how many tries it took, `-N` for N tries without success, null where it was not answered. */
  readonly byStep: Readonly<Record<string, number | null>>;
  readonly changed: boolean;
}

export interface LessonResults {
  readonly lesson: string;
  readonly title: string;
  readonly pupils: readonly PupilRow[];
  /** Questions in the order of the lesson. */
  readonly steps: readonly {
    readonly id: string;
    readonly title: string;
    readonly rightAtFirst: number;
    readonly right: number;
    readonly answered: number;
  }[];
  readonly gain: LearningGain | null;
  /** What has to be said about the files. */
  readonly notes: readonly string[];
}

export interface LearningGain {
  /** Pupils who answered all questions before and after. */
  readonly pupils: number;
  /** Mean shares that were right. */
  readonly before: number;
  readonly after: number;
  /** (after - before) / (1 - before), Hake's normalized gain of the means; null where everything was known before. */
  readonly normalized: number | null;
}

/** The table of each lesson that the files are of, by its id. */
export function resultsOf(files: readonly ReadFile[]): LessonResults[] {
  const lessons = [...new Set(files.map(({ content }) => content.lesson.id))].sort();
  return lessons.map((id) => lessonResults(files.filter(({ content }) => content.lesson.id === id)));
}

function lessonResults(files: readonly ReadFile[]): LessonResults {
  const pupils = files.map(pupilRow).sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  const { id: lesson, title } = files[0].content.lesson;
  const counted = pupils.filter(({ changed }) => !changed);
  const questions = new Map<string, string>();
  for (const { content } of files) for (const answer of asked(content.answers)) questions.set(answer.step, answer.title);
  const steps = [...questions].map(([id, name]) => {
    const of = counted.map(({ byStep }) => byStep[id] ?? null).filter((tries) => tries !== null);
    return {
      id,
      title: name,
      rightAtFirst: of.filter((tries) => tries === 1).length,
      right: of.filter((tries) => tries > 0).length,
      answered: of.length,
    };
  });
  return { lesson, title, pupils, steps, gain: gainOf(counted), notes: notesOn(files) };
}

function asked(answers: readonly StepAnswers[]): StepAnswers[] {
  return answers.filter(({ triesAllowed }) => triesAllowed > 0);
}

function pupilRow({ file, content, unchanged }: ReadFile): PupilRow {
  const all = asked(content.answers);
  const own = all.filter(({ test }) => test !== 'before');
  const sum = (value: (answers: StepAnswers) => number): number => all.reduce((total, answers) => total + value(answers), 0);
  return {
    file,
    name: content.name.trim() || file,
    lesson: content.lesson.id,
    reached: content.reached,
    steps: content.lesson.steps,
    right: own.filter(({ right }) => right === true).length,
    questions: own.length,
    tries: sum(({ tries }) => tries.length),
    hints: sum(({ hints }) => hints),
    before: shareRight(all, 'before'),
    after: shareRight(all, 'after'),
    byStep: Object.fromEntries(all.map(({ step, tries }) => [step, triesToSuccess(tries)])),
    changed: !unchanged,
  };
}

function triesToSuccess(tries: StepAnswers['tries']): number | null {
  if (tries.length === 0) return null;
  const at = tries.findIndex(({ right }) => right);
  return at < 0 ? -tries.length : at + 1;
}

/** Of first tries alone: before, there is no second one, and after counts the same. */
function shareRight(answers: readonly StepAnswers[], test: 'before' | 'after'): number | null {
  const paired = answers.filter((one) => one.test === test);
  if (paired.length === 0 || paired.some(({ tries }) => tries.length === 0)) return null;
  return paired.filter(({ tries }) => tries[0].right).length / paired.length;
}

function gainOf(pupils: readonly PupilRow[]): LearningGain | null {
  const both = pupils.flatMap(({ before, after }) => (before === null || after === null ? [] : [{ before, after }]));
  if (both.length === 0) return null;
  const mean = (of: 'before' | 'after'): number => both.reduce((sum, pupil) => sum + pupil[of], 0) / both.length;
  const [before, after] = [mean('before'), mean('after')];
  return { pupils: both.length, before, after, normalized: before === 1 ? null : (after - before) / (1 - before) };
}

function notesOn(files: readonly ReadFile[]): string[] {
  const changed = files.filter(({ unchanged }) => !unchanged);
  return [
    ...(changed.length > 0
      ? [`changed after it was saved, and counted neither in the questions nor in the gain: ${namesOf(changed)}`]
      : []),
    ...versionNotes(files),
    ...groups(files, ({ content }) => content.name.trim())
      .filter(([name, { length }]) => name !== '' && length > 1)
      .map(([name, same]) => `more than one file of the same name, each counted by itself: ${name} (${namesOf(same)})`),
  ];
}

/** Files of another version of the lesson than most. */
function versionNotes(files: readonly ReadFile[]): string[] {
  const versions = groups(files, ({ content }) => content.lesson.hash).sort(([, a], [, b]) => b.length - a.length);
  const others = versions.slice(1).flatMap(([, of]) => of);
  if (others.length === 0) return [];
  return [
    `the files are of ${versions.length} versions of the lesson, whose questions may differ; not of the most frequent one: ${namesOf(others)}`,
  ];
}

const namesOf = (files: readonly ReadFile[]): string => files.map(({ file }) => file).join(', ');

/** The table as CSV: a line a pupil, all lessons under one another. */
export function resultsCsv(lessons: readonly LessonResults[]): string {
  return lessons
    .flatMap(({ lesson, pupils, steps }) => [
      csvLine([
        'lesson',
        'name',
        'reached',
        'steps',
        'right',
        'questions',
        'tries',
        'hints',
        'before',
        'after',
        'changed',
        'file',
        ...steps.map(({ id }) => id),
      ]),
      ...pupils.map((pupil) =>
        csvLine([
          lesson,
          guarded(pupil.name),
          pupil.reached,
          pupil.steps,
          pupil.right,
          pupil.questions,
          pupil.tries,
          pupil.hints,
          pupil.before ?? '',
          pupil.after ?? '',
          pupil.changed ? 'yes' : 'no',
          guarded(pupil.file),
          ...steps.map(({ id }) => pupil.byStep[id] ?? ''),
        ]),
      ),
    ])
    .map((line) => `${line}\n`)
    .join('');
}

/** A pupil's own text must not become a formula in a spreadsheet. */
function guarded(text: string): string {
  return /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
}
