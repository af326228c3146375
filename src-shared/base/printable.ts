// Text of files (names of tensors, classes, runs) on its way to a terminal or a page. Invariant: nothing in it steers what shows
// it: no control sequences, and no characters that turn the direction of what stands around them.

/** Control characters (C0, DEL, C1), line and paragraph separators, marks that override the direction of writing. */
const STEERING = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu;

/** Whether a text has characters that steer a terminal or a page. */
export function steers(text: string): boolean {
  return text.search(STEERING) >= 0;
}

/** The text with such characters written out: `\u001b`. Line ends and tabs of the program's own stay where `lines` says so. */
export function printable(text: string, lines: 'one line' | 'lines' = 'one line'): string {
  return text.replace(STEERING, (character) =>
    lines === 'lines' && (character === '\n' || character === '\t')
      ? character
      : `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
