// A pupil's answers as one small file: no server, no account. Invariant: the file carries the SHA-256 of its content, so that a
// change by accident or by hand is seen; whoever computes the hash anew is not stopped, and that is said where it matters.
import { z } from 'zod';
import { formatProblem, parsedJson } from '../../base/stored-version';
import { UserError } from '../../base/user-error';
import { firstIssue } from '../../model/strict-object';
import type { Lesson } from '../format';
import { recordOf, type PlayerState } from '../player/player';

const FILE = { format: 'repmlp-lesson-answers', version: 1, called: "a pupil's answers" } as const;

const trySchema = z.object({ answer: z.string(), right: z.boolean(), at: z.string() });
const stepSchema = z.object({
  step: z.string(),
  title: z.string(),
  test: z.enum(['before', 'after']).nullable(),
  pair: z.string().nullable(),
  tries: z.array(trySchema),
  triesAllowed: z.number(),
  hints: z.number(),
  right: z.boolean().nullable(),
  /** The gap of a prediction: 0 is exact; null where nothing was predicted. */
  gap: z.number().nullable(),
});
const contentSchema = z.object({
  lesson: z.object({ id: z.string(), title: z.string(), steps: z.number(), hash: z.string() }),
  name: z.string(),
  started: z.string(),
  saved: z.string(),
  reached: z.number(),
  studio: z.string(),
  answers: z.array(stepSchema),
});
export type AnswersContent = z.output<typeof contentSchema>;
export type StepAnswers = AnswersContent['answers'][number];

export interface AnswersFile {
  readonly content: AnswersContent;
  /** Whether the content is as it was when it was saved. */
  readonly unchanged: boolean;
}

export interface AnswersHead {
  /** As the pupil gave it. */
  readonly name: string;
  readonly saved: Date;
  /** Version of the program. */
  readonly studio: string;
  /** Of the lesson's text. */
  readonly lessonHash: string;
}

/** SHA-256 of a text, in hexadecimal. */
export async function hashOf(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** What was answered, of every step that asks something. */
export function answersOf(lesson: Lesson, state: PlayerState, head: AnswersHead): AnswersContent {
  const { id, title, steps } = lesson;
  return {
    lesson: { id, title, steps: steps.length, hash: head.lessonHash },
    name: head.name,
    started: state.started,
    saved: head.saved.toISOString(),
    reached: Math.min(state.at, steps.length),
    studio: head.studio,
    answers: steps.flatMap((step): StepAnswers[] => {
      const { check, prediction } = step.blocks;
      if (!check && !prediction) return [];
      const record = recordOf(state, step);
      const tries = record.tries.map(({ answer, right, at }) => ({ answer, right, at }));
      return [
        {
          step: step.id,
          title: step.title,
          test: check?.test ?? null,
          pair: check?.pair ?? null,
          tries,
          triesAllowed: check ? (check.test === 'before' ? 1 : check.tries) : 0,
          hints: record.hints,
          right: tries.length === 0 ? null : tries.some(({ right }) => right),
          gap: record.prediction ? gapNumber(record.prediction.gap) : null,
        },
      ];
    }),
  };
}

/** A gap as a number: cells that are wrong, a difference, or 0 and 1 for a choice. */
function gapNumber(gap: NonNullable<ReturnType<typeof recordOf>['prediction']>['gap']): number {
  if (gap.kind === 'cells') return gap.missed + gap.extra;
  return gap.kind === 'number' ? gap.difference : gap.right ? 0 : 1;
}

/** The content in one way of writing it, which the hash is of. */
function canonicalText(content: AnswersContent): string {
  return JSON.stringify(content, (_, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );
}

/** The text of the file. */
export async function answersText(content: AnswersContent): Promise<string> {
  const { format, version } = FILE;
  return `${JSON.stringify({ format, version, content, sha256: await hashOf(canonicalText(content)) }, null, 2)}\n`;
}

/** Reads a file of answers. Rejects with UserError naming the file where it is none. */
export async function parseAnswers(text: string, where: string): Promise<AnswersFile> {
  const json = parsedJson(text, where);
  const problem = formatProblem(json, FILE);
  if (problem !== null) throw new UserError(`${where}: ${problem}`);
  const parsed = z.object({ content: contentSchema, sha256: z.string() }).safeParse(json);
  if (!parsed.success) throw new UserError(`${where}: ${firstIssue(parsed.error, 'the file')}`);
  const { content: stored } = json as { readonly content: AnswersContent };
  // Over what stands in the file, fields that nobody knows among it.
  const unchanged = parsed.data.sha256 === (await hashOf(canonicalText(stored)));
  return { content: parsed.data.content, unchanged };
}

/** Whether a text may be a file of answers. */
export function isAnswers(text: string): boolean {
  return text.includes(`"${FILE.format}"`);
}
