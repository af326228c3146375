// A lesson in another language, step by step. Invariant: a step that is not translated is shown in the lesson's own language and says
// so; a translation changes words and nothing else.
import { isRecord } from '../base/is-record';
import { translationSchema, type Lesson, type Step } from './format';
import { LONGEST_LESSON, normalised, TOO_LONG } from './parse-lesson';
import type { LessonProblem } from './problem';
import { Proofreader } from './proofreader';
import { sectionsOf, type Section } from './sections';
import { STEP_KINDS, type StepBlocks } from './steps';
import type { StepKind } from './steps/kind';
import { readYaml } from './yaml-block';

/** What a translation gives of a lesson. */
export interface Translation {
  readonly language: string;
  readonly title: string | null;
  readonly summary: string | null;
  readonly introduction: string;
  /** By step id. */
  readonly steps: ReadonlyMap<string, Pick<Step, 'title' | 'text'> & { readonly words: Readonly<Record<string, unknown>> }>;
  readonly problems: readonly LessonProblem[];
}

/** `lesson.de.md` beside `lesson.md`. */
export function translationFile(path: string, language: string): string {
  return path.replace(/\.md$/i, `.${language}.md`);
}

/** Reads the translation of a lesson into a language. Never throws. */
export function parseTranslation(source: string, lesson: Lesson, language: string): Translation {
  if (source.length > LONGEST_LESSON)
    return { language, title: null, summary: null, introduction: '', steps: new Map(), problems: [TOO_LONG] };
  const whole = normalised(source);
  const { front, introduction, sections, problems: found } = sectionsOf(whole);
  // Which pictures lie beside it is the lesson's to say.
  const proofreader = new Proofreader(whole.split('\n'), lesson.data, { commands: [], files: null });
  const problems: LessonProblem[] = [...found, ...proofreader.problems(introduction, 1)];
  const head = readYaml(front?.body ?? '', front?.line ?? 1, translationSchema);
  problems.push(...head.problems);
  if (head.value && head.value.of !== lesson.id)
    problems.push({ line: head.lineOf(['of']), message: `is a translation of "${head.value.of}", but lies beside "${lesson.id}"` });
  if (head.value && head.value.language !== language)
    problems.push({ line: head.lineOf(['language']), message: `says "${head.value.language}", but its file is named for "${language}"` });
  const steps = new Map(sections.flatMap((section) => translatedStep(section, lesson, proofreader, problems)));
  const { title = null, summary = null } = head.value ?? {};
  return { language, title, summary, introduction, steps, problems };
}

function translatedStep(
  section: Section,
  { id: lessonId, steps }: Lesson,
  proofreader: Proofreader,
  problems: LessonProblem[],
): [string, StepWords][] {
  const { id, title, text, line, blocks } = section;
  const step = steps.find((one) => one.id === id);
  if (!step) {
    problems.push({ line, message: `the lesson ${lessonId} has no step "${id}": write the step's own name behind its title, {#name}` });
    return [];
  }
  problems.push(...proofreader.problems(text, line));
  const words: Record<string, unknown> = {};
  for (const { kind, body, line: at } of blocks) {
    const record: StepKind = STEP_KINDS[kind] as StepKind;
    if (step.blocks[kind] === undefined) problems.push({ line: at, message: `the step "${id}" has no ${kind} to be translated` });
    const { value, problems: wrong } = readYaml(body, at, record.words);
    problems.push(...wrong.map((problem) => ({ ...problem, message: `${problem.message}; a translation gives texts alone` })));
    for (const said of textsIn(value)) problems.push(...proofreader.problems(said, at));
    if (value !== null) words[kind] = value;
  }
  return [[id, { title, text, words }]];
}

/** Every text of a block's words, however deep it stands. */
function textsIn(words: unknown): string[] {
  if (typeof words === 'string') return [words];
  const inside = Array.isArray(words) ? words : isRecord(words) ? Object.values(words) : [];
  return inside.flatMap(textsIn);
}

type StepWords = Pick<Step, 'title' | 'text'> & { readonly words: Readonly<Record<string, unknown>> };

/** The lesson in a translation; steps without one stay as they are. */
export function translated(lesson: Lesson, translation: Translation): Lesson {
  const { title, summary, introduction, steps, language } = translation;
  return {
    ...lesson,
    title: title ?? lesson.title,
    summary: summary ?? lesson.summary,
    introduction: introduction || lesson.introduction,
    steps: lesson.steps.map((step) => {
      const own = steps.get(step.id);
      if (!own) return step;
      const blocks = Object.fromEntries(Object.entries(step.blocks).map(([kind, block]) => [kind, withWords(block, own.words[kind])]));
      return { ...step, title: own.title, text: own.text || step.text, blocks: blocks as StepBlocks, language };
    }),
  };
}

/** A block's fields, those of `words` in their place, lists item by item. */
function withWords(block: unknown, words: unknown): unknown {
  if (words === undefined) return block;
  if (Array.isArray(block) && Array.isArray(words)) return block.map((item, at) => withWords(item, words[at]));
  if (!isRecord(block) || !isRecord(words)) return words;
  return { ...block, ...Object.fromEntries(Object.entries(words).map(([key, value]) => [key, withWords(block[key], value)])) };
}
