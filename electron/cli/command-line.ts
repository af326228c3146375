// The command line: one file per verb, the contract of names and exit codes in one place.
// Exit 0: done (and passed, where something is judged); 1: judged and failed; 2: bad usage or input.
import { Command, CommanderError } from 'commander';
import { UserError } from '@shared/base/user-error';
import { asSentence } from '../files/disk-error';
import { STUDIO_VERSION } from '../files/version';
import { remark, type Verb } from './verb';

/**
 * Each verb by its name, in the order of the help. A verb's modules are loaded only when it is called: all of them together
 * take longer to load than most verbs to run.
 */
const verbs: Readonly<Record<string, () => Promise<Verb>>> = {
  demo: async () => (await import('./demo/demo')).demoVerb,
  train: async () => (await import('./train/train')).trainVerb,
  evaluate: async () => (await import('./evaluate/evaluate')).evaluateVerb,
  fetch: async () => (await import('./fetch/fetch')).fetchVerb,
  inspect: async () => (await import('./inspect/inspect')).inspectVerb,
  merge: async () => (await import('./merge/merge')).mergeVerb,
  forward: async () => (await import('./forward/forward')).forwardVerb,
  verify: async () => (await import('./verify/verify')).verifyVerb,
  convert: async () => (await import('./convert/convert')).convertVerb,
  export: async () => (await import('./export/export')).exportVerb,
  bundle: async () => (await import('./bundle/bundle')).bundleVerb,
  diff: async () => (await import('./diff/diff')).diffVerb,
  cost: async () => (await import('./cost/cost')).costVerb,
  pattern: async () => (await import('./pattern/pattern')).patternVerb,
  'receptive-field': async () => (await import('./receptive-field/receptive-field')).receptiveFieldVerb,
  int8: async () => (await import('./int8/int8')).int8Verb,
  figure: async () => (await import('./figure/figure')).figureVerb,
  recipe: async () => (await import('./recipe/recipe')).recipeVerb,
  lesson: async () => (await import('./lesson/lesson')).lessonVerb,
  runs: async () => (await import('./runs/runs')).runsVerb,
  rerun: async () => (await import('./rerun/rerun')).rerunVerb,
  serve: async () => (await import('./serve/serve')).serveVerb,
};

/**
 * The verbs called `names` with their arguments and options, all where none of them is a verb; `setExit` hears of exit codes
 * other than 0.
 */
export async function commandLineProgram(
  names: readonly string[] = [],
  setExit: (code: number) => void = () => undefined,
): Promise<Command> {
  const program = new Command('repmlp')
    .description('Train, merge, prove and look at re-parameterized networks.')
    .version(STUDIO_VERSION)
    // Options behind a verb's own verb are that one's, even where both have one of the name (`figure check --venue`).
    .enablePositionalOptions()
    .exitOverride()
    .configureOutput({ writeErr: () => undefined });
  const called = names.filter((name) => Object.hasOwn(verbs, name));
  for (const name of called.length > 0 ? called : Object.keys(verbs)) (await verbs[name]())(program, setExit);
  return program;
}

/** Runs one command line. Returns the exit code; never throws. */
export async function runCommandLine(args: readonly string[]): Promise<number> {
  let exitCode = 0;
  try {
    const program = await commandLineProgram(args.slice(0, 1), (code) => (exitCode = code));
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
  const told = asSentence(error);
  remark(`repmlp: ${told instanceof Error ? (told instanceof UserError ? told.message : (told.stack ?? told.message)) : String(told)}`);
  return 2;
}
