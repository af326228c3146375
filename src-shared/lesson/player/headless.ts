// A lesson played without a window, once along a path of right answers and once of wrong ones. Every value is computed: merges are
// made and judged, matrices written, ledgers counted. What a check accepts and refuses is found out by trying, so that a lesson that
// passes has questions that can be answered, and that can be answered wrongly.
import { messageOf } from '../../base/message-of';
import type { Lesson, Step } from '../format';
import type { LessonProblem } from '../problem';
import type { Circumstances } from '../scope';
import { answerKind, type CheckBlock } from '../steps/check';
import { formatNumber } from '../text/format-number';
import { givenWorld, preparedWorld, type World } from '../world';
import { runHeadless, type HeadlessLaboratory } from './headless-commands';
import { judgeCheck, type Answer } from './judge';
import {
  answer,
  checkIsOver,
  commandRan,
  goOn,
  predict,
  reasonToStay,
  shownStep,
  startPlayer,
  takeHint,
  triesOf,
  type PlayerState,
} from './player';
import { candidatesOf } from './candidates';
import { guessesOf } from './guesses';

export interface PlayedStep {
  readonly id: string;
  readonly title: string;
  /** What was done and what came of it, a sentence each. */
  readonly did: readonly string[];
}

export interface Played {
  readonly problems: readonly LessonProblem[];
  readonly right: readonly PlayedStep[];
  readonly wrong: readonly PlayedStep[];
}

const PATHS = ['right', 'wrong'] as const;
type Path = (typeof PATHS)[number];

/** Plays a lesson along both paths. `opened` is the world it begins in. */
export async function playLesson(lesson: Lesson, opened: World, laboratory: HeadlessLaboratory): Promise<Played> {
  const problems: LessonProblem[] = [];
  const right = await new Playing(lesson, opened, laboratory, 'right', problems).toEnd();
  const wrong = await new Playing(lesson, opened, laboratory, 'wrong', problems).toEnd();
  return { problems, right, wrong };
}

/** Pictures that a prediction offers for choice. */
function optionPictures(prediction: Step['blocks']['prediction']) {
  return prediction?.guess === 'choice' ? prediction.options.map(({ picture }) => picture) : [];
}

/** One way through a lesson. */
class Playing {
  #state: PlayerState = startPlayer(new Date(0));

  constructor(
    private readonly lesson: Lesson,
    private world: World,
    private readonly laboratory: HeadlessLaboratory,
    private readonly path: Path,
    private readonly problems: LessonProblem[],
  ) {}

  async toEnd(): Promise<PlayedStep[]> {
    const played: PlayedStep[] = [];
    for (let step = shownStep(this.lesson, this.#state); step; step = shownStep(this.lesson, this.#state)) {
      const did: string[] = [];
      played.push({ id: step.id, title: step.title, did });
      try {
        await this.#play(step, did);
      } catch (error) {
        this.#wrong(step, messageOf(error));
      }
      const { at } = this.#state;
      this.#state = goOn(this.#state, this.lesson, this.#here());
      if (this.#state.at > at) continue;
      this.#wrong(step, `does not go on: ${reasonToStay(this.#state, step, this.#here()) ?? ''}`);
      return played;
    }
    return played;
  }

  #here(world = this.world): Circumstances {
    return { world, data: this.lesson.data };
  }

  async #given(state: CheckBlock['given']): Promise<Circumstances> {
    return this.#here(state ? await givenWorld(this.world, state, this.laboratory) : this.world);
  }

  #wrong(step: Step, message: string): void {
    this.problems.push({ line: step.line, message: `step "${step.id}", ${this.path} path: ${message}` });
  }

  async #play(step: Step, did: string[]): Promise<void> {
    const { state, picture, prediction, command, check } = step.blocks;
    if (state) {
      this.world = await preparedWorld(this.world, state, this.laboratory);
      did.push('state prepared');
    }
    for (const { figure, scene } of [picture, ...optionPictures(prediction)].filter((one) => one !== undefined)) {
      if (figure) await this.laboratory.figure(figure);
      if (scene) await this.laboratory.scene(scene);
    }
    const asks = prediction !== undefined || (check !== undefined && !check.optional);
    if (asks && reasonToStay(this.#state, step, this.#here()) === null && this.path === 'right')
      this.#wrong(step, 'goes on without what it asks for');
    if (prediction) await this.#predict(step, did);
    if (command) await this.#command(step, did);
    if (check) await this.#check(step, check, did);
  }

  async #predict(step: Step, did: string[]): Promise<void> {
    const { prediction } = step.blocks;
    if (!prediction) return;
    const within = await this.#given(prediction.given);
    const guesses = guessesOf(prediction, within);
    if (guesses === null) return this.#wrong(step, 'what is to be predicted is not there: a value it needs is not known at this step');
    const { right } = guesses;
    if (prediction.guess === 'number' && right.kind === 'number' && (right.value < prediction.from || right.value > prediction.to))
      this.#wrong(
        step,
        `the truth, ${formatNumber(right.value)}, lies beyond the bar, ${prediction.from} to ${prediction.to}: nobody can set it`,
      );
    this.#state = predict(this.#state, step, guesses[this.path], within);
    did.push(`predicted ${this.path === 'right' ? 'exactly' : 'otherwise'}`);
  }

  async #command(step: Step, did: string[]): Promise<void> {
    const { command } = step.blocks;
    if (!command) return;
    if (!command.optional && reasonToStay(this.#state, step, this.#here()) === null) this.#wrong(step, 'goes on without its command');
    const ran = await runHeadless(command.run, this.world, this.laboratory);
    if (ran === null) did.push(`${command.run}: what it does is seen in the window alone`);
    else {
      this.world = ran;
      did.push(`${command.run} was run`);
    }
    this.#state = commandRan(this.#state, step, command.run);
  }

  async #check(step: Step, check: CheckBlock, did: string[]): Promise<void> {
    const found = await findAnswers(check, this.world, this.lesson.data, this.laboratory);
    const wanted = found[this.path];
    for (const path of this.path === 'right' ? PATHS : [])
      if (found[path] === null) this.#wrong(step, `nothing that was tried is judged ${path}${found.said[path]}`);
    if (wanted === null) return void did.push('not answered');
    if (this.path === 'wrong') check.hints.forEach(() => (this.#state = takeHint(this.#state, step)));
    for (let tried = 0; tried < triesOf(step) && !checkIsOver(this.#state, step); tried++)
      this.#state = answer(this.#state, step, wanted.answer, wanted.within, new Date(0));
    if (this.path === 'right') this.world = wanted.after;
    did.push(`answered ${wanted.answer === null ? 'by doing it' : JSON.stringify(wanted.answer)}: ${this.path}`);
  }
}

/** An answer, the circumstances it was judged in, and the world after it. */
interface FoundAnswer {
  readonly answer: Answer;
  readonly within: Circumstances;
  readonly after: World;
}

/** Answers to a check that are judged right and wrong; null where nothing that was tried is, with what was said then. */
export interface FoundAnswers {
  readonly right: FoundAnswer | null;
  readonly wrong: FoundAnswer | null;
  readonly said: Readonly<Record<Path, string>>;
}

/** Finds out by trying how a check can be answered in a world. */
export async function findAnswers(
  check: CheckBlock,
  world: World,
  data: Lesson['data'],
  laboratory: HeadlessLaboratory,
): Promise<FoundAnswers> {
  const said = { right: '', wrong: '' };
  const find = async (wanted: Path): Promise<FoundAnswer | null> => {
    const tryout = check.tryout?.[wanted];
    const after = tryout ? await preparedWorld(world, tryout, laboratory) : world;
    const about = check.given ? await givenWorld(world, check.given, laboratory) : after;
    const within = { world: about, data };
    for (const answer of answerKind(check) === 'none' ? [null] : candidatesOf(check, within)) {
      const { right, say } = judgeCheck(check, answer, within);
      if (right === (wanted === 'right')) return { answer, within, after };
      if (right === null) said[wanted] = `: ${say}`;
    }
    return null;
  };
  return { right: await find('right'), wrong: await find('wrong'), said };
}
