// repmlp pattern: how local and how position-specific FC3 is, before and after the merge; of one network, of
// two side by side, or over the epochs of a run.
import { dirname, relative } from 'node:path';
import { patternCsv } from '@shared/pattern/export';
import { UserError } from '@shared/user-error';
import { refuseExisting, writeFileAtomically } from '../service/files';
import { figureFormat, renderFigure } from './figure';
import { readNetwork } from './network';
import { printAgainst } from './pattern-against';
import { analyse, type PatternOptions } from './pattern-blocks';
import { printEpochs } from './pattern-epochs';
import { patternTable } from './pattern-text';
import { print, printJson, remark, withNetworkOptions, type Verb } from './verb';

export const patternVerb: Verb = (program) => {
  withNetworkOptions(
    program.command('pattern').description('locality and position patterns of FC3').argument('<file>', 'checkpoint or run folder'),
  )
    .option('--layer <name>', 'one block; all of them when not given')
    .option('--against <file>', 'compare with the blocks of another checkpoint or run folder')
    .option('--epochs', 'over every checkpoint of a run folder')
    .option('--json', 'print JSON')
    .option('--csv', 'print CSV')
    .option('--out <figure>', 'also draw the locality profile as .svg, .pdf or .png')
    .option('--force', 'replace an existing figure')
    .action(pattern);
};

async function pattern(path: string, options: PatternOptions): Promise<void> {
  await checkOptions(options);
  if (options.epochs) return printEpochs(path, options);
  const { spec, weights } = await readNetwork(path, options);
  const patterns = await analyse(spec, weights, options);
  if (options.against !== undefined) return printAgainst({ path, spec, patterns }, options.against, options);
  if (options.json) printJson({ model: spec.name, form: spec.form, blocks: patterns });
  else if (options.csv) print(patternCsv(patterns.map((block) => ({ block }))).trimEnd());
  else print(...patternTable(patterns));
  if (options.out !== undefined) await writeProfile(options.out, path, options.layer ?? patterns[0].path, options.force ?? false);
}

async function checkOptions({ json, csv, against, epochs, out, force }: PatternOptions): Promise<void> {
  if (json && csv) throw new UserError('give either --json or --csv, not both');
  if (against !== undefined && epochs) throw new UserError('give either --against or --epochs, not both');
  if (out === undefined) return;
  if (against !== undefined || epochs) throw new UserError('--out draws the profile of one network; leave out --against and --epochs');
  figureFormat(out);
  await refuseExisting(out, { force: force ?? false });
}

async function writeProfile(out: string, path: string, layer: string, force: boolean): Promise<void> {
  const layout = { widthMm: 120, fontPt: 8, title: null };
  const source = { path: relative(dirname(out), path), layer };
  const recipe = { format: 'repmlp-figure', version: 1, layout, kind: 'locality', source } as const;
  await writeFileAtomically(out, await renderFigure(recipe, figureFormat(out), dirname(out)), { force });
  remark(out);
}
