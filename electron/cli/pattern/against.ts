// Two networks side by side: the headline numbers of blocks with the same path.
import type { NetworkSpec } from '@shared/model/spec';
import type { BlockPattern } from '@shared/pattern/analyse';
import { comparePatterns } from '@shared/pattern/compare';
import { comparisonCsv } from '@shared/pattern/export';
import { UserError } from '@shared/base/user-error';
import { readNetwork } from '../network';
import { blockPatterns } from '../../app/pattern/blocks';
import { questionFrom, type PatternOptions } from './options';
import { comparisonTable } from './text';
import { print, printJson } from '../verb';

interface Side {
  readonly path: string;
  readonly spec: NetworkSpec;
  readonly patterns: readonly BlockPattern[];
}

/**
 * Compares blocks of the same path, or of the two layers named; returns what prints the comparison.
 * Throws UserError where the networks have no block of the same path.
 */
export async function compareAgainst(first: Side, path: string, options: PatternOptions): Promise<() => void> {
  const { spec, weights } = await readNetwork(path, {});
  const patterns = await blockPatterns({ spec, weights }, questionFrom({ ...options, layer: options.againstLayer ?? options.layer }));
  const paired = options.againstLayer === undefined ? patterns : patterns.map((pattern) => ({ ...pattern, path: first.patterns[0].path }));
  const [before, after] = (['before', 'after'] as const).map((stage) => comparePatterns(first.patterns, paired, stage));
  if (!after.some(({ change }) => change))
    throw new UserError(
      `${first.path} (${first.spec.name}) and ${path} (${spec.name}) have no block of the same name; name one of each with --layer and --against-layer`,
    );
  if (options.json) return () => printJson({ first: sideOf(first), second: sideOf({ path, spec, patterns }), before, after });
  if (options.csv) return () => print(comparisonCsv({ before, after }).trimEnd());
  const title = (when: string): string =>
    `${nameOf(first.path, options.layer)} -> ${nameOf(path, options.againstLayer)}, ${when} the merge`;
  return () => print(title('before'), comparisonTable(before), '', title('after'), comparisonTable(after));
}

function nameOf(path: string, layer: string | undefined): string {
  return layer === undefined ? path : `${path} ${layer}`;
}

function sideOf({ path, spec, patterns }: Side) {
  return { path, model: spec.name, form: spec.form, blocks: patterns };
}
