// A lesson's text taken apart: front matter, introduction, and a section a second-level heading with the blocks in it. Every part
// keeps its line in the file.
import { markdownParts, type MarkdownPart } from '../base/markdown';
import { suggestionText } from '../base/nearest-name';
import type { LessonProblem } from './problem';
import { stepKindNames, type StepKindName } from './steps';

export interface Section {
  readonly title: string;
  /** Of `## Title {#id}`; made of the title where it is left out. */
  readonly id: string;
  readonly line: number;
  readonly text: string;
  readonly blocks: readonly SectionBlock[];
}

export interface SectionBlock {
  readonly kind: StepKindName;
  readonly body: string;
  /** Of its first line inside the fence. */
  readonly line: number;
}

export interface Sections {
  readonly front: { readonly body: string; readonly line: number } | null;
  readonly introduction: string;
  readonly sections: readonly Section[];
  readonly problems: readonly LessonProblem[];
}

const FRONT = /^---[ \t]*\n([\s\S]*?\n|)---[ \t]*(?:\n|$)/;
/** Fences that are shown as they are. */
const SHOWN = new Set(['', 'text', 'txt', 'python', 'json', 'bash', 'sh', 'js', 'ts', 'yaml', 'markdown', 'csv']);

/** Takes a lesson apart. `text` has `\n` line ends. */
export function sectionsOf(text: string): Sections {
  const front = FRONT.exec(text);
  // Blank lines in its place, so that lines keep their numbers.
  const body = front ? front[0].replace(/[^\n]/g, '') + text.slice(front[0].length) : text;
  const parts = markdownParts(body);
  const problems: LessonProblem[] = [];
  const heads = parts.filter(({ kind, depth }) => kind === 'heading' && depth === 2);
  const sections = heads.map((head, at) => sectionOf(head, heads[at + 1]?.start ?? body.length, parts, body, problems));
  const before = parts.filter(({ kind, start }) => kind === 'fence' && start < (heads[0]?.start ?? body.length) && isBlock(start, parts));
  problems.push(
    ...before.map(({ line, label }) => ({ line, message: `${label} stands before the first step: begin one with "## Title"` })),
  );
  problems.push(...repeatedIds(sections));
  return {
    front: front ? { body: front[1], line: 2 } : null,
    introduction: body.slice(0, heads[0]?.start ?? body.length).trim(),
    sections,
    problems,
  };
}

function isBlock(start: number, parts: readonly MarkdownPart[]): boolean {
  return parts.some((part) => part.start === start && stepKindNames.includes(part.label as StepKindName));
}

function sectionOf(head: MarkdownPart, end: number, parts: readonly MarkdownPart[], body: string, problems: LessonProblem[]): Section {
  const [, title, given] = /^(.*?)\s*(?:\{#([^}]*)\})?$/.exec(head.label) ?? ['', head.label, undefined];
  const id = given ?? slugOf(title);
  if (!/^[a-z0-9][a-z0-9-]*$/.test(id))
    problems.push({ line: head.line, message: `the step's name "${id}" is made of small letters, digits and hyphens: "## Title {#name}"` });
  const fences = parts.filter(({ kind, start }) => kind === 'fence' && start > head.start && start < end);
  const blocks: SectionBlock[] = [];
  let text = '';
  let from = head.end;
  for (const fence of fences) {
    const kind = blockKind(fence, problems);
    if (kind === null) continue;
    if (blocks.some((block) => block.kind === kind))
      problems.push({ line: fence.line, message: `a second ${kind} in one step: put it into a step of its own` });
    blocks.push({ kind, body: fence.body, line: fence.bodyLine });
    text += body.slice(from, fence.start);
    from = fence.end;
  }
  return { title, id, line: head.line, text: (text + body.slice(from, end)).trim(), blocks };
}

function blockKind({ label, line }: MarkdownPart, problems: LessonProblem[]): StepKindName | null {
  const kind = stepKindNames.find((name) => name === label);
  if (kind === undefined && !SHOWN.has(label.split(/\s/)[0]))
    problems.push({ line, message: `"${label}" is no kind of step block; ${suggestionText(label, stepKindNames)}` });
  return kind ?? null;
}

function slugOf(title: string): string {
  return title
    .toLowerCase()
    .normalize('NFKD')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
}

function repeatedIds(sections: readonly Section[]): LessonProblem[] {
  return sections
    .filter(({ id }, at) => sections.findIndex((other) => other.id === id) < at)
    .map(({ id, line }) => ({ line, message: `another step is called ${id} already: name this one with "## Title {#other-name}"` }));
}
