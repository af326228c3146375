// The published figures of a network beside the computed ones, with what explains a difference.
import { signedFixed } from '@shared/base/number-text';
import { comparePublished, publishedRowsOf, type PublishedComparison } from '@shared/cost/compare-published';
import { ledger } from '@shared/cost/ledger';
import { mergedSpec } from '@shared/model/merged-spec';
import type { NetworkSpec } from '@shared/model/spec';

/** A published row with its figures compared. */
export interface PublishedTable {
  readonly title: string;
  readonly source: string;
  readonly top1: number | null;
  readonly figures: readonly PublishedComparison[];
}

/** Every published row about this network, counted in the papers' convention. */
export function publishedOf(spec: NetworkSpec): PublishedTable[] {
  if (spec.form === 'merged') return [];
  const ledgers = { train: ledger(spec), merged: ledger(mergedSpec(spec)) };
  return publishedRowsOf(spec).map((row) => ({
    title: row.title,
    source: row.source,
    top1: row.top1,
    figures: comparePublished(row, ledgers),
  }));
}

/** The rows as lines for a terminal. */
export function publishedText(tables: readonly PublishedTable[]): string[] {
  if (tables.length === 0) return ['published: nothing about this network in train form with these settings', ''];
  return [...tables.flatMap(({ title, source, figures }) => [`published: ${title} (${source})`, ...figures.map(figureText)]), ''];
}

function figureText({ quantity, form, published, computed, difference, explanation }: PublishedComparison): string {
  const change = `${signedFixed(100 * difference, 2)} %`;
  return `  ${quantity}, ${form} form: printed ${published}, computed ${computed.toLocaleString('en-US')} (${change}): ${explanation}`;
}
