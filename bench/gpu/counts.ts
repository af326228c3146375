// What a piece of work asks of a graphics library, counted at the library itself: numbers that no machine changes.

/** Counts of one step. Bytes are of the arrays that cross between program and graphics memory. */
export interface GpuCounts {
  /** Draw calls of WebGL, dispatches of WebGPU. */
  readonly draws: number;
  /** Textures of WebGL, buffers and textures of WebGPU, made anew. */
  readonly made: number;
  /** How many tfjs took in all: those beyond `made` it had freed before. */
  readonly taken: number;
  readonly uploadedBytes: number;
  /** How often results were read back, and the bytes of them. */
  readonly reads: number;
  readonly readBytes: number;
  /** Shader programs of WebGL, compute pipelines of WebGPU. */
  readonly programs: number;
  /** Texels that the draws cover (WebGL; up to four numbers each), workgroups of the dispatches (WebGPU). */
  readonly written: number;
  /** Draws by what computes: tfjs's program or the kernel's name. */
  readonly byProgram: Readonly<Record<string, number>>;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** A running count, which the wrapped calls raise. */
export class Counter {
  #counts = empty();

  add(what: Exclude<keyof GpuCounts, 'byProgram'>, amount = 1): void {
    this.#counts[what] += amount;
  }

  draw(program: string): void {
    this.#counts.byProgram[program] = (this.#counts.byProgram[program] ?? 0) + 1;
  }

  /** What was counted since the last call. */
  take(): GpuCounts {
    const taken = this.#counts;
    this.#counts = empty();
    return taken;
  }
}

function empty(): Omit<Mutable<GpuCounts>, 'byProgram'> & { byProgram: Record<string, number> } {
  return { draws: 0, made: 0, taken: 0, uploadedBytes: 0, reads: 0, readBytes: 0, programs: 0, written: 0, byProgram: {} };
}

/** Replaces `name` of `target` by a method that first tells `told` its arguments, and goes on as it was. */
export function watched<T extends object, Name extends keyof T>(
  target: T,
  name: Name,
  told: (args: T[Name] extends (...args: infer Args) => unknown ? Args : never, self: T) => void,
): void {
  const original: unknown = target[name];
  if (typeof original !== 'function') throw new Error(`expected a method ${String(name)} to count its calls, there is none`);
  const counted = function (this: T, ...args: Parameters<typeof told>[0] & unknown[]): unknown {
    told(args, this);
    return Reflect.apply(original, this, args);
  };
  Object.defineProperty(target, name, { value: counted, configurable: true, writable: true });
}
