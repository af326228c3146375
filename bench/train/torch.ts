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
  /** Speed of one matrix product: below some 20 a thread there is no optimised BLAS behind it. */
  readonly gflops: number;
}

/** `steps` steps of the three-stage network. A BLAS with threads of its own does not hear PyTorch's number, so the environment says it too. */
export async function torchSteps(python: string, formulation: string, threads: number, batch: number, steps: number): Promise<TorchRun> {
  const count = String(threads);
  const env = { ...process.env, OMP_NUM_THREADS: count, OPENBLAS_NUM_THREADS: count, MKL_NUM_THREADS: count };
  const { stdout } = await run(python, [script, formulation, count, String(batch), String(steps), 'sgd'], { env });
  const { wall, cpu, gflops } = JSON.parse(stdout) as { wall: number[]; cpu: number[]; gflops: number };
  return { times: wall.map((seconds, i) => ({ wall: seconds, cpu: cpu[i] })), gflops };
}
