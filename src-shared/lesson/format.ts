// A lesson as it is read from its file: front matter, and steps, each a heading with its text and its blocks. Invariant: a lesson
// that was read refers to nothing that is not there, and every formula in it has a type.
import { z } from 'zod';
import { strictObject } from '../model/strict-object';
import type { StepBlocks } from './steps';

/** The version of the format this program reads. */
export const LESSON_VERSION = 1;

const ID = /^[a-z0-9][a-z0-9-]*$/;
export const idField = z.string().regex(ID, 'is made of small letters, digits and hyphens');
const LANGUAGE = z.string().regex(/^[a-z]{2,3}(-[A-Za-z0-9]+)*$/, 'is a language tag, such as en or pt-BR');

const plainField = z.union([z.number(), z.string(), z.boolean()]);

export const frontMatterSchema = strictObject({
  lesson: z.literal(LESSON_VERSION, {
    error: ({ input }) =>
      typeof input === 'number' && input > LESSON_VERSION
        ? `written for a newer program (version ${input}, this reads up to ${LESSON_VERSION}): take a newer version of this program`
        : `must be ${LESSON_VERSION}, the version of the format, got ${JSON.stringify(input) ?? 'none'}`,
  }),
  id: idField,
  title: z.string().min(1),
  summary: z.string().min(1),
  language: LANGUAGE.default('en'),
  minutes: z.number().int().min(1).max(120).optional(),
  /** Measured numbers that the lesson brings along, and where they are from. */
  data: z.record(z.string().regex(/^[A-Za-z]\w*$/, 'is a name'), plainField).default({}),
  source: z.string().optional(),
});

/** Front matter of a translation. */
export const translationSchema = strictObject({
  lesson: frontMatterSchema.shape.lesson,
  of: idField,
  language: LANGUAGE,
  title: z.string().min(1).optional(),
  summary: z.string().min(1).optional(),
});

export type FrontMatter = z.output<typeof frontMatterSchema>;

export interface Step {
  readonly id: string;
  readonly title: string;
  /** Markdown without the blocks. */
  readonly text: string;
  /** The line of its heading. */
  readonly line: number;
  readonly blocks: StepBlocks;
  /** The language it is in: that of the lesson where it was not translated. */
  readonly language: string;
}

export interface Lesson extends FrontMatter {
  readonly steps: readonly Step[];
  /** Markdown before the first step. */
  readonly introduction: string;
}
