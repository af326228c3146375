// The window's side of the analysis workers: answers matched by number. Each kind of work has its own worker,
// so that ending one does not end another's.
import type { AnswerOf, WorkerReply, WorkerRequest } from './protocol';

interface Waiting {
  resolve(reply: WorkerReply): void;
  reject(error: Error): void;
}

/** A worker that starts when first asked. */
export class Analyst {
  private worker: Worker | null = null;
  private nextId = 1;
  private readonly waiting = new Map<number, Waiting>();

  /** Computes in the worker. Throws Error with the computation's message; AbortError when ended. */
  async ask<K extends WorkerRequest['kind'] & keyof AnswerOf>(request: Extract<WorkerRequest, { kind: K }>): Promise<AnswerOf[K]> {
    const id = this.nextId++;
    const reply = await new Promise<WorkerReply>((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      (this.worker ??= this.start()).postMessage({ id, request });
    });
    if ('problem' in reply) throw new Error(reply.problem);
    return reply.result as AnswerOf[K];
  }

  /** Ends what is being computed, at once. */
  end(): void {
    this.worker?.terminate();
    this.fail(new DOMException('The analysis was stopped.', 'AbortError'));
  }

  private start(): Worker {
    const started = new Worker(new URL('./analysis.worker.ts', import.meta.url), { type: 'module' });
    started.onmessage = ({ data }: MessageEvent<WorkerReply>) => {
      this.waiting.get(data.id)?.resolve(data);
      this.waiting.delete(data.id);
    };
    started.onerror = (event) => this.fail(new Error(`The analysis worker failed: ${event.message}`));
    return started;
  }

  private fail(error: Error): void {
    for (const { reject } of this.waiting.values()) reject(error);
    this.waiting.clear();
    this.worker = null;
  }
}

const general = new Analyst();

/** Computes in the worker for short work. Throws Error with the computation's message. */
export const analyse: Analyst['ask'] = (request) => general.ask(request);
