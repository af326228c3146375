// A lesson as a page to print or to read without the program: one HTML file with pictures and formulas in it, nothing to load and
// nothing that runs. Invariant: what it shows of the app is computed as in the app; answers are in it only where they are asked for.
import { escapeXml } from '../../figure/encode/svg';
import { element } from '../../figure/report/report-html';
import type { Lesson, Step } from '../format';
import type { LessonStage } from '../parts';
import { lessonHtml, type TextSetting } from '../text/lesson-text';
import type { LessonPicture } from '../picture';
import { runHeadless } from '../player/headless-commands';
import { filledIn, worthOf, type Circumstances } from '../scope';
import type { CheckBlock } from '../steps/check';
import type { PredictionBlock } from '../steps/prediction';
import { gridOf } from '../values/scene';
import { givenWorld, openedWorld, preparedWorld, type World } from '../world';
import { candidatesOf } from '../player/candidates';
import { judgeCheck, type Answer } from '../player/judge';
import { formatNumber } from '../text/format-number';
import { HANDOUT_STYLE } from './style';
import { svgUrl, type HandoutLaboratory } from './laboratory';
import { scenePicture } from './scene-picture';
import { stagePictures, stageSentence } from './stage-pictures';

export interface HandoutOptions {
  readonly laboratory: HandoutLaboratory;
  /** A picture of the lesson's folder as a data URL. */
  readonly picture: (name: string) => string | null;
  /** Whether the answers stand at the end, for the teacher. */
  readonly answers: boolean;
  /** Labels of the window's commands by id. */
  readonly commandLabel: (id: string) => string;
}

/** The page. Rejects with UserError where a state cannot be prepared. */
export async function handoutHtml(lesson: Lesson, options: HandoutOptions): Promise<string> {
  const writer = new HandoutWriter(lesson, options, await openedWorld(options.laboratory));
  const steps: string[] = [];
  for (const [at, step] of lesson.steps.entries()) steps.push(await writer.step(step, at + 1));
  const { title, summary, language, minutes, source, introduction } = lesson;
  const head = [
    element('h1', escapeXml(title)),
    element('p', escapeXml(`${summary}${minutes === undefined ? '' : ` About ${minutes} minutes.`}`), 'summary'),
    lessonHtml(introduction, writer.setting),
  ];
  const foot = source === undefined ? [] : [element('p', escapeXml(`Numbers: ${source}`), 'source')];
  const answers = options.answers
    ? [element('h2', 'Answers'), element('ul', writer.answers.map((line) => element('li', line)).join('\n'))]
    : [];
  const body = [...head, ...steps, ...foot, ...answers].join('\n');
  const policy = `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">`;
  const view = '<meta name="viewport" content="width=device-width, initial-scale=1">';
  return `<!doctype html>\n<html lang="${escapeXml(language)}">\n<head><meta charset="utf-8">${policy}${view}<title>${escapeXml(title)}</title><style>${HANDOUT_STYLE}</style></head>\n<body><main>\n${body}\n</main></body>\n</html>\n`;
}

class HandoutWriter {
  readonly answers: string[] = [];
  readonly setting: TextSetting;
  /** Parts that the last prepared state hides. */
  #hidden: readonly string[] = [];

  constructor(
    private readonly lesson: Lesson,
    private readonly options: HandoutOptions,
    private world: World,
  ) {
    this.setting = { formulas: 'mathml', help: false, picture: options.picture };
  }

  #here(world = this.world): Circumstances {
    return { world, data: this.lesson.data };
  }

  #html(text: string, within = this.#here()): string {
    return lessonHtml(filledIn(text, within), this.setting);
  }

  async step({ title, text, language, blocks }: Step, number: number): Promise<string> {
    const { state, highlight, picture, prediction, command, check } = blocks;
    if (state) {
      this.world = await preparedWorld(this.world, state, this.options.laboratory);
      this.#hidden = state.hide;
    }
    const parts = [element('h2', escapeXml(`${number}. ${title}`))];
    if (state && !picture) {
      const stage = state.scene ? 'convolution' : this.world.stage;
      parts.push((await this.#shown(stage)) || stageSentence(stage));
    }
    parts.push(this.#html(text));
    if (highlight?.note) parts.push(this.#html(highlight.note));
    if (picture) parts.push(await this.#figure(picture));
    if (prediction) parts.push(await this.#prediction(prediction, number));
    if (command) parts.push(await this.#command(command.run, command.label));
    if (check) parts.push(await this.#check(check, number));
    const own = language === this.lesson.language ? '' : ` lang="${escapeXml(language)}"`;
    return `<section${own}>${parts.join('\n')}</section>`;
  }

  /** What a stage of the window shows now. */
  #shown(stage: LessonStage): Promise<string> {
    return stagePictures({ ...this.world, stage }, this.#hidden, this.options.laboratory);
  }

  async #figure({ file, scene, show, figure, alt, caption }: LessonPicture): Promise<string> {
    const words = filledIn(alt, this.#here());
    const under = caption === undefined ? '' : element('figcaption', this.#html(caption));
    const url = figure
      ? svgUrl(await this.options.laboratory.figure(figure))
      : file === undefined
        ? null
        : (this.options.picture(file) ?? '');
    if (url !== null) return element('figure', `<img src="${url}" alt="${escapeXml(words)}">${under}`);
    const model = scene ? await this.options.laboratory.scene(scene) : this.world.scene;
    return model && show ? element('figure', `${scenePicture(model, show, words)}${under}`) : '';
  }

  async #prediction(block: PredictionBlock, number: number): Promise<string> {
    const within = this.#here(block.given ? await givenWorld(this.world, block.given, this.options.laboratory) : this.world);
    const ask = this.#html(block.ask, within);
    if (block.guess === 'cells') {
      if (!within.world.scene) return ask;
      const grid = gridOf(within.world.scene, block.of);
      this.answers.push(`Step ${number}: ${emptyGrid(grid.rows, grid.columns, grid.on)}`);
      return element('div', `${ask}${emptyGrid(grid.rows, grid.columns)}`, 'ask');
    }
    if (block.guess === 'number') {
      const truth = worthOf(block.of, within);
      this.answers.push(`Step ${number}: ${typeof truth === 'number' ? formatNumber(truth) : '…'} ${escapeXml(block.unit)}`);
      return element(
        'div',
        `${ask}<p class="bar">${formatNumber(block.from)}<span></span>${formatNumber(block.to)} ${escapeXml(block.unit)}</p>`,
        'ask',
      );
    }
    const options: string[] = [];
    for (const { text, picture } of block.options) options.push(`${this.#html(text, within)}${picture ? await this.#figure(picture) : ''}`);
    const right = block.options.filter(({ when }) => worthOf(when, within) === true).map(({ text }) => escapeXml(filledIn(text, within)));
    this.answers.push(`Step ${number}: ${right.join(', or ')}`);
    return element('div', `${ask}${choices(options)}`, 'ask');
  }

  async #command(id: string, label: string | undefined): Promise<string> {
    const ran = await runHeadless(id, this.world, this.options.laboratory).catch(() => null);
    const brought = ran !== null && (ran.verdict !== this.world.verdict || ran.training !== this.world.training);
    if (ran) this.world = ran;
    const done = element('p', escapeXml(`In the program: ${label ?? this.options.commandLabel(id)}.`), 'do');
    return brought ? `${done}${await this.#shown(this.world.stage)}` : done;
  }

  async #check(check: CheckBlock, number: number): Promise<string> {
    const { given, tryout } = check;
    const about = given ? givenWorld(this.world, given, this.options.laboratory) : this.world;
    const within = this.#here(await (tryout?.right ? preparedWorld(this.world, tryout.right, this.options.laboratory) : about));
    const ask = this.#html(check.ask, within);
    const right =
      check.options || check.answer
        ? candidatesOf(check, within).find((candidate) => judgeCheck(check, candidate, within).right)
        : undefined;
    const shown = check.options ? check.options[Number(right)]?.text : answerText(right);
    const explained = check.explain === undefined ? '' : this.#html(check.explain, within);
    this.answers.push(`Step ${number}: ${shown === undefined ? 'done in the program' : escapeXml(shown)}${explained}`);
    const options = check.options ? choices(check.options.map(({ text }) => this.#html(text, within))) : '<p class="line"></p>';
    return element('div', `${ask}${options}`, 'ask');
  }
}

/** An answer as it is read; undefined where something is done in the program. */
function answerText(right: Answer | undefined): string | undefined {
  if (right === undefined || right === null) return undefined;
  return typeof right === 'number' ? formatNumber(right) : right;
}

function choices(options: readonly string[]): string {
  return element('ul', options.map((option) => element('li', option)).join(''), 'choices');
}

/** A grid to draw on; with `on` the truth. */
function emptyGrid(rows: number, columns: number, on: readonly boolean[] = []): string {
  const side = 22;
  const cells = Array.from({ length: rows * columns }, (_, at) => {
    const [x, y] = [(at % columns) * side, Math.floor(at / columns) * side];
    return `<rect x="${x}" y="${y}" width="${side}" height="${side}" fill="${on[at] ? '#c2410c' : '#fff'}" stroke="#777"/>`;
  });
  const label = on.length > 0 ? 'The cells that are not zero.' : 'A grid to draw on.';
  return `<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="-1 -1 ${columns * side + 2} ${rows * side + 2}" width="${columns * side + 2}"><title>${label}</title>${cells.join('')}</svg>`;
}
