// A value that lessons' formulas may look at: one record with its name, type, meaning and how it is computed of the app's state.
import type { Plain, PlainType } from '../expression/evaluate';
import type { World } from '../world';

export interface LessonValue {
  readonly name: string;
  readonly type: PlainType;
  /** What it is, for the manual; units in it. */
  readonly says: string;
  /** Null where there is no such value yet. */
  readonly of: (world: World) => Plain | null;
}

export const numberValue = (name: string, says: string, of: (world: World) => number | null): LessonValue => ({
  name,
  type: 'number',
  says,
  of,
});
export const textValue = (name: string, says: string, of: (world: World) => string | null): LessonValue => ({
  name,
  type: 'text',
  says,
  of,
});
export const truthValue = (name: string, says: string, of: (world: World) => boolean | null): LessonValue => ({
  name,
  type: 'boolean',
  says,
  of,
});
