// Numbered calls over a port, each answered once: what one thread asks of another. (An engine's calls, which
// stream and can be cancelled, have engine-client.ts and engine-server.ts.) Errors arrive as they were thrown.
import { buffersOf, errorFrom, errorParts, type EnginePort, type PortError } from './port';

/** A call under its number. */
type Numbered<Call> = { readonly id: number; readonly call: Call };
type Reply = { readonly id: number; readonly value: unknown } | { readonly id: number; readonly error: PortError };

interface Waiting<Answer> {
  readonly resolve: (value: Answer) => void;
  readonly reject: (error: Error) => void;
}

/** The asking end. */
export class PortCalls<Call, Answer> {
  private readonly waiting = new Map<number, Waiting<Answer>>();
  private lastId = 0;
  private lost: Error | null = null;

  constructor(private readonly port: EnginePort) {
    port.addEventListener('message', ({ data }) => this.receive(data as Reply));
    port.start?.();
  }

  /** Rejects with what answering throws, and if the other end is lost. */
  call(call: Call): Promise<Answer> {
    return new Promise((resolve, reject) => {
      if (this.lost !== null) return reject(this.lost);
      const id = ++this.lastId;
      this.waiting.set(id, { resolve, reject });
      this.port.postMessage({ id, call } satisfies Numbered<Call>);
    });
  }

  /** The other end is gone: all that waits fails, and every later call. */
  lose(error: Error): void {
    this.lost = error;
    this.waiting.forEach(({ reject }) => reject(error));
    this.waiting.clear();
  }

  private receive(reply: Reply): void {
    const waiting = this.waiting.get(reply.id);
    this.waiting.delete(reply.id);
    if ('error' in reply) waiting?.reject(errorFrom(reply.error));
    else waiting?.resolve(reply.value as Answer);
  }
}

/** The answering end; arrays in answers are sent over, not copied. */
export function answerCalls<Call>(port: EnginePort, answer: (call: Call) => Promise<unknown>): void {
  port.addEventListener('message', ({ data }) => void reply(port, data as Numbered<Call>, answer));
  port.start?.();
}

async function reply<Call>(port: EnginePort, { id, call }: Numbered<Call>, answer: (call: Call) => Promise<unknown>): Promise<void> {
  try {
    const value = await answer(call);
    port.postMessage({ id, value } satisfies Reply, buffersOf(value));
  } catch (error) {
    port.postMessage({ id, error: errorParts(error) } satisfies Reply);
  }
}
