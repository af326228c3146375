// What one kind of step block is: one record that says how it is written, checked, translated and explained. The parser, the
// player, the handout and the manual read these records and know no kind.
import type { z } from 'zod';
import type { PlainType } from '../expression/evaluate';

export type FieldPath = readonly (string | number)[];

/** A formula of a block: where it stands, and the type it has to have. */
export interface FormulaField {
  readonly path: FieldPath;
  readonly text: string;
  readonly type: PlainType | 'any';
  /** Whether it may look at `answer`, the learner's own. */
  readonly ofAnswer?: boolean;
}

/** A text of a block that is shown; it may hold `[[ formulas ]]`. */
export interface TextField {
  readonly path: FieldPath;
  readonly text: string;
}

/** Something wrong that a schema cannot see. */
export interface FieldProblem {
  readonly path: FieldPath;
  readonly message: string;
}

/** What a block is checked against besides its own schema. */
export interface Surroundings {
  /** Ids of the window's commands. */
  readonly commands: readonly string[];
  /** Files in the lesson's folder; null where they are not known. */
  readonly files: readonly string[] | null;
}

export interface StepKind<Name extends string = string, Block = unknown> {
  readonly kind: Name;
  /** What it does, a sentence for the manual. */
  readonly says: string;
  readonly schema: z.ZodType<Block>;
  /** What a translation gives of it: its texts alone, all optional. */
  readonly words: z.ZodType;
  readonly formulas: (block: Block) => readonly FormulaField[];
  readonly texts: (block: Block) => readonly TextField[];
  readonly problems: (block: Block, surroundings: Surroundings) => readonly FieldProblem[];
  /** Each field with what it says, for the manual. */
  readonly fields: readonly (readonly [name: string, says: string])[];
  /** A block as it is written, for the manual. */
  readonly example: string;
  /** Other ways to write one, each with what it is for. */
  readonly more?: readonly (readonly [says: string, example: string])[];
}

/** The record of a kind, its block's type taken from the schema. */
export function stepKind<const Name extends string, Block>(record: StepKind<Name, Block>): StepKind<Name, Block> {
  return record;
}

/** The texts of a block that are there. */
export function textFields(...fields: readonly (readonly [path: FieldPath, text: string | undefined])[]): TextField[] {
  return fields.flatMap(([path, text]) => (text === undefined ? [] : [{ path, text }]));
}
