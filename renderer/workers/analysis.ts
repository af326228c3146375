// The window's side of the analysis worker: one worker, answers matched by number.
import type { AnswerOf, WorkerReply, WorkerRequest } from './protocol';

let worker: Worker | null = null;
let nextId = 1;
const waiting = new Map<number, { resolve: (reply: WorkerReply) => void; reject: (error: Error) => void }>();

/** Computes in the worker. Throws Error with the computation's message. */
export async function analyse<K extends WorkerRequest['kind'] & keyof AnswerOf>(
  request: Extract<WorkerRequest, { kind: K }>,
  transfer: readonly ArrayBuffer[] = [],
): Promise<AnswerOf[K]> {
  const id = nextId++;
  const reply = await new Promise<WorkerReply>((resolve, reject) => {
    waiting.set(id, { resolve, reject });
    theWorker().postMessage({ id, request }, [...transfer]);
  });
  if ('problem' in reply) throw new Error(reply.problem);
  return reply.result as AnswerOf[K];
}

function theWorker(): Worker {
  worker ??= startWorker();
  return worker;
}

function startWorker(): Worker {
  const started = new Worker(new URL('./analysis.worker.ts', import.meta.url), { type: 'module' });
  started.onmessage = ({ data }: MessageEvent<WorkerReply>) => {
    waiting.get(data.id)?.resolve(data);
    waiting.delete(data.id);
  };
  started.onerror = (event) => {
    for (const { reject } of waiting.values()) reject(new Error(`The analysis worker failed: ${event.message}`));
    waiting.clear();
    worker = null;
  };
  return started;
}
