// Threads as this host has them: worker_threads of Node, workers of a browser; and who may start some.
import { nodeModule } from '../processors';

/** A thread that runs until it is ended. */
export interface Thread {
  end(): void;
}

interface NodeThread {
  postMessage(message: unknown): void;
  once(event: 'message' | 'error' | 'exit', listener: (value: unknown) => void): void;
  unref(): void;
  terminate(): Promise<number>;
}

/** Node's threads; undefined in a browser. */
function nodeThreads(): { readonly Worker: new (source: string, options: { eval: true }) => NodeThread } | undefined {
  return nodeModule('worker_threads');
}

/** Whether memory can be shared between threads here: in Node, and in browser pages isolated from other origins. */
export function canShareMemory(): boolean {
  try {
    return new WebAssembly.Memory({ initial: 1, maximum: 65536, shared: true }).buffer instanceof SharedArrayBuffer && canStartThreads();
  } catch {
    return false;
  }
}

function canStartThreads(): boolean {
  if (nodeThreads() !== undefined) return true;
  const { document, crossOriginIsolated } = globalThis as { document?: unknown; crossOriginIsolated?: boolean };
  // A page's own thread may not wait.
  return typeof Worker === 'function' && crossOriginIsolated === true && document === undefined;
}

/** Starts a thread from its source, sends it `message` and waits for its first word; `onLost`: it ended without being asked to. */
export function startThread(source: string, message: object, onLost: () => void): Promise<Thread> {
  const node = nodeThreads();
  return node ? startInNode(new node.Worker(source, { eval: true }), message, onLost) : startInBrowser(source, message, onLost);
}

function startInNode(thread: NodeThread, message: object, onLost: () => void): Promise<Thread> {
  return new Promise((resolve, reject) => {
    let ended = false;
    const end = (): void => {
      ended = true;
      void thread.terminate();
    };
    thread.once('message', () => {
      // From here on it must not keep the process alive.
      thread.unref();
      resolve({ end });
    });
    thread.once('error', reject);
    thread.once('exit', () => {
      reject(new Error('a thread ended before it was ready'));
      if (!ended) onLost();
    });
    thread.postMessage(message);
  });
}

function startInBrowser(source: string, message: object, onLost: () => void): Promise<Thread> {
  return new Promise((resolve, reject) => {
    const url = URL.createObjectURL(new Blob([source], { type: 'text/javascript' }));
    const thread = new Worker(url);
    thread.onmessage = () => {
      URL.revokeObjectURL(url);
      resolve({ end: () => thread.terminate() });
    };
    thread.onerror = ({ message: reason }) => {
      reject(new Error(`a thread could not be started: ${reason}`));
      onLost();
    };
    thread.postMessage(message);
  });
}
