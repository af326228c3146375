// PyTorch on the same cores, where a Python with torch is found: runs train_torch.py.
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { StepTime } from './step';

const run = promisify(execFile);
const script = fileURLToPath(new URL('../../bench/train_torch.py', import.meta.url));

/** Formulations of train_torch.py. */
export const FORMULATIONS = ['grouped', 'matmul'] as const;

/** A Python that can import torch, or null. `PYTHON` in the environment is asked first. */
export async function pythonWithTorch(): Promise<string | null> {
  for (const python of [process.env.PYTHON, 'python3', '/usr/bin/python3']) {
    if (!python) continue;
    const found = await run(python, ['-c', 'import torch']).then(
      () => true,
      () => false,
    );
    if (found) return python;
  }
  return null;
}

/** What PyTorch's steps showed. */
export interface TorchRun {
  readonly times: readonly StepTime[];
  /** Speed of one matrix product. */
  readonly gflops: number;
  /** The BLAS it was made with: paths of libraries, or what PyTorch was built with. */
  readonly blas: string;
}

/** GFLOP/s a thread below which no optimised BLAS stays on a processor of this century's second decade. */
const SLOWEST_OPTIMISED = 15;

/** Why a comparison would say nothing of PyTorch; null where it is a fair one. */
export function unfairness({ gflops, blas }: Pick<TorchRun, 'gflops' | 'blas'>, threads: number): string | null {
  // Where Debian and its kin keep Netlib's reference implementation.
  const isReference = /(^|[/ ])blas\/libblas\.so/.test(blas) || blas === 'generic';
  if (!isReference && gflops >= SLOWEST_OPTIMISED * threads) return null;
  const what = isReference ? 'is the reference implementation' : 'is no optimised one';
  return `PyTorch's BLAS (${blas}, ${gflops.toFixed(1)} GFLOP/s on ${threads} thread(s)) ${what}: no ratio to boast of; install OpenBLAS or MKL (Debian: libopenblas0-pthread) and run again`;
}

/** `steps` steps of the three-stage network. A BLAS with threads of its own does not hear PyTorch's number, so the environment says it too. */
export async function torchSteps(python: string, formulation: string, threads: number, batch: number, steps: number): Promise<TorchRun> {
  const count = String(threads);
  const env = { ...process.env, OMP_NUM_THREADS: count, OPENBLAS_NUM_THREADS: count, MKL_NUM_THREADS: count };
  const { stdout } = await run(python, [script, formulation, count, String(batch), String(steps), 'sgd'], { env });
  const { wall, cpu, gflops, blas } = JSON.parse(stdout) as { wall: number[]; cpu: number[]; gflops: number; blas: string };
  return { times: wall.map((seconds, i) => ({ wall: seconds, cpu: cpu[i] })), gflops, blas };
}
