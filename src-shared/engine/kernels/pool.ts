// Threads that run kernels side by side with the calling one, on the backend's shared memory. Work is cut
// into ranges of outputs, never of sums: results do not depend on the number of threads.

/** Kernels that the threads can be asked for. */
export const SHARED_WORK = [
  'gemmRows',
  'correlate',
  'filterGradient',
  'depthwise',
  'depthwiseFilter',
  'momentsOfBranches',
  'normaliseBranches',
  'gradientSums',
  'gradientBranches',
  'maxPoolGradient',
  'averagePoolGradient',
  'permute',
  'add',
  'addToRows',
  'multiply',
  'multiplyRows',
  'relu',
  'reluGradient',
  'sumOfRows',
  'gelu',
  'geluGradient',
  'move',
] as const;
export type SharedWork = (typeof SHARED_WORK)[number];

/** Places of the control words: which job it is, how many threads are still at it, whether one of them failed. */
const [JOB, PENDING, FAILED] = [0, 1, 2];
/** Each thread's arguments: the kernel's number (-1: nothing to do), their count, their values, as float64. */
const [ARGUMENTS_AT, ARGUMENTS] = [64, 32];
/** Looks at a control word before going to sleep: waking up takes longer than a small job. */
const GLANCES = 20000;

/** What a thread runs; plain text, for it must start without a bundle of its own in Node and in browsers. */
const THREAD = `
const port = typeof require === 'function' ? require('node:worker_threads').parentPort : self;
port.onmessage = ({ data: { module, memory, control, index, work } }) => {
  const kernels = new WebAssembly.Instance(module, { env: { memory } }).exports;
  const words = new Int32Array(control);
  const values = new Float64Array(control, ${ARGUMENTS_AT} + index * ${ARGUMENTS} * 8, ${ARGUMENTS});
  let job = 0;
  port.postMessage('ready');
  for (;;) {
    for (let i = 0; i < ${GLANCES} && Atomics.load(words, ${JOB}) === job; i++);
    Atomics.wait(words, ${JOB}, job);
    job = Atomics.load(words, ${JOB});
    try {
      if (values[0] >= 0) kernels[work[values[0]]](...values.subarray(2, 2 + values[1]));
    } catch {
      Atomics.store(words, ${FAILED}, 1);
    }
    if (Atomics.sub(words, ${PENDING}, 1) === 1) Atomics.notify(words, ${PENDING});
  }
};`;

/** The little of a worker that is used, in Node and in browsers. */
interface Thread {
  postMessage(message: unknown): void;
  onmessage: ((event: { data: unknown }) => void) | null;
  onerror: ((event: unknown) => void) | null;
}

interface NodeThread {
  postMessage(message: unknown): void;
  once(event: 'message' | 'error', listener: (value: unknown) => void): void;
  unref(): void;
}

interface NodeModules {
  getBuiltinModule?(name: 'worker_threads'): { readonly Worker: new (source: string, options: { eval: true }) => NodeThread };
  getBuiltinModule?(name: 'os'): { availableParallelism(): number };
}

function nodeModules(): NodeModules | undefined {
  return (globalThis as { process?: NodeModules }).process;
}

/** Processors this host may use. */
export function allProcessors(): number {
  const { navigator } = globalThis as { navigator?: { readonly hardwareConcurrency?: number } };
  const node = nodeModules()?.getBuiltinModule?.('os') as { availableParallelism(): number } | undefined;
  return node?.availableParallelism() ?? navigator?.hardwareConcurrency ?? 1;
}

/** Processors to compute on, at most 8. */
export function processorCount(): number {
  return Math.min(8, allProcessors());
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
  if (nodeModules()?.getBuiltinModule !== undefined) return true;
  const { document, crossOriginIsolated } = globalThis as { document?: unknown; crossOriginIsolated?: boolean };
  // A page's own thread may not wait.
  return typeof Worker === 'function' && crossOriginIsolated === true && document === undefined;
}

/** Starts one thread and waits until it has its kernels. */
function startThread(message: object): Promise<void> {
  const node = nodeModules()?.getBuiltinModule?.('worker_threads') as
    | { Worker: new (s: string, o: { eval: true }) => NodeThread }
    | undefined;
  return new Promise((resolve, reject) => {
    if (node) {
      const thread = new node.Worker(THREAD, { eval: true });
      thread.once('message', () => {
        // From here on it must not keep the process alive.
        thread.unref();
        resolve();
      });
      thread.once('error', reject);
      thread.postMessage(message);
    } else {
      const url = URL.createObjectURL(new Blob([THREAD], { type: 'text/javascript' }));
      const thread = new Worker(url) as unknown as Thread;
      thread.onmessage = () => resolve();
      thread.onerror = () => reject(new Error('a thread could not be started'));
      thread.postMessage(message);
    }
  });
}

type Calls = Record<SharedWork, (...values: number[]) => void>;

export class Pool {
  /** The calling thread and the others. */
  readonly threads: number;
  readonly #calls: Calls;
  readonly #words: Int32Array<SharedArrayBuffer>;
  readonly #values: Float64Array<SharedArrayBuffer>;

  private constructor(calls: Calls, control: SharedArrayBuffer, threads: number) {
    this.#calls = calls;
    this.threads = threads;
    this.#words = new Int32Array(control);
    this.#values = new Float64Array(control, ARGUMENTS_AT);
  }

  /** Starts `threads - 1` threads on the memory; `calls` are the same kernels on the calling one. */
  static async start(calls: Calls, module: WebAssembly.Module, memory: WebAssembly.Memory, threads: number): Promise<Pool> {
    const control = new SharedArrayBuffer(ARGUMENTS_AT + Math.max(1, threads - 1) * ARGUMENTS * 8);
    const starts = Array.from({ length: threads - 1 }, (_, index) => startThread({ module, memory, control, index, work: SHARED_WORK }));
    await Promise.all(starts);
    return new Pool(calls, control, threads);
  }

  /** Runs one call per thread, at most `threads` of them, and returns when all are done. */
  run(work: SharedWork, calls: readonly (readonly number[])[]): void {
    if (calls.length > 1) this.#hand(work, calls.slice(1));
    try {
      this.#calls[work](...calls[0]);
    } finally {
      // The others write into memory that whoever catches an error may give away.
      if (calls.length > 1) this.#wait();
    }
  }

  #hand(work: SharedWork, calls: readonly (readonly number[])[]): void {
    for (let index = 0; index < this.threads - 1; index++) {
      const values = calls[index];
      const at = index * ARGUMENTS;
      this.#values[at] = values ? SHARED_WORK.indexOf(work) : -1;
      if (values) this.#values.set([values.length, ...values], at + 1);
    }
    Atomics.store(this.#words, PENDING, this.threads - 1);
    Atomics.add(this.#words, JOB, 1);
    Atomics.notify(this.#words, JOB);
  }

  #wait(): void {
    for (let i = 0; i < GLANCES && Atomics.load(this.#words, PENDING) > 0; i++);
    for (let left = Atomics.load(this.#words, PENDING); left > 0; left = Atomics.load(this.#words, PENDING))
      Atomics.wait(this.#words, PENDING, left);
    if (Atomics.load(this.#words, FAILED)) throw new Error('a kernel failed on another thread');
  }
}
