// One finding of the press inspection.

export type Verdict = 'pass' | 'fail' | 'not judged';

export interface Finding {
  /** A short name of the rule, the same for every file. */
  readonly rule: string;
  readonly verdict: Verdict;
  /** What was measured and what is asked. */
  readonly says: string;
  /** What to do; null where nothing is to be done. */
  readonly fix: string | null;
}

/** A finding; `passes` is null for what cannot be judged. */
export function finding(rule: string, passes: boolean | null, says: string, fix: string): Finding {
  const verdict = passes === null ? 'not judged' : passes ? 'pass' : 'fail';
  return { rule, verdict, says, fix: passes === false ? fix : null };
}
