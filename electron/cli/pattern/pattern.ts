// repmlp pattern: how local and how position-specific FC3 is, before and after the merge; of one network, of
// two side by side, or over the epochs of a run.
import { patternCsv } from '@shared/pattern/export';
import { UserError } from '@shared/base/user-error';
import { readNetwork } from '../network';
import { compareAgainst } from './against';
import { blockPatterns, epochPatterns, type EpochPatterns } from '../../app/pattern/blocks';
import { questionFrom, type PatternAnswer, type PatternOptions } from './options';
import { withKernels } from '../kernels';
import { patternOfKernels } from './kernels';
import { checkFigureOptions, withPatternFigure, writePatternFigure } from './figure';
import { patternTable, epochTable } from './text';
import { print, printJson, withNetworkOptions, type Verb } from '../verb';
import { headlineOf } from '@shared/pattern/compare';

export const patternVerb: Verb = (program) => {
  withPatternFigure(
    withKernels(
      withNetworkOptions(
        program.command('pattern').description('locality and position patterns of FC3').argument('<file>', 'checkpoint or run folder'),
      ),
    )
      .option('--layer <name>', 'one block; all of them when not given')
      .option('--against <file>', 'compare with the blocks of another checkpoint or run folder')
      .option('--against-layer <name>', 'the block of --against to compare --layer with, where their names differ')
      .option('--epochs', 'over every checkpoint of a run folder')
      .option('--closer', 'with --json: also kinds of rows, singular vectors of the rest and locality per channel pair')
      .option('--json', 'print JSON')
      .option('--csv', 'print CSV'),
  ).action(pattern);
};

async function pattern(path: string, options: PatternOptions): Promise<void> {
  await checkOptions(options);
  if (!options.epochs && (await patternOfKernels(path, options, saidOfNetworks(options)))) return;
  const answer = await (options.epochs ? analyseEpochs(path, options) : analyseNetworks(path, options));
  await writePatternFigure(path, answer.layer, options);
  answer.print();
}

async function analyseNetworks(path: string, options: PatternOptions): Promise<PatternAnswer> {
  const { spec, weights } = await readNetwork(path, options);
  const patterns = await blockPatterns({ spec, weights }, questionFrom(options));
  const [{ path: layer }] = patterns;
  if (options.against !== undefined) return { layer, print: await compareAgainst({ path, spec, patterns }, options.against, options) };
  if (options.json) return { layer, print: () => printJson({ model: spec.name, form: spec.form, blocks: patterns }) };
  if (options.csv) return { layer, print: () => print(patternCsv(patterns.map((block) => ({ block }))).trimEnd()) };
  return { layer, print: () => print(patternTable(patterns)) };
}

/** Options that say nothing about single kernels. */
function saidOfNetworks({ csv, closer, against, out }: PatternOptions): string[] {
  const given: readonly (readonly [unknown, string])[] = [
    [csv, '--csv'],
    [closer, '--closer'],
    [against, '--against'],
    [out, '--out'],
  ];
  return given.flatMap(([value, name]) => (value === undefined ? [] : [name]));
}

async function checkOptions(options: PatternOptions): Promise<void> {
  const { json, csv, against, againstLayer, layer, epochs, closer } = options;
  if (json && csv) throw new UserError('give either --json or --csv, not both');
  if (against !== undefined && epochs) throw new UserError('give either --against or --epochs, not both');
  if (againstLayer !== undefined && (against === undefined || layer === undefined))
    throw new UserError('--against-layer names the block of --against FILE that --layer is compared with; give both');
  if (closer && !json) throw new UserError('--closer adds to --json; give --json too');
  await checkFigureOptions(options);
}

/** Analyses every checkpoint. Throws UserError for what is no run, or has no checkpoint yet. */
async function analyseEpochs(folder: string, options: PatternOptions): Promise<PatternAnswer> {
  const { run, epochs } = await epochPatterns(folder, (path) => readNetwork(path, options), questionFrom(options));
  return { layer: epochs[0].blocks[0].path, print: () => printEpochs(run, epochs, options) };
}

function printEpochs(run: string, epochs: readonly EpochPatterns[], { json, csv }: PatternOptions): void {
  const entries = epochs.flatMap(({ epoch, blocks }) => blocks.map((block) => ({ epoch, block })));
  if (json) printJson({ run, epochs });
  else if (csv) print(patternCsv(entries).trimEnd());
  else
    print(
      ...epochs[0].blocks.flatMap(({ path }) => [`${path || '(network)'}, before -> after the merge`, ...blockLines(epochs, path), '']),
    );
}

function blockLines(epochs: readonly EpochPatterns[], path: string): string[] {
  return epochTable(
    epochs.flatMap(({ epoch, blocks }) =>
      blocks.flatMap((block) => (block.path === path ? [{ epoch, before: headlineOf(block.before), after: headlineOf(block.after) }] : [])),
    ),
  );
}
