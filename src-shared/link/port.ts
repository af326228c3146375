// The messages between an engine and whoever uses it from another thread, and the little that a port has
// to be able to do: browser workers and Node's worker_threads both have such ports.
import { UserError } from '../base/user-error';
import { HalfStep } from '../training/loop/half-step';
import { KernelFailure } from '../compute/wasm-backend/kernel-failure';

/** A MessagePort of a browser or of Node. */
export interface EnginePort {
  postMessage(message: unknown, transfer?: readonly ArrayBuffer[]): void;
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void;
  start?(): void;
}

/** An error as it travels: class names are lost in a structured clone. */
export interface PortError {
  readonly name: string;
  readonly message: string;
  readonly stack: string | undefined;
}

/** An error as it is sent. */
export function errorParts(error: unknown): PortError {
  if (error instanceof Error) return { name: error.name, message: error.message, stack: error.stack };
  return { name: 'Error', message: String(error), stack: undefined };
}

/** The errors that somebody tells apart. */
const KINDS = new Map<string, new (message: string) => Error>(Object.entries({ UserError, RangeError, HalfStep, KernelFailure }));

/** The error that was sent: of the same kind, where somebody tells it apart. */
export function errorFrom({ name, message, stack }: PortError): Error {
  const Kind = KINDS.get(name) ?? Error;
  const error = new Kind(message);
  if (stack) error.stack = stack;
  return error;
}

export type EngineMethod = 'backends' | 'forward' | 'verify' | 'train' | 'control' | 'evaluate' | 'measure' | 'dispose';

/** From the user of the engine: a call, or the end of interest in it. */
export type EngineCall =
  | { readonly type: 'call'; readonly id: number; readonly method: EngineMethod; readonly values: readonly unknown[] }
  | { readonly type: 'cancel'; readonly id: number };

/** From the engine: one item of a stream, the end of a call, or its failure. */
export type EngineReply =
  | { readonly type: 'item'; readonly id: number; readonly value: unknown }
  | { readonly type: 'done'; readonly id: number; readonly value: unknown }
  | { readonly type: 'failed'; readonly id: number; readonly error: PortError };

/** An item of a call that goes part by part: how many samples of all are done. */
export interface PartsDone {
  readonly done: number;
  readonly total: number;
}

/** Whether what came over a port is a reply: an engine may be a window's, and its messages are what it makes them. */
export function isEngineReply(data: unknown): data is EngineReply {
  if (typeof data !== 'object' || data === null || !('type' in data && 'id' in data) || typeof data.id !== 'number') return false;
  if (data.type === 'item' || data.type === 'done') return true;
  return data.type === 'failed' && 'error' in data && isPortError(data.error);
}

function isPortError(error: unknown): error is PortError {
  if (typeof error !== 'object' || error === null || !('name' in error && 'message' in error)) return false;
  return typeof error.name === 'string' && typeof error.message === 'string';
}

/** The buffers of every array in a value that is the value's alone: sent over, not copied. */
export function buffersOf(value: unknown, found: Set<ArrayBuffer> = new Set()): readonly ArrayBuffer[] {
  if (ArrayBuffer.isView(value)) {
    if (value.buffer instanceof ArrayBuffer && value.byteLength === value.buffer.byteLength) found.add(value.buffer);
  } else if (value instanceof Map) value.forEach((item) => buffersOf(item, found));
  else if (typeof value === 'object' && value !== null) Object.values(value).forEach((item) => buffersOf(item, found));
  return [...found];
}
