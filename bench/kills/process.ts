// A program of ours that is killed at a moment: after some milliseconds, or a moment after it begins to write a file.
import { spawn, type ChildProcess } from 'node:child_process';
import { watch } from 'node:fs';
import { join } from 'node:path';
import { dist } from '../../electron/launcher/build.mjs';
import type { Random } from '../../src-shared/tensor/random';

/** When to kill: so many milliseconds after the start, or after the first change in a folder. */
export interface Moment {
  readonly milliseconds: number;
  readonly afterChangeIn?: string;
}

export interface Ended {
  /** Null where a signal ended it. */
  readonly code: number | null;
  readonly said: string;
  readonly milliseconds: number;
  /** Whether it had ended before the moment came. */
  readonly wasLate: boolean;
}

/** What to send. Those that can be heard are to end a training with a checkpoint. */
export const SIGNALS = ['SIGKILL', 'SIGKILL', 'SIGKILL', 'SIGTERM', 'SIGINT', 'SIGHUP'] as const;
export type Signal = (typeof SIGNALS)[number] | 'SIGUSR2';

/** One of a list. */
export function oneOf<T>(list: readonly T[], random: Random): T {
  return list[random.integer(list.length)];
}

/** Of all moments of something that takes so long; one in two aimed at its writing. */
export function anyMoment(random: Random, longest: number, folder?: string): Moment {
  if (folder === undefined || random.uniform() < 0.5) return { milliseconds: random.uniform() * longest };
  return { milliseconds: random.uniform() * random.uniform() * 20, afterChangeIn: folder };
}

/** Runs the command line, and sends it a signal at a moment; without one it runs to its end. */
export function runCommand(
  args: readonly string[],
  kill?: { readonly moment: Moment; readonly signal: Signal },
  variables: Readonly<Record<string, string>> = {},
): Promise<Ended> {
  const started = performance.now();
  const child = spawn(process.execPath, [join(dist, 'cli.mjs'), ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...variables },
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const sent = { done: false };
  const stop = kill ? killAt(child, kill.moment, kill.signal, sent) : () => undefined;
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      stop();
      resolve({ code, said, milliseconds: performance.now() - started, wasLate: kill !== undefined && !sent.done });
    });
  });
}

function killAt(child: ChildProcess, { milliseconds, afterChangeIn }: Moment, signal: Signal, sent: { done: boolean }): () => void {
  let timer: NodeJS.Timeout | undefined;
  const arm = (): void => {
    timer ??= setTimeout(() => (sent.done = child.exitCode === null && child.kill(signal)), milliseconds);
  };
  if (afterChangeIn === undefined) {
    arm();
    return () => clearTimeout(timer);
  }
  const watcher = watch(afterChangeIn, { recursive: true }, arm);
  watcher.on('error', () => undefined);
  return () => {
    watcher.close();
    clearTimeout(timer);
  };
}
