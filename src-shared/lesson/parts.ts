// The parts of the window that a lesson may point at, hide or lock, by stable names. Invariant: a name keeps its meaning whatever
// the window looks like inside; each is found by one test id, which a test in a browser looks for.

/** The stages of the window, as lessons call them. */
export const LESSON_STAGES = [
  'home',
  'lesson',
  'convolution',
  'dataset',
  'model',
  'training',
  'merge',
  'matrix',
  'pattern',
  'cost',
  'figure',
  'checkpoint',
] as const;
export type LessonStage = (typeof LESSON_STAGES)[number];

export interface WindowPart {
  readonly name: string;
  /** What it is, for the manual and for whoever cannot see it. */
  readonly says: string;
  /** Where it is; null where it is on every stage. */
  readonly stage: LessonStage | null;
  readonly testId: string;
}

const part = (name: string, stage: LessonStage | null, testId: string, says: string): WindowPart => ({ name, stage, testId, says });

/** Every part, in the order of the manual. */
export const WINDOW_PARTS = [
  part('stages', null, 'rail', 'the list of stages at the left'),
  part('network-line', null, 'network-line', 'the line that says which network is current'),
] as const satisfies readonly WindowPart[];

/** A part by its name. */
export function windowPart(name: string): WindowPart | undefined {
  return WINDOW_PARTS.find((one) => one.name === name);
}
