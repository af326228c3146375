// A lesson's file read: front matter, steps, blocks against their schemas, formulas against the values there are. Everything
// that is wrong is found at once, each with its line; what is wrong in one step leaves the others readable.
import type { PlainType } from './expression/evaluate';
import { frontMatterSchema, type FrontMatter, type Lesson, type Step } from './format';
import type { LessonProblem } from './problem';
import { formulaProblem, Proofreader } from './proofreader';
import { sectionsOf, type Section, type SectionBlock } from './sections';
import { STEP_KINDS, type StepBlocks, type StepKindName } from './steps';
import type { CheckBlock } from './steps/check';
import type { StepKind, Surroundings } from './steps/kind';
import { readYaml } from './yaml-block';

/** A lesson, or everything wrong with it; `surroundings` is what it may refer to. */
export interface ParsedLesson {
  readonly lesson: Lesson | null;
  readonly problems: readonly LessonProblem[];
}

/** Lessons are texts; a file beyond this is none. */
export const LONGEST_LESSON = 2 ** 21;

export const TOO_LONG: LessonProblem = { line: 1, message: 'is longer than two million letters: no lesson' };

/** Reads a lesson. Never throws for whatever the text is. */
export function parseLesson(source: string, surroundings: Surroundings): ParsedLesson {
  if (source.length > LONGEST_LESSON) return { lesson: null, problems: [TOO_LONG] };
  const text = normalised(source);
  const { front, introduction, sections, problems } = sectionsOf(text);
  if (!front)
    return { lesson: null, problems: [{ line: 1, message: 'does not begin with front matter: a line "---", fields, a line "---"' }] };
  const head = readYaml(front.body, front.line, frontMatterSchema);
  const found = [...head.problems, ...problems];
  if (sections.length === 0) found.push({ line: front.line, message: 'has no step: begin one with a line "## Title"' });
  const data = head.value?.data ?? {};
  const proofreader = new Proofreader(text.split('\n'), data, surroundings);
  found.push(...proofreader.problems(introduction, 1));
  const steps = sections.map((section) => readStep(section, head.value, proofreader, found));
  found.push(...unpaired(steps));
  found.sort((a, b) => a.line - b.line);
  const lesson = head.value && found.length === 0 ? { ...head.value, introduction, steps } : null;
  return { lesson, problems: found };
}

/** Line ends of all systems as `\n`, without a byte order mark. */
export function normalised(source: string): string {
  return source.replace(/^\uFEFF/, '').replace(/\r\n?/g, '\n');
}

function readStep(
  { id, title, line, text, blocks }: Section,
  front: FrontMatter | null,
  proofreader: Proofreader,
  problems: LessonProblem[],
): Step {
  const read = blocks.flatMap((block) => readBlock(block, proofreader, problems));
  problems.push(...proofreader.problems(text, line));
  if (text === '' && blocks.length === 0) problems.push({ line, message: `the step "${title}" is empty` });
  return { id, title, text, line, blocks: Object.fromEntries(read) as StepBlocks, language: front?.language ?? 'en' };
}

function readBlock({ kind, body, line }: SectionBlock, proofreader: Proofreader, problems: LessonProblem[]): [StepKindName, unknown][] {
  // The registry's records differ in their blocks; each is read and asked by itself.
  const record: StepKind = STEP_KINDS[kind] as StepKind;
  const { value, problems: wrong, lineOf } = readYaml(body, line, record.schema);
  problems.push(...wrong);
  if (value === null) return [];
  const answer = kind === 'check' ? answerType(value as CheckBlock) : null;
  for (const field of record.formulas(value)) {
    const message = formulaProblem(field, proofreader.data, answer);
    if (message !== null) problems.push({ line: lineOf(field.path), message: `${field.path.join('.')}: ${message}` });
  }
  for (const { path, text } of record.texts(value))
    problems.push(...proofreader.found(text).map(({ message }) => ({ line: lineOf(path), message: `${path.join('.')}: ${message}` })));
  problems.push(
    ...record
      .problems(value, proofreader.surroundings)
      .map(({ path, message }) => ({ line: lineOf(path), message: `${path.join('.')}: ${message}` })),
  );
  return [[kind, value]];
}

function answerType({ answer }: CheckBlock): PlainType | null {
  return answer === 'number' || answer === 'text' ? answer : null;
}

/** Questions before and after belong together. */
function unpaired(steps: readonly Step[]): LessonProblem[] {
  const tests = steps.flatMap(({ blocks: { check }, line }) => (check?.test ? [{ pair: check.pair, test: check.test, line }] : []));
  return tests.flatMap(({ pair, test, line }) => {
    const others = tests.filter((one) => one.pair === pair && one.test !== test);
    if (others.length === 1) return [];
    const other = test === 'before' ? 'after' : 'before';
    return [{ line, message: `the pair "${pair}" has ${others.length} questions with "test: ${other}"; it takes one` }];
  });
}
