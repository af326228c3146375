// What its owner says of a run: tags, a note, whether others are held against it. In remarks.json beside run.json, which is
// the training's alone. Invariant: a damaged file is said to be one, never read as if nothing had been said.
import { z } from 'zod';
import { UserError } from '../base/user-error';
import { formatProblem } from '../base/stored-version';
import { firstIssue, strictObject } from '../model/strict-object';
import type { Stored } from '../base/sent';

const FORMAT = { format: 'repmlp-run-remarks', version: 1, called: 'the remarks on a run' } as const;

/** A word that a run is found by: no spaces, which part the words of a filter. */
export const tagSchema = z.string().regex(/^[^\s,]{1,40}$/, 'is no tag: a word of up to 40 letters without spaces or commas');
const LONGEST_NOTE = 4000;
export const noteSchema = z.string().max(LONGEST_NOTE);

const remarksSchema = strictObject({
  format: z.literal(FORMAT.format),
  version: z.literal(FORMAT.version),
  tags: z.array(tagSchema),
  note: noteSchema,
  /** The one run that the others of its folder are held against. */
  baseline: z.boolean(),
});
export type Remarks = Stored<z.infer<typeof remarksSchema>>;

export const NO_REMARKS: Remarks = { format: FORMAT.format, version: FORMAT.version, tags: [], note: '', baseline: false };

/** Remarks from parsed JSON. Throws UserError naming `where` and the field that is wrong. */
export function parseRemarks(json: unknown, where: string): Remarks {
  const problem = formatProblem(json, FORMAT);
  if (problem !== null) throw new UserError(`${where}: ${problem}`);
  const parsed = remarksSchema.safeParse(json, { reportInput: true });
  if (!parsed.success) throw new UserError(`${where} cannot be used: ${firstIssue(parsed.error, 'the file')}`);
  return parsed.data;
}

/** Tags from a line of them: words parted by spaces or commas, each once. Throws UserError for one that is none. */
export function tagsOf(text: string): string[] {
  const words = [...new Set(text.split(/[\s,]+/).filter(Boolean))];
  for (const word of words) {
    const parsed = tagSchema.safeParse(word);
    if (!parsed.success) throw new UserError(`"${word}" ${parsed.error.issues[0].message}`);
  }
  return words;
}
