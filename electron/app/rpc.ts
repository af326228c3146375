// Serves the studio's procedures over a WebSocket or a MessagePort. A UserError reaches the caller as it
// is (code USER_ERROR); any other error is logged here and reaches the caller as an internal one (code INTERNAL).
// A message that is no call ends its connection, and nothing else.
import { isAbort } from '@shared/base/message-of';
import { ORPCError } from '@orpc/client';
import { onMessagePortClose, onMessagePortMessage, type SupportedMessagePort } from '@orpc/client/message-port';
import type { AnyRouter } from '@orpc/server';
import { StandardRPCHandler } from '@orpc/server/standard';
import { createServerPeerHandleRequestFn } from '@orpc/server/standard-peer';
import { decodeRequestMessage, ServerPeer, type EncodedMessage, type ServerPeerHandleRequestFn } from '@orpc/standard-server-peer';
import type { WebSocket } from 'ws';
import { CODEC } from '@shared/link/codec';
import { changingErrors } from '@shared/link/changing-errors';
import { contractFault } from '@shared/link/contract-fault';
import { UserError } from '@shared/base/user-error';
import { asSentence } from '../files/disk-error';

/** A port of a window: it can be closed, which the library's own type leaves out. */
export type CallerPort = SupportedMessagePort & { close(): void };

/** Ways to attach a caller. */
export interface RpcServer {
  attachSocket(socket: WebSocket): void;
  attachPort(port: CallerPort): void;
}

/** Where calls come from. */
interface Caller {
  send(message: EncodedMessage): void;
  onMessage(listener: (message: unknown) => void): void;
  onClose(listener: () => void): void;
  /** Ends the connection, saying why where it can be said. */
  close(reason: string): void;
}

/** WebSocket's number for data of a kind that is not accepted. */
const UNSUPPORTED_DATA = 1003;

/** Makes procedures callable from windows. */
export function serveRouter(router: AnyRouter): RpcServer {
  const handler = new StandardRPCHandler(router, {
    clientInterceptors: [({ next, path }) => changingErrors(next, (error) => outward(error, path))],
    ...CODEC,
  });
  const handle = createServerPeerHandleRequestFn(handler, {});
  return {
    attachSocket: (socket) => attach(socketCaller(socket), handle),
    attachPort: (port) => attach(portCaller(port), handle),
  };
}

function socketCaller(socket: WebSocket): Caller {
  return {
    send: (message) => socket.send(message),
    onMessage: (listener) => socket.on('message', (data: Buffer, isBinary: boolean) => listener(isBinary ? data : data.toString())),
    onClose: (listener) => socket.once('close', listener),
    close: (reason) => socket.close(UNSUPPORTED_DATA, reason),
  };
}

function portCaller(port: CallerPort): Caller {
  return {
    send: (message) => port.postMessage(message),
    onMessage: (listener) => onMessagePortMessage(port, listener),
    onClose: (listener) => onMessagePortClose(port, listener),
    close: () => port.close(),
  };
}

function attach(caller: Caller, handle: ServerPeerHandleRequestFn): void {
  const peer = new ServerPeer((message) => caller.send(message));
  const answer = async (message: unknown): Promise<void> => {
    if (await isCall(message)) await peer.message(message as EncodedMessage, handle);
    else caller.close('expected a call of the studio');
  };
  caller.onMessage(
    (message) => void answer(message).catch((error: unknown) => console.error('an answer did not reach its window:', error)),
  );
  caller.onClose(() => peer.close());
}

async function isCall(message: unknown): Promise<boolean> {
  if (typeof message !== 'string' && !(message instanceof Uint8Array) && !(message instanceof ArrayBuffer)) return false;
  return decodeRequestMessage(message).then(
    ([id]) => typeof id === 'string',
    () => false,
  );
}

/** The error as the caller may see it. */
function outward(thrown: unknown, path: readonly string[]): Error {
  const call = path.join('.');
  const error = asSentence(thrown);
  if (error instanceof UserError) return new ORPCError('USER_ERROR', { status: 400, message: error.message, cause: error });
  const fault = contractFault(error);
  if (fault?.side === 'input') return new ORPCError('BAD_REQUEST', { message: `${call}: ${fault.text}`, cause: error });
  if (fault === null && (error instanceof ORPCError || isAbort(error))) return error as Error;
  console.error(`${call} failed:`, fault === null ? error : `its answer is not as the contract has it: ${fault.text}`);
  return new ORPCError('INTERNAL', { status: 500, message: `internal error in ${call}; the log of the studio says more` });
}
