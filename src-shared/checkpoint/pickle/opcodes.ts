// The instructions of pickle protocols 2 to 5 (Python's pickletools), each as what it does to the
// machine. Instructions of protocols 0 and 1 that no binary pickle holds are left out.
import { latin1Text } from '../tensor-bytes';
import { call, globalName, newObject } from './calls';
import { malformed, type PickleMachine } from './machine';
import { PickleDict, PickleList, PickleObject, PickleSet, PickleTuple, type PickleValue } from './values';

/** What one instruction does. */
export type Instruction = (machine: PickleMachine) => void;

export const STOP = 0x2e;
const HIGHEST_PROTOCOL = 5;

function checkProtocol(version: number): void {
  if (version < 2 || version > HIGHEST_PROTOCOL) malformed(`says protocol ${version}; 2 to ${HIGHEST_PROTOCOL} are known`);
}

function stackGlobal(m: PickleMachine): void {
  const [module, name] = m.popMany(2);
  if (typeof module !== 'string' || typeof name !== 'string') malformed('names a class by what is no text');
  m.push(globalName(module, name));
}

/** Sets an object's state: kept as data, no __setstate__ runs. */
function build(m: PickleMachine): void {
  const state = m.pop();
  const target = m.top();
  if (target instanceof PickleObject) target.state = state;
  else if (target instanceof PickleDict) target.attributes = state;
}

function reduce(m: PickleMachine): void {
  const [callee, args] = m.popMany(2);
  m.push(call(callee, args, m));
}

/** cls(*args) by the older instructions: a call like any other. */
function callGroup(m: PickleMachine): void {
  const [callee, ...args] = m.popToMark();
  m.push(call(callee ?? null, new PickleTuple(args), m));
}

function newObjectWithKeywords(m: PickleMachine): void {
  const [owner, args] = m.popMany(3);
  m.push(newObject(owner, args));
}

const bytesOf =
  (length: (m: PickleMachine) => number): Instruction =>
  (m) =>
    m.push(m.cursor.slice(length(m)));
const textOf =
  (length: (m: PickleMachine) => number): Instruction =>
  (m) =>
    m.push(m.cursor.text(length(m)));
/** Python 2's byte strings: names there are plain ASCII. */
const byteTextOf =
  (length: (m: PickleMachine) => number): Instruction =>
  (m) =>
    m.push(latin1Text(m.cursor.slice(length(m))));
const constant =
  (value: PickleValue): Instruction =>
  (m) =>
    m.push(value);
const tuple =
  (count: number): Instruction =>
  (m) =>
    m.push(new PickleTuple(m.popMany(count)));
const uint8 = (m: PickleMachine): number => m.cursor.uint8();
const uint32 = (m: PickleMachine): number => m.cursor.uint32();
const uint64 = (m: PickleMachine): number => m.cursor.uint64();

/** Instruction byte -> what it does. */
export const INSTRUCTIONS: ReadonlyMap<number, Instruction> = new Map<number, Instruction>([
  [0x80, (m) => checkProtocol(m.cursor.uint8())],
  [0x95, (m) => void m.cursor.uint64()], // FRAME: a hint for buffering
  [0x28, (m) => m.mark()],
  [0x30, (m) => void m.pop()],
  [0x31, (m) => void m.popToMark()],
  [0x32, (m) => m.push(m.top())], // DUP
  [0x4e, constant(null)],
  [0x88, constant(true)],
  [0x89, constant(false)],
  [0x4a, (m) => m.push(m.cursor.int32())],
  [0x4b, (m) => m.push(m.cursor.uint8())],
  [0x4d, (m) => m.push(m.cursor.uint16())],
  [0x8a, (m) => m.push(m.cursor.integer(m.cursor.uint8()))],
  [0x8b, (m) => m.push(m.cursor.integer(m.cursor.uint32()))],
  [0x47, (m) => m.push(m.cursor.float64())],
  [0x58, textOf(uint32)],
  [0x8c, textOf(uint8)],
  [0x8d, textOf(uint64)],
  [0x54, byteTextOf(uint32)],
  [0x55, byteTextOf(uint8)],
  [0x42, bytesOf(uint32)],
  [0x43, bytesOf(uint8)],
  [0x8e, bytesOf(uint64)],
  [0x96, bytesOf(uint64)], // BYTEARRAY8
  [0x29, (m) => m.push(new PickleTuple([]))],
  [0x74, (m) => m.push(new PickleTuple(m.popToMark()))],
  [0x85, tuple(1)],
  [0x86, tuple(2)],
  [0x87, tuple(3)],
  [0x5d, (m) => m.push(new PickleList([]))],
  [0x6c, (m) => m.push(new PickleList(m.popToMark()))],
  [0x61, (m) => m.append(m.popMany(1))],
  [0x65, (m) => m.append(m.popToMark())],
  [0x7d, (m) => m.push(new PickleDict())],
  [0x64, (m) => buildDict(m)],
  [0x73, (m) => m.setItems(m.popMany(2))],
  [0x75, (m) => m.setItems(m.popToMark())],
  [0x8f, (m) => m.push(new PickleSet([]))],
  [0x90, (m) => m.append(m.popToMark())],
  [0x91, (m) => m.push(new PickleSet(m.popToMark()))], // FROZENSET
  [0x71, (m) => m.memoize(m.cursor.uint8())],
  [0x72, (m) => m.memoize(m.cursor.uint32())],
  [0x94, (m) => m.memoize()],
  [0x68, (m) => m.recall(m.cursor.uint8())],
  [0x6a, (m) => m.recall(m.cursor.uint32())],
  [0x63, (m) => m.push(globalName(m.cursor.line(), m.cursor.line()))],
  [0x93, stackGlobal],
  [0x52, reduce],
  [0x6f, callGroup],
  [0x81, (m) => m.push(newObject(...(m.popMany(2) as [PickleValue, PickleValue])))],
  [0x92, newObjectWithKeywords],
  [0x62, build],
  [0x51, (m) => m.push(m.context.persistent(m.pop()))],
]);

function buildDict(m: PickleMachine): void {
  const flat = m.popToMark();
  m.push(new PickleDict());
  m.setItems(flat);
}
