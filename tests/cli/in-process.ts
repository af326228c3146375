// The command line in the process of the test, for tables of hundreds of calls: a process for each would take minutes. Verbs that
// need an engine or a worker run in one of their own (repmlp.ts).
import { vi } from 'vitest';
import { runCommandLine } from '../../electron/cli/command-line';
import type { Finished } from './repmlp';

/** Runs `repmlp args` here; nothing reaches the terminal. */
export async function commandLine(...args: readonly string[]): Promise<Finished> {
  const [out, err]: [string[], string[]] = [[], []];
  const spies = [
    vi.spyOn(process.stdout, 'write').mockImplementation(into(out)),
    vi.spyOn(process.stderr, 'write').mockImplementation(into(err)),
  ];
  try {
    return { code: await runCommandLine(args), stdout: out.join(''), stderr: err.join('') };
  } finally {
    spies.forEach((spy) => spy.mockRestore());
  }
}

function into(list: string[]): (text: string | Uint8Array) => boolean {
  return (text) => list.push(String(text)) > 0;
}
