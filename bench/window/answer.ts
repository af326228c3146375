// The worker's side of ask.ts: answers what a message asks for, one after the other; a failure is an answer, too.
import type { Problem } from './ask';

/** Answers every message by `answer`. */
export function answering<Request, Answer extends Problem>(answer: (request: Request) => Promise<Answer>): void {
  addEventListener('message', ({ data }: MessageEvent<Request>) => {
    const failed = (error: unknown): Problem => ({ problem: error instanceof Error ? error.message : String(error) });
    void answer(data)
      .catch(failed)
      .then((result) => postMessage(result));
  });
}
