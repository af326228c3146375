// Serves the studio's procedures over a WebSocket or a MessagePort. A UserError reaches the caller as it
// is (code USER_ERROR); any other error is logged here and reaches the caller as an internal one (code INTERNAL).
import { mapEventIterator, ORPCError } from '@orpc/client';
import { ValidationError, type AnyRouter } from '@orpc/server';
import { RPCHandler as PortHandler } from '@orpc/server/message-port';
import { RPCHandler as SocketHandler } from '@orpc/server/ws';
import type { SupportedMessagePort } from '@orpc/client/message-port';
import type { WebSocket } from 'ws';
import { WIRE_NUMBERS } from '@shared/contract/infinity';
import { UserError } from '@shared/user-error';

/** Ways to attach a caller. */
export interface RpcServer {
  attachSocket(socket: WebSocket): void;
  attachPort(port: SupportedMessagePort): void;
}

/** Makes procedures callable from windows. */
export function serveRouter(router: AnyRouter): RpcServer {
  const options = { clientInterceptors: [translateErrors], ...WIRE_NUMBERS };
  const [overSockets, overPorts] = [new SocketHandler(router, options), new PortHandler(router, options)];
  return {
    attachSocket: (socket) => void overSockets.upgrade(socket),
    attachPort: (port) => overPorts.upgrade(port),
  };
}

interface Call {
  readonly path: readonly string[];
  next(): Promise<unknown>;
}

/** Also translates what a stream throws after its first events. */
async function translateErrors(call: Call): Promise<unknown> {
  try {
    const output = await call.next();
    return isStream(output)
      ? mapEventIterator(output, { value: async (value) => value, error: async (error) => outward(error, call.path) })
      : output;
  } catch (error) {
    throw outward(error, call.path);
  }
}

function isStream(output: unknown): output is AsyncIterator<unknown, unknown, undefined> {
  return typeof output === 'object' && output !== null && Symbol.asyncIterator in output;
}

/** The error as the caller may see it. */
function outward(error: unknown, path: readonly string[]): Error {
  if (error instanceof UserError) return new ORPCError('USER_ERROR', { status: 400, message: error.message, cause: error });
  if (error instanceof ORPCError && error.cause instanceof ValidationError) return badInput(error.cause, path);
  if (error instanceof ORPCError || isAbort(error)) return error as Error;
  console.error(`${path.join('.')} failed:`, error);
  return new ORPCError('INTERNAL', { status: 500, message: `internal error in ${path.join('.')}; the log of the studio says more` });
}

/** Says which field of a call's input was not as the contract has it. */
function badInput(cause: ValidationError, path: readonly string[]): Error {
  const [issue] = cause.issues;
  const field = (issue.path ?? []).map((part) => String(typeof part === 'object' ? part.key : part)).join('.');
  return new ORPCError('BAD_REQUEST', { message: `${path.join('.')}: ${field === '' ? 'input' : field}: ${issue.message}`, cause });
}

function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}
