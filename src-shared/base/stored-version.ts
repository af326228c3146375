// Formats of stored JSON are numbered. A file of a later program is told apart from a damaged one: the one asks
// for a newer program, the other for a repair.
import { duplicateKey } from './duplicate-key';
import { isRecord } from './is-record';
import { UserError } from './user-error';

/** A stored format: its name in `format`, the latest `version` this program reads, what a file of it is called. */
export interface StoredFormat {
  readonly format: string;
  readonly version: number;
  readonly called: string;
}

/** Why a parsed JSON value is no file of this format and of a version that can be read, as the end of a sentence; null if it may be one. */
export function formatProblem(json: unknown, { format, version, called }: StoredFormat): string | null {
  if (!isRecord(json)) return json === undefined ? `is missing; it takes ${called}` : `${called} is a JSON object, got ${typeName(json)}`;
  if (json.format !== format) return `"format" of ${called} must be "${format}", got ${JSON.stringify(json.format) ?? 'none'}`;
  const { version: found } = json;
  if (typeof found === 'number' && Number.isInteger(found) && found > version)
    return `written by a newer program (version ${found}, this reads up to ${version}): take a newer version of this program to read it`;
  return null;
}

/** The JSON value of a file's text; of what is none `where` is said to be `otherwise`. Throws UserError naming the file. */
export function parsedJson(text: string, where: string, otherwise = 'is damaged'): unknown {
  const json = jsonOf(text, (message) => new UserError(`${where} ${otherwise}: ${message}`));
  const twice = duplicateKey(text);
  if (twice !== null)
    throw new UserError(`${where} ${otherwise}: it has ${JSON.stringify(twice)} twice in one place; delete the one that is wrong`);
  return json;
}

function jsonOf(text: string, failure: (message: string) => UserError): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw failure((error as Error).message);
  }
}

function typeName(value: unknown): string {
  return value === null ? 'null' : Array.isArray(value) ? 'a list' : `a ${typeof value}`;
}
