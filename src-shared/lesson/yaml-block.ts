// YAML inside a lesson (its front matter, its steps' blocks) against a schema. Invariant: whatever is wrong is said with its line
// in the lesson's file. Only plain data is read: no tags, no merging, no aliases, with
// which a value could hold itself.
import { isMap, isNode, LineCounter, parseDocument, visit, type Document } from 'yaml';
import type { z } from 'zod';
import type { LessonProblem } from './problem';
import { reasonOf } from '../model/strict-object';

/** A block's value, and where its fields stand. */
export interface ReadBlock<T> {
  readonly value: T | null;
  readonly problems: readonly LessonProblem[];
  /** The line of a field in the file; of its nearest parent where it is not there. */
  readonly lineOf: (path: readonly PropertyKey[]) => number;
}

/** Reads a block whose first line is `firstLine` of the file. */
export function readYaml<T>(body: string, firstLine: number, schema: z.ZodType<T>): ReadBlock<T> {
  const lines = new LineCounter();
  const document = parseDocument(body, { schema: 'core', lineCounter: lines, prettyErrors: false, merge: false });
  const lineAt = (offset: number): number => firstLine + Math.max(0, lines.linePos(offset).line - 1);
  const lineOf = (path: readonly PropertyKey[]): number => lineAt(offsetOf(document, path));
  const [broken] = document.errors;
  if (broken) return { value: null, problems: [{ line: lineAt(broken.pos[0]), message: `is not YAML: ${broken.message}` }], lineOf };
  const alias = firstAlias(document);
  if (alias !== null)
    return { value: null, problems: [{ line: lineAt(alias), message: 'refers to another value with *: write it out' }], lineOf };
  const parsed = schema.safeParse(document.toJS() ?? {}, { reportInput: true });
  if (parsed.success) return { value: parsed.data, problems: [], lineOf };
  return { value: null, problems: parsed.error.issues.flatMap((issue) => problemsOf(issue, lineOf)), lineOf };
}

/** Where the first alias stands; null where there is none. */
function firstAlias(document: Document): number | null {
  let found: number | null = null;
  visit(document, {
    Alias: (_, { range }) => {
      found = range?.[0] ?? 0;
      return visit.BREAK;
    },
  });
  return found;
}

function offsetOf(document: Document, path: readonly PropertyKey[]): number {
  for (let length = path.length; length > 0; length--) {
    const holder = length === 1 ? document.contents : document.getIn(path.slice(0, length - 1), true);
    const last = path[length - 1];
    const pair = isMap(holder) ? holder.items.find(({ key }) => isNode(key) && String(key) === String(last)) : undefined;
    if (pair && isNode(pair.key) && pair.key.range) return pair.key.range[0];
    const node = document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return node.range[0];
  }
  return 0;
}

function problemsOf(issue: z.core.$ZodIssue, lineOf: (path: readonly PropertyKey[]) => number): LessonProblem[] {
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => ({
      line: lineOf([...issue.path, key]),
      message: `${placeText([...issue.path, key])}${unknownText(issue)}`,
    }));
  return [{ line: lineOf(issue.path), message: `${placeText(issue.path)}${reasonOf(issue)}` }];
}

function unknownText({ message }: z.core.$ZodIssue): string {
  return message.startsWith('is no field') ? message : 'is no field here';
}

function placeText(path: readonly PropertyKey[]): string {
  const text = path.map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`)).join('');
  return text === '' ? '' : `${text.replace(/^\./, '')}: `;
}
