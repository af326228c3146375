// Typed calls between threads, over the message-port adapter of the RPC library: engine, analysis, data sets and batches
// all speak so. Errors arrive as they were thrown; arrays in answers are sent over, not copied; a call whose signal
// aborts, and a stream whose loop is left, end at once here and are ended there.
import { createORPCClient, ORPCError } from '@orpc/client';
import { RPCLink, type SupportedMessagePort } from '@orpc/client/message-port';
import type { AnyContractRouter, ContractRouterClient } from '@orpc/contract';
import type { AnyRouter } from '@orpc/server';
import { RPCHandler } from '@orpc/server/message-port';
import { buffersOf, CODEC } from './codec';
import { contractFault } from './contract-fault';
import { changingErrors } from './changing-errors';

/** One end of a way between two threads. Messages are objects; `transfer` names the buffers in them that are given away. */
export interface Port {
  post(message: unknown, transfer: ArrayBuffer[]): void;
  onMessage(listener: (message: unknown) => void): void;
}

/** A port of a browser: a MessagePort, a worker, or a worker's own global scope. Node's global MessagePort is one too. */
export interface EventedPort {
  postMessage(message: unknown, options: { readonly transfer: ArrayBuffer[] }): void;
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void;
  start?(): void;
}

export function eventedPort(port: EventedPort): Port {
  return {
    post: (message, transfer) => port.postMessage(message, { transfer }),
    onMessage: (listener) => {
      port.addEventListener('message', ({ data }) => listener(data));
      port.start?.();
    },
  };
}

/**
 * A port as the library wants it, closed when `ended` resolves: a port's own closing would be heard before it is known what
 * ended the thread. The library writes the beginning of a stream as text, which here is an object like every other message.
 */
function libraryPort(port: Port, ended?: Promise<void>): SupportedMessagePort {
  return {
    postMessage: (message: unknown, transfer: ArrayBuffer[] = []) =>
      port.post(typeof message === 'string' ? JSON.parse(message) : message, transfer),
    on: (event, listener) => {
      if (event === 'message') port.onMessage((data) => listener({ data }));
      else if (event === 'close') void ended?.then(() => listener());
    },
  };
}

/** How an answer's arrays travel: given away, or copied where the thread keeps them. */
export type AnswerArrays = 'given' | 'copied';

/** Answers calls of the router's procedures from the port until the thread ends. */
export function servePort(router: AnyRouter, port: Port, arrays: AnswerArrays = 'given'): void {
  const handler = new RPCHandler(router, {
    ...CODEC,
    clientInterceptors: [({ next, path }) => changingErrors(next, (error) => asSent(error, path))],
    // The adapter makes text of a message without such a list; the beginning of a stream is the one that has to be text.
    experimental_transfer: ([, , payload]) => {
      if (payload !== undefined && 'body' in payload && isIterator(payload.body)) return null;
      return arrays === 'given' ? buffersOf(payload) : [];
    },
  });
  handler.upgrade(libraryPort(port));
}

function isIterator(body: unknown): boolean {
  return typeof body === 'object' && body !== null && Symbol.asyncIterator in body;
}

/** The library passes on its own errors alone: any other is packed into one. */
function asSent(error: unknown, path: readonly string[]): Error {
  const fault = contractFault(error);
  const thrown = fault ? new TypeError(`${path.join('.')}: ${fault.text}`) : error instanceof Error ? error : new Error(String(error));
  return new ORPCError('THROWN', { status: 500, message: thrown.message, data: thrown });
}

/**
 * Typed calls to what a port's other end serves. Where `lost` resolves (the thread there has ended), whatever is under way
 * fails with its error, and so does every later call. What is sent along is copied and stays the caller's.
 */
export function connectPort<Contract extends AnyContractRouter>(port: Port, lost?: Promise<Error>): ContractRouterClient<Contract> {
  let end: Error | null = null;
  const ended = lost?.then((error) => void (end = error));
  const link = new RPCLink({
    port: libraryPort(port, ended),
    ...CODEC,
    experimental_transfer: () => [],
    interceptors: [({ next, signal }) => changingErrors(next, (error) => end ?? (signal?.aborted ? signal.reason : asThrown(error)))],
    // Asked where a call is just about to wait: one that begins to wait after the end would wait for ever.
    clientInterceptors: [({ next }) => (end === null ? next() : Promise.reject(end))],
  });
  return createORPCClient(link);
}

function asThrown(error: unknown): unknown {
  return error instanceof ORPCError && error.data instanceof Error ? error.data : error;
}
