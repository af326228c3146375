// Inflating members of a zip archive, a piece at a time: no more is made than the directory states, and what else is to be done
// (answers of a service, other files) is done in between.
import { Inflate } from 'fflate';
import { yieldToEvents } from '../../base/yield-to-events';
import { quoted, refuse } from '../refuse';
import type { ZipMember } from './directory';

/** Compressed bytes taken at once: what they make is seen before more is made. */
const AT_ONCE = 2 ** 14;
/** Of a header of a few hundred bytes. */
const AT_ONCE_OF_START = 512;

/** All bytes of a deflated member. Rejects with UserError where they are damaged, or not as many as its directory states. */
export async function inflateWhole(compressed: Uint8Array, member: ZipMember): Promise<Uint8Array> {
  const broken = (): never => refuse(`is damaged: its member ${quoted(member.name)} cannot be decompressed`);
  const bytes = roomFor(member);
  let length = 0;
  const stream = new Inflate((chunk) => {
    if (length + chunk.length > bytes.length) broken();
    bytes.set(chunk, length);
    length += chunk.length;
  });
  for (let at = 0; at < compressed.length; at += AT_ONCE) {
    try {
      stream.push(compressed.subarray(at, at + AT_ONCE), at + AT_ONCE >= compressed.length);
    } catch {
      // The inflater's own words say nothing about the file.
      broken();
    }
    await yieldToEvents();
  }
  return length === bytes.length ? bytes : broken();
}

/** The first bytes of a deflated member, `length` of them if it has as many. */
export function inflateStart(compressed: Uint8Array, length: number): Uint8Array {
  let start = new Uint8Array(0);
  const stream = new Inflate((chunk) => {
    const grown = new Uint8Array(Math.min(length, start.length + chunk.length));
    grown.set(start);
    grown.set(chunk.subarray(0, grown.length - start.length), start.length);
    start = grown;
  });
  try {
    for (let at = 0; at < compressed.length && start.length < length; at += AT_ONCE_OF_START)
      stream.push(compressed.subarray(at, at + AT_ONCE_OF_START), false);
  } catch {
    refuse('is damaged: one of its members cannot be decompressed');
  }
  return start;
}

function roomFor({ name, size }: ZipMember): Uint8Array {
  try {
    return new Uint8Array(size);
  } catch {
    return refuse(`has a member ${quoted(name)} of ${size} bytes, for which there is not enough memory here`);
  }
}
