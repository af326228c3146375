// The player of a lesson as a state machine without a window: where one is, what was answered, whether it goes on. Pure: every
// function gives a new state. Invariant: a step is left forwards only when all that it asks for was done, or its tries are used up.
import type { Lesson, Step } from '../format';
import { worthOf, type Circumstances } from '../scope';
import { answerKind } from '../steps/check';
import { gapOf, judgeCheck, type Answer, type Gap, type Guess } from './judge';

export interface Try {
  /** As it was typed; of an option its text. */
  readonly answer: string;
  readonly right: boolean;
  readonly say: string;
  /** ISO 8601. */
  readonly at: string;
}

export interface StepRecord {
  readonly tries: readonly Try[];
  /** How many hints were asked for. */
  readonly hints: number;
  readonly prediction: { readonly guess: Guess; readonly gap: Gap } | null;
  /** Whether the command of the step was run. */
  readonly ran: boolean;
  /** Why the last answer could not be judged; it cost no try. */
  readonly notYet: string | null;
}

export interface PlayerState {
  /** Place of the step that is shown; as many as there are steps: at the end. */
  readonly at: number;
  /** By step id. */
  readonly records: Readonly<Record<string, StepRecord>>;
  readonly started: string;
}

const NOTHING: StepRecord = { tries: [], hints: 0, prediction: null, ran: false, notYet: null };

export function startPlayer(now: Date): PlayerState {
  return { at: 0, records: {}, started: now.toISOString() };
}

export function shownStep({ steps }: Lesson, { at }: PlayerState): Step | null {
  return steps[at] ?? null;
}

export function recordOf({ records }: PlayerState, { id }: Step): StepRecord {
  return Object.hasOwn(records, id) ? records[id] : NOTHING;
}

function withRecord(state: PlayerState, step: Step, change: Partial<StepRecord>): PlayerState {
  return { ...state, records: { ...state.records, [step.id]: { ...recordOf(state, step), ...change } } };
}

/** Tries a check allows: a question before the lesson is asked once. */
export function triesOf({ blocks: { check } }: Step): number {
  return check?.test === 'before' ? 1 : (check?.tries ?? 0);
}

/** Whether the check is over: answered rightly, or no try is left. */
export function checkIsOver(state: PlayerState, step: Step): boolean {
  const { tries } = recordOf(state, step);
  return tries.some(({ right }) => right) || tries.length >= triesOf(step);
}

/** Answers the check of a step. One that is over stays as it is. */
export function answer(state: PlayerState, step: Step, given: Answer, circumstances: Circumstances, now: Date): PlayerState {
  const { check } = step.blocks;
  if (!check || checkIsOver(state, step)) return state;
  const { right, say } = judgeCheck(check, given, circumstances);
  if (right === null) return withRecord(state, step, { notYet: say });
  const text = answerKind(check) === 'choice' ? (check.options?.[Number(given)].text ?? '') : given === null ? '' : String(given);
  const made: Try = { answer: text, right, say: check.test === 'before' ? BEFORE : say, at: now.toISOString() };
  return withRecord(state, step, { tries: [...recordOf(state, step).tries, made], notYet: null });
}

/** In place of feedback: what is asked before is asked again after. */
const BEFORE = 'Noted. This is asked again at the end.';

/** Shows the next hint, as long as there is one. */
export function takeHint(state: PlayerState, step: Step): PlayerState {
  const { hints } = recordOf(state, step);
  return hints < (step.blocks.check?.hints.length ?? 0) ? withRecord(state, step, { hints: hints + 1 }) : state;
}

/** Predicts, once: what was predicted stays. Where the truth is not there yet, nothing changes. */
export function predict(state: PlayerState, step: Step, guess: Guess, circumstances: Circumstances): PlayerState {
  const { prediction: block } = step.blocks;
  if (!block || recordOf(state, step).prediction) return state;
  const gap = gapOf(block, guess, circumstances);
  return gap ? withRecord(state, step, { prediction: { guess, gap } }) : state;
}

/** A command of the window was run, by whatever way. */
export function commandRan(state: PlayerState, step: Step, id: string): PlayerState {
  return step.blocks.command?.run === id ? withRecord(state, step, { ran: true }) : state;
}

/** Why the lesson does not go on from a step; null where it does. */
export function reasonToStay(state: PlayerState, step: Step, circumstances: Circumstances): string | null {
  const { prediction, command, check } = step.blocks;
  const record = recordOf(state, step);
  if (prediction && !record.prediction) return 'Predict first: then you see how it is.';
  if (command && !command.optional) {
    if (!record.ran) return 'Do what the step asks for first.';
    if (command.until !== undefined && worthOf(command.until, circumstances) !== true) return 'It is not done yet.';
  }
  if (check && !check.optional && !checkIsOver(state, step)) return 'Answer first.';
  return null;
}

/** The next step. Where the lesson does not go on yet, the state stays. */
export function goOn(state: PlayerState, lesson: Lesson, circumstances: Circumstances): PlayerState {
  const step = shownStep(lesson, state);
  if (!step || reasonToStay(state, step, circumstances) !== null) return state;
  return { ...state, at: state.at + 1 };
}

export function goBack(state: PlayerState): PlayerState {
  return { ...state, at: Math.max(0, state.at - 1) };
}

/** Points: checks answered rightly and all checks, those asked before the lesson apart. */
export function pointsOf({ steps }: Lesson, state: PlayerState): { readonly right: number; readonly of: number } {
  const asked = steps.filter(({ blocks: { check } }) => check && check.test !== 'before');
  return { right: asked.filter((step) => recordOf(state, step).tries.some(({ right }) => right)).length, of: asked.length };
}
