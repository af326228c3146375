// The command line: one file per verb, the contract of names and exit codes in one place.
// Exit 0: done (and passed, where something is judged); 1: judged and failed; 2: bad usage or input.
import { Command, CommanderError } from 'commander';
import { UserError } from '@shared/base/user-error';
import { STUDIO_VERSION } from '../files/version';
import { bundleVerb } from './bundle/bundle';
import { convertVerb } from './convert/convert';
import { costVerb } from './cost/cost';
import { demoVerb } from './demo/demo';
import { exportVerb } from './export/export';
import { evaluateVerb } from './evaluate/evaluate';
import { fetchVerb } from './fetch/fetch';
import { figureVerb } from './figure/figure';
import { forwardVerb } from './forward/forward';
import { inspectVerb } from './inspect/inspect';
import { lessonVerb } from './lesson/lesson';
import { mergeVerb } from './merge/merge';
import { patternVerb } from './pattern/pattern';
import { recipeVerb } from './recipe/recipe';
import { runsVerb } from './runs/runs';
import { serveVerb } from './serve/serve';
import { trainVerb } from './train/train';
import { remark, type Verb } from './verb';
import { verifyVerb } from './verify/verify';

const verbs: readonly Verb[] = [
  demoVerb,
  trainVerb,
  evaluateVerb,
  fetchVerb,
  inspectVerb,
  mergeVerb,
  forwardVerb,
  verifyVerb,
  convertVerb,
  exportVerb,
  bundleVerb,
  costVerb,
  patternVerb,
  figureVerb,
  recipeVerb,
  lessonVerb,
  runsVerb,
  serveVerb,
];

/** All verbs with their arguments and options; `setExit` hears of exit codes other than 0. */
export function commandLineProgram(setExit: (code: number) => void = () => undefined): Command {
  const program = new Command('repmlp')
    .description('Train, merge, prove and look at re-parameterized networks.')
    .version(STUDIO_VERSION)
    // Options behind a verb's own verb are that one's, even where both have one of the name (`figure check --venue`).
    .enablePositionalOptions()
    .exitOverride()
    .configureOutput({ writeErr: () => undefined });
  for (const define of verbs) define(program, setExit);
  return program;
}

/** Runs one command line. Returns the exit code; never throws. */
export async function runCommandLine(args: readonly string[]): Promise<number> {
  let exitCode = 0;
  const program = commandLineProgram((code) => (exitCode = code));
  try {
    await program.parseAsync(args, { from: 'user' });
    return exitCode;
  } catch (error) {
    return reportFailure(error);
  }
}

function reportFailure(error: unknown): number {
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return 0;
    const sentence =
      error.code === 'commander.help'
        ? 'say what to do, for example `repmlp demo`; `repmlp --help` lists the verbs'
        : error.message.replace(/^error: /, '');
    remark(`repmlp: ${sentence}`);
    return 2;
  }
  const known = error instanceof UserError || isFileSystemError(error);
  remark(`repmlp: ${error instanceof Error ? (known ? error.message : (error.stack ?? error.message)) : String(error)}`);
  return 2;
}

/** ENOENT and the like: their messages name the file and the reason. */
function isFileSystemError(error: unknown): boolean {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && /^E[A-Z]+$/.test(error.code);
}
