// The lesson that is open: which, in which language, where in it, what was answered. Invariant: everything that changes it goes
// through here; what is right is the player's to say, from the window's own state.
import { answersOf, answersText } from '@shared/lesson/class/answers';
import type { Lesson, Step } from '@shared/lesson/format';
import type { GivenState } from '@shared/lesson/prepared-state';
import type { Answer, Guess } from '@shared/lesson/player/judge';
import {
  answer,
  commandRan,
  goBack,
  goOn,
  predict,
  reasonToStay,
  shownStep,
  startPlayer,
  takeHint,
  type PlayerState,
} from '@shared/lesson/player/player';
import { playerStateSchema } from '@shared/lesson/player/player-schema';
import type { Circumstances } from '@shared/lesson/scope';
import { translated } from '@shared/lesson/translation';
import { givenWorld, type World } from '@shared/lesson/world';
import { messageOf } from '@shared/base/message-of';
import { z } from 'zod';
import { watchCommands } from '../../studio/command';
import { keepView } from '../../studio/kept-view';
import { createStore } from '../../studio/state';
import { connection } from '../../studio/studio';
import { download } from '../../ui/download';
import { bringIntoView, point } from './pointing';
import { prepare, resolveInWindow } from './prepare';
import { shippedLessons, type ShelfLesson } from './shelf';
import { worldNow } from './world';

export interface LessonState {
  readonly shelf: readonly ShelfLesson[];
  /** Whether those that come with the program are on it. */
  readonly loaded: boolean;
  /** Key of the open lesson. */
  readonly open: string | null;
  /** The language asked for; the lesson's own where it is null or there is no translation. */
  readonly language: string | null;
  readonly player: PlayerState | null;
  /** What the questions of the step are about, where that is not what the app shows. */
  readonly given: { readonly check: World | null; readonly prediction: World | null };
  readonly preparing: boolean;
  /** Why the step's state could not be prepared. */
  readonly problem: string | null;
  /** The pupil's name, as typed. */
  readonly name: string;
}

const NOTHING_GIVEN = { check: null, prediction: null } as const;

export const lessons = createStore<LessonState>(() => ({
  shelf: [],
  loaded: false,
  open: null,
  language: null,
  player: null,
  given: NOTHING_GIVEN,
  preparing: false,
  problem: null,
  name: '',
}));

keepView(
  'lesson',
  lessons,
  z.object({ open: z.string().nullable(), language: z.string().nullable(), player: playerStateSchema.nullable(), name: z.string() }),
  // A lesson has a way back of its own, and an answer was given.
  { says: null },
);

/** Puts the lessons that come with the program on the shelf, and goes on with the one that was open before a reload. */
export async function loadShelf(): Promise<void> {
  if (lessons.getState().loaded) return;
  const shipped = await shippedLessons();
  lessons.setState(({ shelf }) => ({ shelf: [...shipped, ...shelf.filter((one) => !one.shipped)], loaded: true }));
  // An opened file is gone after a reload; what comes along is there again.
  if (openLesson() === null) lessons.setState({ open: null, player: null });
  else await readGiven();
  pointAgain();
}

const shownIn = new WeakMap<ShelfLesson, Map<string, Lesson>>();

/** The open lesson in the language asked for; null where none is open. */
export function openLesson(): Lesson | null {
  const found = openShelf();
  return found ? inLanguage(found, lessons.getState().language) : null;
}

/** The open lesson as it stands on the shelf. */
export function openShelf(): ShelfLesson | null {
  const { shelf, open } = lessons.getState();
  return shelf.find(({ key }) => key === open) ?? null;
}

/** A lesson in a language, made once. */
export function inLanguage(one: ShelfLesson, language: string | null): Lesson | null {
  const translation = language === null ? undefined : one.translations.get(language);
  if (!one.lesson || !translation) return one.lesson;
  const known = shownIn.get(one) ?? new Map<string, Lesson>();
  shownIn.set(one, known);
  const made = known.get(translation.language) ?? translated(one.lesson, translation);
  known.set(translation.language, made);
  return made;
}

/** Opens a lesson at its beginning. */
export async function startLesson(key: string): Promise<void> {
  lessons.setState({ open: key, player: startPlayer(new Date()), given: NOTHING_GIVEN, problem: null });
  await enter();
}

export function closeLesson(): void {
  lessons.setState({ open: null, player: null, given: NOTHING_GIVEN, problem: null });
  point();
}

/** Shows a lesson's words in a language; null: its own. */
export function speak(language: string | null): void {
  lessons.setState({ language });
}

export function currentStep(): Step | null {
  const lesson = openLesson();
  const { player } = lessons.getState();
  return lesson && player ? shownStep(lesson, player) : null;
}

/** Where a formula of the step is computed: in the app as it is, or in what the question is about. */
export function circumstances(of?: 'check' | 'prediction'): Circumstances {
  const given = of === undefined ? null : lessons.getState().given[of];
  return { world: given ?? worldNow(), data: openLesson()?.data ?? {} };
}

/** Why the lesson does not go on; null where it does. */
export function reasonToWait(): string | null {
  const { player, preparing } = lessons.getState();
  const step = currentStep();
  if (!player || !step) return null;
  return preparing ? 'The step is being prepared.' : reasonToStay(player, step, circumstances());
}

function change(next: (player: PlayerState, step: Step) => PlayerState): void {
  const { player } = lessons.getState();
  const step = currentStep();
  if (player && step) lessons.setState({ player: next(player, step) });
}

export function answerStep(given: Answer): void {
  change((player, step) => answer(player, step, given, circumstances('check'), new Date()));
}

export function hint(): void {
  change(takeHint);
}

export function predictStep(guess: Guess): void {
  change((player, step) => predict(player, step, guess, circumstances('prediction')));
}

watchCommands((id) => change((player, step) => commandRan(player, step, id)));

/** The next step, where the lesson goes on. */
export async function nextStep(): Promise<void> {
  const lesson = openLesson();
  const { player } = lessons.getState();
  if (!lesson || !player || reasonToWait() !== null) return;
  const next = goOn(player, lesson, circumstances());
  if (next.at !== player.at) await goToStep(next);
}

export async function previousStep(): Promise<void> {
  const { player } = lessons.getState();
  if (player && player.at > 0) await goToStep(goBack(player));
}

async function goToStep(player: PlayerState): Promise<void> {
  lessons.setState({ player, given: NOTHING_GIVEN, problem: null });
  await enter();
}

/** Steps are prepared one after the other: a slow one that was left already must not change what a later one has prepared. */
let lastPrepared: Promise<void> = Promise.resolve();

/** Prepares what the step wants, reads what its questions are about, points. */
async function enter(): Promise<void> {
  const step = currentStep();
  pointAgain();
  if (!step) return;
  lessons.setState({ preparing: true });
  await (lastPrepared = lastPrepared.then(() => prepareStep(step)));
}

async function prepareStep(step: Step): Promise<void> {
  if (currentStep() !== step) return;
  try {
    if (step.blocks.state) await prepare(step.blocks.state);
    await readGiven();
  } catch (error) {
    if (currentStep() === step) lessons.setState({ problem: messageOf(error) });
  }
  if (currentStep() !== step) return;
  lessons.setState({ preparing: false });
  bringIntoView();
}

async function readGiven(): Promise<void> {
  const step = currentStep();
  const { check, prediction } = step?.blocks ?? {};
  const [ofCheck, ofPrediction] = await Promise.all([worldOf(check?.given), worldOf(prediction?.given)]);
  if (currentStep() === step) lessons.setState({ given: { check: ofCheck, prediction: ofPrediction } });
}

async function worldOf(state: GivenState | undefined): Promise<World | null> {
  return state ? givenWorld(worldNow(), state, { scene: resolveInWindow }) : null;
}

/** Points at what the step points at; hidden and locked is what the last prepared state says. */
function pointAgain(): void {
  const lesson = openLesson();
  const { player } = lessons.getState();
  if (!lesson || !player || !shownStep(lesson, player)) return point();
  const { hide = [], lock = [] } = lesson.steps.slice(0, player.at + 1).findLast(({ blocks }) => blocks.state)?.blocks.state ?? {};
  point({ highlight: shownStep(lesson, player)?.blocks.highlight?.part ?? null, hide, lock });
}

/** Saves the pupil's answers as a file. */
export async function saveAnswers(): Promise<void> {
  const shelf = openShelf();
  const { player, name } = lessons.getState();
  if (!shelf?.lesson || !player) throw new Error('Open a lesson first: there are no answers to save.');
  const head = { name, saved: new Date(), studio: connection.getState().info?.version ?? 'unknown', lessonHash: shelf.hash };
  const text = await answersText(answersOf(shelf.lesson, player, head));
  const stem = `${shelf.lesson.id}-${name.trim() || 'answers'}`.replace(/[^\p{L}\p{N}-]+/gu, '-');
  download(`${stem}.json`, new Blob([text], { type: 'application/json' }));
}
