// HTTP byte ranges (RFC 9110, section 14): one range `bytes=first-last`, either end open.

/** A part of a body: bytes [start, end). */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/** The range a header asks for in a body of `length` bytes; null without (or with an unreadable) header; 'unsatisfiable' beyond its end. */
export function parseRange(header: string | null, length: number): ByteRange | 'unsatisfiable' | null {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header ?? '');
  if (match === null || (match[1] === '' && match[2] === '')) return null;
  const range =
    match[1] === ''
      ? { start: Math.max(0, length - Number(match[2])), end: length }
      : { start: Number(match[1]), end: match[2] === '' ? length : Math.min(length, Number(match[2]) + 1) };
  return range.start < range.end ? range : 'unsatisfiable';
}
