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

/** Times of `steps` steps of the three-stage network. */
export async function torchSteps(python: string, formulation: string, threads: number, batch: number, steps: number): Promise<StepTime[]> {
  const { stdout } = await run(python, [script, formulation, String(threads), String(batch), String(steps), 'sgd']);
  const { wall, cpu } = JSON.parse(stdout) as { wall: number[]; cpu: number[] };
  return wall.map((seconds, i) => ({ wall: seconds, cpu: cpu[i] }));
}
