// What a message of the RPC library may carry beside plain JSON, the same on every way that messages take: Infinity, of
// which JSON would make null; errors, which arrive as the class they were thrown as, with what caused them; and typed
// arrays, which the library passes on as they are. NaN, bigints and Maps are the library's own.
import type { StandardRPCJsonSerializerOptions } from '@orpc/client/standard';
import { UserError } from '../base/user-error';
import { KernelFailure } from '../compute/kernel-failure';
import { HalfStep } from '../training/loop/half-step';

/** oRPC keeps the numbers below 20 for types of its own. */
const [INFINITY_TYPE, ERROR_TYPE] = [21, 22];

/** An error as it travels; `cause` travels as an error of its own. */
interface ErrorParts {
  readonly name: string;
  readonly message: string;
  readonly stack?: string;
  readonly cause?: unknown;
}

/** The errors that somebody tells apart. */
const KINDS = new Map<string, new (message: string, options?: ErrorOptions) => Error>(
  Object.entries({ UserError, RangeError, HalfStep, KernelFailure }),
);

function partsOf({ name, message, stack, cause }: Error): ErrorParts {
  return { name, message, stack, ...(cause !== undefined && { cause: cause instanceof Error ? cause : String(cause) }) };
}

/** Of the same class, where somebody tells it apart; of the same name anyway. */
function errorOf(parts: unknown): Error {
  if (!isErrorParts(parts)) throw new TypeError(`expected an error, got ${JSON.stringify(parts)}`);
  const { name, message, stack, cause } = parts;
  const Kind = KINDS.get(name);
  const options = cause === undefined ? undefined : { cause };
  const error = Kind ? new Kind(message, options) : Object.assign(new Error(message, options), { name });
  if (stack !== undefined) error.stack = stack;
  return error;
}

function isErrorParts(parts: unknown): parts is ErrorParts {
  if (typeof parts !== 'object' || parts === null || !('name' in parts && 'message' in parts)) return false;
  const stack = 'stack' in parts ? parts.stack : undefined;
  return typeof parts.name === 'string' && typeof parts.message === 'string' && (stack === undefined || typeof stack === 'string');
}

/** Options of every link and handler. */
export const CODEC = {
  customJsonSerializers: [
    {
      type: INFINITY_TYPE,
      condition: (data: unknown): boolean => data === Infinity || data === -Infinity,
      serialize: (data: number): string => String(data),
      deserialize: (text: unknown): number => {
        if (text !== 'Infinity' && text !== '-Infinity') throw new TypeError(`expected Infinity or -Infinity, got ${String(text)}`);
        return Number(text);
      },
    },
    { type: ERROR_TYPE, condition: (data: unknown): boolean => data instanceof Error, serialize: partsOf, deserialize: errorOf },
  ],
} satisfies StandardRPCJsonSerializerOptions;

/** The buffers of every array in a message that is the message's alone: what can be sent over instead of copied. */
export function buffersOf(message: unknown, found: Set<ArrayBuffer> = new Set()): ArrayBuffer[] {
  if (ArrayBuffer.isView(message)) {
    if (message.buffer instanceof ArrayBuffer && message.byteLength === message.buffer.byteLength) found.add(message.buffer);
  } else if (typeof message === 'object' && message !== null) Object.values(message).forEach((item) => buffersOf(item, found));
  return [...found];
}
