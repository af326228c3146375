// A graphics context that is lost: the driver was restarted, the GPU's process died, too many windows draw. What lay on it is gone,
// what is asked of it gives zeros or never answers. Invariant: no value that was read when the context was lost, or may have been,
// is handed out; a training goes on from its last checkpoint, on a new context after a growing pause, then on another backend.
import { HalfStep } from '../../training/loop/half-step';
import { UserError } from '../../base/user-error';

/** So many losses, and graphics are not tried again before the program is started anew. */
const MOST_LOSSES = 2;
const FIRST_PAUSE_MILLISECONDS = 500;
const LOST = 'the graphics context was lost (the GPU or its driver was started anew)';

/** What is needed of a WebGL context. */
export interface Context {
  isContextLost(): boolean;
  readonly canvas: { addEventListener(type: 'webglcontextlost', listener: () => void): void };
}

interface Watched {
  readonly gl: Context;
  readonly lost: Promise<void>;
  wasLost: boolean;
}

let watched: Watched | null = null;
let losses = 0;
/** Of answers that are waited for. */
const listeners = new Set<() => void>();

/** Whether it is one: the types of shared code know no page. */
export function isContext(gl: object): gl is Context {
  return 'isContextLost' in gl && 'canvas' in gl;
}

/** Watches the context that computes from now on; `onLost` hears of its loss, once. */
export function watchContext(gl: Context, onLost: () => void): void {
  const { promise, resolve } = withResolver();
  const own: Watched = { gl, lost: promise, wasLost: false };
  watched = own;
  gl.canvas.addEventListener('webglcontextlost', () => {
    if (own.wasLost) return;
    own.wasLost = true;
    losses++;
    onLost();
    resolve();
    for (const listener of [...listeners]) listener();
  });
}

/** Why graphics are not tried again; null where they may be. */
export function reasonNotToTryGraphics(): string | null {
  return losses < MOST_LOSSES ? null : `its graphics context was lost ${losses} times`;
}

/** Waits before a new context is asked for, longer after every loss: one that is asked for at once is refused. */
export async function pauseAfterLosses(): Promise<void> {
  if (losses > 0) await new Promise((resolve) => setTimeout(resolve, FIRST_PAUSE_MILLISECONDS * 2 ** losses));
}

/** What a backend other than WebGL gives is not watched. */
export async function* untilContextLost<Event>(backend: string, events: AsyncGenerator<Event, void>): AsyncGenerator<Event, void> {
  const context = backend === 'webgl' ? watched : null;
  if (context === null) return yield* events;
  for (;;) {
    const next = events.next();
    // Where the context is lost, it may never come, or come as an error that says less.
    const outcome = await Promise.race([next, context.lost]).catch((error: unknown) => {
      throw isLost(context) ? new HalfStep(LOST, { cause: error }) : error;
    });
    if (!outcome || isLost(context)) throw halted(next);
    if (outcome.done) return;
    yield outcome.value;
  }
}

/** The answer of a computation. Rejects with UserError where the context it is computed on is lost. */
export async function orContextLost<T>(answer: () => Promise<T>, isOnGraphics: () => boolean): Promise<T> {
  const refusal = new UserError(`${LOST}: nothing of this answer can be used; ask for it again`);
  let fail = (): void => undefined;
  const failing = new Promise<never>((_, reject) => (fail = () => (isOnGraphics() ? reject(refusal) : undefined)));
  failing.catch(() => undefined);
  listeners.add(fail);
  try {
    const value = await Promise.race([answer(), failing]);
    if (watched && isOnGraphics() && isLost(watched)) throw refusal;
    return value;
  } finally {
    listeners.delete(fail);
  }
}

function halted(abandoned: Promise<unknown>): HalfStep {
  abandoned.catch(() => undefined);
  return new HalfStep(LOST);
}

function isLost({ gl, wasLost }: Watched): boolean {
  return wasLost || gl.isContextLost();
}

function withResolver(): { promise: Promise<void>; resolve: () => void } {
  let resolve = (): void => undefined;
  const promise = new Promise<void>((settle) => (resolve = settle));
  return { promise, resolve };
}
