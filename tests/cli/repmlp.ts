// Runs the command line as a user does, in a process of its own.
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { NamedTensors } from '../../src-shared/tensor/tensor';
import { writeCheckpointFile, openCheckpointFile } from '../../electron/files';

const launcher = fileURLToPath(new URL('../../electron/launcher/repmlp.mjs', import.meta.url));

export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `repmlp args` and waits for its end. `onStart` may use the process meanwhile, for example to kill it; `variables` join its environment. */
export function repmlp(
  args: readonly string[],
  onStart?: (child: ReturnType<typeof spawn>) => void,
  variables: Readonly<Record<string, string>> = {},
): Promise<Finished> {
  const child = spawn(process.execPath, [launcher, ...args], { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...variables } });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  onStart?.(child);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
}

/** A folder of its own for one test. */
export function temporaryFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'repmlp-cli-'));
}

/** Writes tensors to a new file of a folder and returns its path. */
export async function saved(folder: string, name: string, tensors: NamedTensors): Promise<string> {
  const path = join(folder, name);
  await writeCheckpointFile(path, tensors, { force: true });
  return path;
}

/** Every tensor of a file. */
export async function tensorsOf(path: string): Promise<NamedTensors> {
  const file = await openCheckpointFile(path);
  const tensors = await file.readAll();
  await file.close();
  return tensors;
}

/** Writes JSON to a new file of a folder and returns its path. */
export async function savedJson(folder: string, name: string, value: unknown): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, JSON.stringify(value));
  return path;
}

/** Parsed JSON of a file. */
export async function jsonOf(path: string): Promise<unknown> {
  return JSON.parse(await readFile(path, 'utf8'));
}

/** Largest |a - b| over two arrays of equal length. */
export function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Infinity;
  let largest = 0;
  for (let i = 0; i < a.length; i++) {
    const difference = Math.abs(a[i] - b[i]);
    largest = Number.isNaN(difference) ? Infinity : Math.max(largest, difference);
  }
  return largest;
}
