// One finding of the press inspection.

import { z } from 'zod';
import type { Stored } from '../../base/sent';

export const findingSchema = z.object({
  /** A short name of the rule, the same for every file. */
  rule: z.string(),
  verdict: z.enum(['pass', 'fail', 'not judged']),
  /** What was measured and what is asked. */
  says: z.string(),
  /** What to do; null where nothing is to be done. */
  fix: z.string().nullable(),
});
export type Finding = Stored<z.infer<typeof findingSchema>>;
export type Verdict = Finding['verdict'];

/** A finding; `passes` is null for what cannot be judged. */
export function finding(rule: string, passes: boolean | null, says: string, fix: string): Finding {
  const verdict = passes === null ? 'not judged' : passes ? 'pass' : 'fail';
  return { rule, verdict, says, fix: passes === false ? fix : null };
}
