// repmlp pattern: how local and how position-specific FC3 is, before and after the merge; of one network, of
// two side by side, or over the epochs of a run.
import { patternCsv } from '@shared/pattern/export';
import { UserError } from '@shared/user-error';
import { readNetwork } from './network';
import { printAgainst } from './pattern-against';
import { analyse, type PatternOptions } from './pattern-blocks';
import { printEpochs } from './pattern-epochs';
import { checkFigureOptions, withPatternFigure, writePatternFigure } from './pattern-figure';
import { patternTable } from './pattern-text';
import { print, printJson, withNetworkOptions, type Verb } from './verb';

export const patternVerb: Verb = (program) => {
  withPatternFigure(
    withNetworkOptions(
      program.command('pattern').description('locality and position patterns of FC3').argument('<file>', 'checkpoint or run folder'),
    )
      .option('--layer <name>', 'one block; all of them when not given')
      .option('--against <file>', 'compare with the blocks of another checkpoint or run folder')
      .option('--epochs', 'over every checkpoint of a run folder')
      .option('--closer', 'with --json: also kinds of rows, singular vectors of the rest and locality per channel pair')
      .option('--json', 'print JSON')
      .option('--csv', 'print CSV'),
  ).action(pattern);
};

async function pattern(path: string, options: PatternOptions): Promise<void> {
  await checkOptions(options);
  const layer = await printPatterns(path, options);
  await writePatternFigure(path, layer, options);
}

/** Prints what is asked for; returns the path of the first block. */
async function printPatterns(path: string, options: PatternOptions): Promise<string> {
  if (options.epochs) return printEpochs(path, options);
  const { spec, weights } = await readNetwork(path, options);
  const patterns = await analyse(spec, weights, options);
  if (options.against !== undefined) await printAgainst({ path, spec, patterns }, options.against, options);
  else if (options.json) printJson({ model: spec.name, form: spec.form, blocks: patterns });
  else if (options.csv) print(patternCsv(patterns.map((block) => ({ block }))).trimEnd());
  else print(...patternTable(patterns));
  return patterns[0].path;
}

async function checkOptions(options: PatternOptions): Promise<void> {
  const { json, csv, against, epochs, closer } = options;
  if (json && csv) throw new UserError('give either --json or --csv, not both');
  if (against !== undefined && epochs) throw new UserError('give either --against or --epochs, not both');
  if (closer && !json) throw new UserError('--closer adds to --json; give --json too');
  await checkFigureOptions(options);
}
