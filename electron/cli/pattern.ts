// repmlp pattern: how local and how position-specific FC3 is, before and after the merge.
import { dirname, relative } from 'node:path';
import { isRepBlock, type NetworkSpec } from '@shared/model/spec';
import { leavesOf } from '@shared/model/walk';
import { analyseBlock, analyseNetwork, type BlockPattern } from '@shared/pattern/analyse';
import { repBlockAt } from '@shared/merge/block-at';
import { blockMatrices } from '@shared/merge/matrices';
import type { NamedTensors } from '@shared/tensor/tensor';
import { UserError } from '@shared/user-error';
import { refuseExisting, writeFileAtomically } from '../service/files';
import { figureFormat, renderFigure } from './figure';
import { readNetwork } from './network';
import { print, printJson, remark, withNetworkOptions, type NetworkOptions, type Verb } from './verb';

interface PatternOptions extends NetworkOptions {
  readonly layer?: string;
  readonly json?: boolean;
  readonly out?: string;
  readonly force?: boolean;
}

export const patternVerb: Verb = (program) => {
  withNetworkOptions(
    program.command('pattern').description('locality and position patterns of FC3').argument('<file>', 'checkpoint or run folder'),
  )
    .option('--layer <name>', 'one block; all of them when not given')
    .option('--json', 'print JSON')
    .option('--out <figure>', 'also draw the locality profile as .svg, .pdf or .png')
    .option('--force', 'replace an existing figure')
    .action(async (path: string, options: PatternOptions) => {
      const format = options.out === undefined ? null : figureFormat(options.out);
      if (options.out !== undefined) await refuseExisting(options.out, { force: options.force ?? false });
      const { spec, weights } = await readNetwork(path, options);
      const patterns = await analyse(spec, weights, options);
      if (options.json) printJson({ model: spec.name, form: spec.form, blocks: patterns });
      else print(...patternTable(patterns));
      if (format === null || options.out === undefined) return;
      const layer = options.layer ?? patterns[0].path;
      const source = { path: relative(dirname(options.out), path), layer };
      const recipe = {
        format: 'repmlp-figure',
        version: 1,
        layout: { widthMm: 120, fontPt: 8, title: null },
        kind: 'locality',
        source,
      } as const;
      await writeFileAtomically(options.out, await renderFigure(recipe, format, dirname(options.out)), { force: options.force ?? false });
      remark(options.out);
    });
};

async function analyse(spec: NetworkSpec, weights: NamedTensors, { layer, json }: PatternOptions): Promise<BlockPattern[]> {
  const blocks = leavesOf(spec)
    .filter((visit) => isRepBlock(visit.layer))
    .map(({ path }) => path);
  if (blocks.length === 0) throw new UserError(`${spec.name} has no re-parameterizable block to analyse`);
  if (layer === undefined)
    return analyseNetwork(spec, weights, { onProgress: json ? undefined : ({ done, total }) => remark(`analysed ${done} of ${total}`) });
  if (!blocks.includes(layer)) throw new UserError(`${spec.name} has no block ${layer}; it has ${blocks.join(', ')}`);
  return [analyseBlock(blockMatrices(spec, weights, layer), repBlockAt(spec, layer))];
}

/** One line per block: translation-invariant share, half-energy radius and long-range share, before and after. */
function patternTable(patterns: readonly BlockPattern[]): string[] {
  const width = Math.max(5, ...patterns.map(({ path }) => path.length));
  const head = `${'block'.padEnd(width)}  invariant share   half-energy radius  long-range share`;
  const percent = (share: number): string => `${(100 * share).toFixed(1)}%`.padStart(6);
  return [
    head,
    ...patterns.map(({ path, before, after }) => {
      const radius = `${before.locality.halfEnergyRadius.toFixed(2).padStart(6)} -> ${after.locality.halfEnergyRadius.toFixed(2).padEnd(6)}`;
      const invariant = `${percent(before.invariantShare)} -> ${percent(after.invariantShare)}`;
      return `${path.padEnd(width)}  ${invariant}  ${radius}   ${percent(before.locality.longRangeShare)} -> ${percent(after.locality.longRangeShare)}`;
    }),
    'before: FC3 with its BN folded in; after: with the conv branches merged',
  ];
}
