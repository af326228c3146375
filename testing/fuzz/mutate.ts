// Damaged versions of real files: what a bad disk, a cut download or a hand with a hex editor makes.
import type { Random } from '@shared/tensor/random';

type Mutation = (bytes: Uint8Array, random: Random) => Uint8Array;

const flipBit: Mutation = (bytes, random) => {
  const copy = bytes.slice();
  copy[position(bytes, random)] ^= 1 << random.integer(8);
  return copy;
};

const setByte: Mutation = (bytes, random) => {
  const copy = bytes.slice();
  copy[position(bytes, random)] = random.integer(256);
  return copy;
};

/** Numbers at which length checks go wrong. */
const EDGES = [0, 1, 0x7f, 0x80, 0xff, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff];

const setNumber: Mutation = (bytes, random) => {
  const copy = bytes.slice();
  const at = position(bytes, random);
  const value = EDGES[random.integer(EDGES.length)];
  for (let i = 0; i < 4 && at + i < copy.length; i++) copy[at + i] = (value >>> (8 * i)) & 0xff;
  return copy;
};

const cut: Mutation = (bytes, random) => bytes.slice(0, random.integer(bytes.length + 1));

const cutMiddle: Mutation = (bytes, random) => {
  const at = position(bytes, random);
  return joined(bytes.subarray(0, at), bytes.subarray(at + 1 + random.integer(64)));
};

const repeat: Mutation = (bytes, random) => {
  const at = position(bytes, random);
  return joined(bytes.subarray(0, at), bytes.subarray(Math.max(0, at - 1 - random.integer(64))));
};

const swapRanges: Mutation = (bytes, random) => {
  const copy = bytes.slice();
  const length = 1 + random.integer(32);
  const [from, to] = [position(bytes, random), position(bytes, random)];
  copy.copyWithin(to, from, from + length);
  return copy;
};

const MUTATIONS: readonly Mutation[] = [flipBit, setByte, setNumber, cut, cutMiddle, repeat, swapRanges];

/** A damaged copy of `bytes`: one to four mutations, mostly in the parts that describe the rest. */
export function mutate(bytes: Uint8Array, random: Random): Uint8Array {
  let damaged = bytes;
  const rounds = random.integer(2) === 0 ? 1 : 1 + random.integer(4);
  for (let i = 0; i < rounds; i++) damaged = MUTATIONS[random.integer(MUTATIONS.length)](damaged, random);
  return damaged;
}

/** Often near the start or the end, where headers and directories are. */
function position(bytes: Uint8Array, random: Random): number {
  const near = Math.min(bytes.length, 2000);
  const anywhere = random.integer(bytes.length || 1);
  const choice = random.integer(4);
  if (choice === 0) return random.integer(near || 1);
  return choice === 1 ? Math.max(0, bytes.length - 1 - random.integer(near || 1)) : anywhere;
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(a.length + b.length);
  bytes.set(a);
  bytes.set(b, a.length);
  return bytes;
}
