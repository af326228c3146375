// A port of Node's worker threads, for typed calls over it.
import type { MessagePort } from 'node:worker_threads';
import type { Port } from '@shared/link/port';

export function nodePort(port: MessagePort): Port {
  return {
    post: (message, transfer) => port.postMessage(message, transfer),
    onMessage: (listener) => port.on('message', listener),
  };
}
