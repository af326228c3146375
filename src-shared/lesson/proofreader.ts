// The texts of a lesson as they will be shown, and its formulas: what in them is wrong, and in which line. Invariant: everything that
// is looked for here would be seen by a learner (an unknown value, a picture that is not there), so that a lesson that passes shows none.
import { messageOf } from '../base/message-of';
import { typeOfFormula, type PlainType } from './expression/evaluate';
import { parseFormula } from './expression/syntax';
import type { FrontMatter } from './format';
import type { LessonProblem } from './problem';
import { formulasInside, typeScope } from './scope';
import type { FormulaField, Surroundings } from './steps/kind';
import { lessonHtml } from './text/lesson-text';

/** What is wrong with a formula; null where nothing is. */
export function formulaProblem({ text, type, ofAnswer }: FormulaField, data: FrontMatter['data'], answer: PlainType | null): string | null {
  try {
    const found = typeOfFormula(parseFormula(text), typeScope(data, ofAnswer ? answer : null));
    return type === 'any' || found === type ? null : `has to be a ${type}, but "${text}" is a ${found}`;
  } catch (error) {
    return messageOf(error);
  }
}

/** What is wrong in a text, and the words in which it stands there. */
interface FoundInText {
  readonly words: string;
  readonly message: string;
}

/** Reads the texts of a lesson as they will be shown: their formulas, and their pictures, which lie in the lesson's folder. */
export class Proofreader {
  /** `lines` are those of the whole file. */
  constructor(
    private readonly lines: readonly string[],
    readonly data: FrontMatter['data'],
    readonly surroundings: Surroundings,
  ) {}

  /** What is wrong in a text that stands below a line, each with the line it stands in. */
  problems(text: string, line: number): LessonProblem[] {
    return this.found(text).map(({ words, message }) => ({ line: this.#lineOf(words, line), message }));
  }

  found(text: string): FoundInText[] {
    const formulas = formulasInside(text).flatMap((formula) => {
      const message = formulaProblem({ path: [], text: formula, type: 'any' }, this.data, null);
      return message === null ? [] : [{ words: formula, message: `[[${formula}]]: ${message}` }];
    });
    return [...formulas, ...this.#pictures(text)];
  }

  #pictures(text: string): FoundInText[] {
    const found: FoundInText[] = [];
    // Asked by what shows the text: pictures by reference are pictures, those inside code are none.
    if (text.includes('!['))
      lessonHtml(text, {
        picture: (address) => {
          const message = this.#pictureProblem(address);
          if (message !== null) found.push({ words: address === '' ? '![' : address, message });
          return null;
        },
      });
    return found;
  }

  #pictureProblem(address: string): string | null {
    const { files } = this.surroundings;
    if (address === '') return 'a picture has an address that is never shown: put the picture beside the lesson';
    if (/^[a-z][a-z0-9+.-]*:|^\/\//i.test(address)) return `${address} would be loaded from the network: put the picture beside the lesson`;
    return files === null || files.includes(address) ? null : `the picture ${address} does not lie in the lesson's folder`;
  }

  /** The first line from one on that has the words; that one where none has. */
  #lineOf(words: string, from: number): number {
    const at = this.lines.findIndex((line, index) => index >= from - 1 && line.includes(words));
    return at < 0 ? from : at + 1;
  }
}
