// The formulas of lessons: numbers, texts, names of values, arithmetic, comparisons, `and`, `or`, `not`, a few functions.
// Invariant: a formula is data that is walked, never code that runs; whatever cannot be read is said with its column.
import { UserError } from '../../base/user-error';

export type Operator = '+' | '-' | '*' | '/' | '=' | '!=' | '<' | '<=' | '>' | '>=' | 'and' | 'or';

/** A formula as a tree. */
export type Formula =
  | { readonly kind: 'literal'; readonly value: number | string | boolean }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'not' | 'negative'; readonly of: Formula }
  | { readonly kind: 'call'; readonly function: string; readonly operands: readonly Formula[] }
  | { readonly kind: 'pair'; readonly operator: Operator; readonly left: Formula; readonly right: Formula };

/** Pairs of operators that bind alike, loosest first; comparisons do not chain. */
const LEVELS: readonly (readonly Operator[])[] = [['or'], ['and'], ['=', '!=', '<', '<=', '>', '>='], ['+', '-'], ['*', '/']];
const COMPARISONS = 2;
const TOKEN = /\s*(?:(\d+(?:\.\d+)?(?:e[+-]?\d+)?)|"([^"]*)"|([A-Za-z][\w]*(?:\.\w+)*)|(<=|>=|!=|[-+*/=<>(),]))/y;

interface Token {
  readonly text: string;
  readonly kind: 'number' | 'text' | 'name' | 'sign';
  /** Counted from 1. */
  readonly column: number;
}

/** Reads a formula. Throws UserError naming the column of what cannot be read. */
export function parseFormula(text: string): Formula {
  return new Parser(tokensOf(text), text).whole();
}

function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  let at = 0;
  while (text.slice(at).trim() !== '') {
    TOKEN.lastIndex = at;
    const found = TOKEN.exec(text);
    if (!found) throw new UserError(`column ${at + 1} of "${text}": ${JSON.stringify(text.slice(at).trim()[0])} means nothing here`);
    const [whole, number, quoted, name, sign] = found;
    const column = at + whole.length - whole.trimStart().length + 1;
    if (number !== undefined) tokens.push({ kind: 'number', text: number, column });
    else if (quoted !== undefined) tokens.push({ kind: 'text', text: quoted, column });
    else if (name !== undefined) tokens.push({ kind: 'name', text: name, column });
    else tokens.push({ kind: 'sign', text: sign, column });
    at = TOKEN.lastIndex;
  }
  return tokens;
}

class Parser {
  #at = 0;

  constructor(
    private readonly tokens: readonly Token[],
    private readonly text: string,
  ) {}

  whole(): Formula {
    const formula = this.#level(0);
    if (this.#at < this.tokens.length) throw this.#unexpected('nothing more');
    return formula;
  }

  #level(level: number): Formula {
    if (level === COMPARISONS && this.#takes('not')) return { kind: 'not', of: this.#level(level) };
    if (level === LEVELS.length) return this.#unary();
    let left = this.#level(level + 1);
    for (;;) {
      const operator = LEVELS[level].find((one) => this.#takes(one));
      if (operator === undefined) return left;
      left = { kind: 'pair', operator, left, right: this.#level(level + 1) };
      if (level === COMPARISONS) return left;
    }
  }

  #unary(): Formula {
    if (this.#takes('-')) return { kind: 'negative', of: this.#unary() };
    if (this.#takes('(')) {
      const inside = this.#level(0);
      if (!this.#takes(')')) throw this.#unexpected('a closing bracket');
      return inside;
    }
    const token = this.tokens[this.#at];
    if (token === undefined || token.kind === 'sign' || RESERVED.has(token.text)) throw this.#unexpected('a number, a name or a text');
    this.#at++;
    if (token.kind === 'number') return { kind: 'literal', value: Number(token.text) };
    if (token.kind === 'text') return { kind: 'literal', value: token.text };
    if (token.text === 'true' || token.text === 'false') return { kind: 'literal', value: token.text === 'true' };
    return this.#takes('(') ? { kind: 'call', function: token.text, operands: this.#operands() } : { kind: 'name', name: token.text };
  }

  #operands(): Formula[] {
    const operands = [this.#level(0)];
    while (this.#takes(',')) operands.push(this.#level(0));
    if (!this.#takes(')')) throw this.#unexpected('a comma or a closing bracket');
    return operands;
  }

  #takes(text: string): boolean {
    const token = this.tokens[this.#at];
    if (token?.text !== text || token.kind === 'text') return false;
    this.#at++;
    return true;
  }

  #unexpected(wanted: string): UserError {
    const token = this.tokens[this.#at];
    const where = token ? `column ${token.column}` : 'the end';
    return new UserError(`${where} of "${this.text}": expected ${wanted}, got ${token ? JSON.stringify(token.text) : 'nothing'}`);
  }
}

const RESERVED = new Set(['and', 'or', 'not']);

/** Every name a formula looks at, each once. */
export function namesOf(formula: Formula): string[] {
  return [...new Set(partsOf(formula).flatMap((part) => (part.kind === 'name' ? [part.name] : [])))];
}

/** The formula and everything inside it. */
export function partsOf(formula: Formula): Formula[] {
  switch (formula.kind) {
    case 'literal':
    case 'name':
      return [formula];
    case 'not':
    case 'negative':
      return [formula, ...partsOf(formula.of)];
    case 'call':
      return [formula, ...formula.operands.flatMap(partsOf)];
    case 'pair':
      return [formula, ...partsOf(formula.left), ...partsOf(formula.right)];
  }
}
