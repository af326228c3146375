// repmlp lesson: lessons as files. `check` validates one and plays it, `export` makes a handout, `results` the table of a class.
import type { Command } from 'commander';
import { access, readdir } from 'node:fs/promises';
import { readText } from '../../files/regular-file';
import { basename, join } from 'node:path';
import { allCommandRecords } from '@shared/link/commands';
import { UserError } from '@shared/base/user-error';
import { handoutHtml } from '@shared/lesson/handout/handout';
import { parseAnswers, isAnswers } from '@shared/lesson/class/answers';
import { problemText } from '@shared/lesson/problem';
import { resultsCsv, resultsOf } from '@shared/lesson/class/results';
import { parseTranslation, translated } from '@shared/lesson/translation';
import { checkLesson, lessonOf, type LessonVerdict } from '../../app/lesson/check-lesson';
import { laboratoryOn } from '../../app/lesson/laboratory';
import { pictureUrl, readLessonFiles, type LessonOnDisk } from '../../app/lesson/lesson-folder';
import { refuseExisting, writeFileAtomically } from '../../files';
import { withLazyEngine } from '../engine';
import { print, printJson, remark, type Verb } from '../verb';
import { resultLines } from './text';

export const lessonVerb: Verb = (program, setExit) => {
  const verb = program.command('lesson').description('lessons as files: check one, make a handout of it, read the answers of a class');
  defineCheck(verb, setExit);
  defineExport(verb);
  defineResults(verb, setExit);
};

function defineCheck(verb: Command, setExit: (code: number) => void): void {
  verb
    .command('check')
    .description('validates a lesson and plays it along a right and a wrong path: exit 1 where something is wrong')
    .argument('<lesson.md>', 'the lesson, or the folder it is in')
    .option('--json', 'print JSON')
    .action(async (path: string, { json }: { json?: boolean }) => {
      const files = await readLessonFiles(path);
      const verdict = await withLazyEngine((engine) => checkLesson(files, laboratoryOn(engine)));
      if (json) printJson(verdictJson(files, verdict));
      else printVerdict(files, verdict);
      setExit(verdict.problems.length === 0 ? 0 : 1);
    });
}

function verdictJson({ path }: LessonOnDisk, { lesson, problems, played, untranslated }: LessonVerdict): object {
  const steps = lesson?.steps.map(({ id, title, line, blocks }) => ({ id, title, line, blocks: Object.keys(blocks) })) ?? [];
  return { file: path, valid: problems.length === 0, id: lesson?.id ?? null, steps, problems, played, untranslated };
}

function printVerdict({ path }: LessonOnDisk, { lesson, problems, played, untranslated }: LessonVerdict): void {
  if (problems.length > 0) print(...problems.map((problem) => problemText(problem.file, problem)));
  if (lesson && played && problems.length === 0) {
    const asks = lesson.steps.filter(({ blocks }) => blocks.check ?? blocks.prediction).length;
    print(
      `${path}: a right lesson, ${lesson.id}: ${lesson.steps.length} steps, ${asks} of them ask something; played along a right and a wrong path`,
    );
    for (const [at, { id, did }] of played.right.entries())
      print(`  ${id}: ${[...did, ...played.wrong[at].did.filter((one) => !did.includes(one))].join('; ') || 'read'}`);
  }
  for (const [file, steps] of Object.entries(untranslated))
    if (steps.length > 0) remark(`${file} leaves ${steps.length} steps in the lesson's own language: ${steps.join(', ')}`);
}

function defineExport(verb: Command): void {
  verb
    .command('export')
    .description('makes a handout: one HTML file with pictures and formulas in it')
    .argument('<lesson.md>', 'the lesson, or the folder it is in')
    .argument('<out.html>')
    .option('--language <tag>', 'in this language, as far as there is a translation')
    .option('--answers', 'with the answers at its end')
    .option('--force', 'replace an existing file')
    .action(async (path: string, out: string, options: ExportOptions) => {
      if (!/\.html?$/i.test(out)) throw new UserError(`a handout is an HTML file: ${out} should end in .html`);
      await refuseExisting(out, options);
      await exportLesson(await readLessonFiles(path), out, options);
    });
}

interface ExportOptions {
  readonly language?: string;
  readonly answers?: boolean;
  readonly force?: boolean;
}

async function exportLesson(files: LessonOnDisk, out: string, { language, answers = false, force }: ExportOptions): Promise<void> {
  const lesson = rightLesson(files, language);
  const pictures = new Map<string, string>();
  for (const name of files.pictures) pictures.set(name, await pictureUrl(files, name));
  const labels = new Map(allCommandRecords.map(({ id, label }) => [id, label]));
  const html = await withLazyEngine((engine) =>
    handoutHtml(lesson, {
      laboratory: laboratoryOn(engine),
      picture: (name) => pictures.get(name) ?? null,
      answers,
      commandLabel: (id) => labels.get(id) ?? id,
    }),
  );
  await writeFileAtomically(out, html, { force });
  print(`${out}: ${lesson.title}, ${lesson.steps.length} steps, ${html.length} bytes`);
}

/** A lesson without a fault, in a language. Throws UserError with all faults. */
function rightLesson(files: LessonOnDisk, language: string | undefined) {
  const { lesson, problems } = lessonOf(files);
  if (lesson === null) throw new UserError(problems.map((problem) => problemText(files.path, problem)).join('\n'));
  if (language === undefined || language === lesson.language) return lesson;
  const text = files.translations[language];
  if (text === undefined) {
    const there = [lesson.language, ...Object.keys(files.translations)].join(', ');
    throw new UserError(`${files.path} is not translated into ${language}; there is ${there}`);
  }
  return translated(lesson, parseTranslation(text, lesson, language));
}

function defineResults(verb: Command, setExit: (code: number) => void): void {
  verb
    .command('results')
    .description(
      "a class's results from a folder of answers: a line a pupil, and the learning gain; exit 1 where a file was changed or is none",
    )
    .argument('<folder>')
    .option('--json', 'print JSON')
    .option('--csv', 'print CSV')
    .action(async (folder: string, { json, csv }: { json?: boolean; csv?: boolean }) => {
      if (json && csv) throw new UserError('--json and --csv are two ways of writing the same table: choose one');
      const { lessons, refused } = await resultsIn(folder);
      refused.forEach(remark);
      if (json) printJson({ lessons, refused });
      else if (csv) process.stdout.write(resultsCsv(lessons));
      else print(...lessons.flatMap(resultLines));
      setExit(refused.length > 0 || lessons.some(({ pupils }) => pupils.some(({ changed }) => changed)) ? 1 : 0);
    });
}

/** One file of answers. Rejects with UserError saying that it is none, or what is wrong with it. */
async function answersIn(folder: string, name: string) {
  const text = await readText(join(folder, name));
  // JSON that is something else is no fault of its own; an empty file is one.
  if (text !== '' && !isAnswers(text)) throw new UserError(`${name} is no file of answers`);
  return { ...(await parseAnswers(text, name)), file: basename(name) };
}

/** Every file of answers in a folder; JSON files that are none are refused by name, other files are left. */
async function resultsIn(folder: string) {
  await access(folder).catch(() => {
    throw new UserError(`cannot read ${folder}: there is no such folder`);
  });
  const names = (await readdir(folder)).filter((name) => name.toLowerCase().endsWith('.json')).sort();
  const read = [];
  const refused: string[] = [];
  for (const name of names) {
    try {
      read.push(await answersIn(folder, name));
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      refused.push(`left out: ${error.message.includes(name) ? '' : `${name}: `}${error.message}`);
    }
  }
  if (read.length === 0)
    throw new UserError([`${folder} holds no file of answers (*.json that the lessons stage saved)`, ...refused].join('\n'));
  return { lessons: resultsOf(read), refused };
}
