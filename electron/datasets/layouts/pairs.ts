// LFW's pairs.txt: the first line says folds and pairs per fold; each fold lists its pairs of one person
// (`name n1 n2`), then as many of two people (`name1 n1 name2 n2`).
import { UserError } from '@shared/base/user-error';
import { readText } from '../../files/regular-file';
import { unreadable } from '../sources';

/** A picture as the list names it. */
export interface NamedPicture {
  readonly person: string;
  readonly number: number;
}

export interface NamedPair {
  readonly first: NamedPicture;
  readonly second: NamedPicture;
  readonly same: boolean;
  /** From 0. */
  readonly fold: number;
}

/** Reads the list. Rejects with UserError naming the line that is wrong, or the number of lines. */
export async function readPairs(path: string): Promise<NamedPair[]> {
  const text = await readText(path).catch((error: unknown) => unreadable(path, error));
  const [head, ...lines] = text.split(/\r?\n/).filter((line) => line.trim() !== '');
  const [folds, perFold] = countsOf(path, head ?? '');
  if (lines.length !== 2 * folds * perFold)
    throw new UserError(`${path}: its first line promises ${folds} x 2 x ${perFold} pairs, it has ${lines.length}`);
  return lines.map((line, i) => parsePair(line, Math.floor(i / (2 * perFold)), `${path}, line ${i + 2}`));
}

/** `10 300`, or `1100` alone for one fold. */
function countsOf(path: string, head: string): readonly [number, number] {
  const numbers = head.trim().split(/\s+/).map(Number);
  const valid = numbers.every((n) => Number.isInteger(n) && n > 0);
  if (valid && numbers.length === 2) return [numbers[0], numbers[1]];
  if (valid && numbers.length === 1) return [1, numbers[0]];
  throw new UserError(`${path}, line 1: expected the number of folds and of pairs per fold, found '${head}'`);
}

function parsePair(line: string, fold: number, where: string): NamedPair {
  const parts = line.trim().split(/\s+/);
  if (parts.length === 3) return pair(parts[0], parts[1], parts[0], parts[2], fold, where);
  if (parts.length === 4) return pair(parts[0], parts[1], parts[2], parts[3], fold, where);
  throw new UserError(`${where}: expected 'name n1 n2' or 'name1 n1 name2 n2', found '${line}'`);
}

function pair(person: string, number: string, otherPerson: string, otherNumber: string, fold: number, where: string): NamedPair {
  const numbers = [number, otherNumber].map(Number);
  if (!numbers.every((n) => Number.isInteger(n) && n > 0)) throw new UserError(`${where}: picture numbers must be whole and above 0`);
  return {
    first: { person, number: numbers[0] },
    second: { person: otherPerson, number: numbers[1] },
    same: person === otherPerson,
    fold,
  };
}
