// Every kind of figure passes the inspection for every venue, as PDF and as SVG.
import { describe, expect, it } from 'vitest';
import { FIGURES } from '../../../testing/figure/all-figures';
import { headOf } from '../../../testing/figure/figure-examples';
import { figureAsset } from '../../../electron/app/figure/font-files';
import { encodeFigure } from '../encode/encode';
import { figureKinds } from '../registry';
import { atVenue } from '../venue-layout';
import { spansOf, VENUE_NAMES } from '../venues';
import { inspectFigure } from './inspect';

const venues = VENUE_NAMES.flatMap((name) => spansOf(name).map(([span]) => [name, span] as const));
/** The first of every kind that fits on any page, and the other chart of costs. */
const PRINTED = FIGURES.filter(({ recipe, tall }, i) => {
  const isFirst = FIGURES.findIndex((other) => other.recipe.kind === recipe.kind && !other.tall) === i;
  return !tall && (isFirst || ('chart' in recipe && recipe.chart === 'icicle'));
}).map(({ recipe, draw }) => [`${recipe.kind}${'chart' in recipe ? ` ${recipe.chart ?? ''}` : ''}`, draw] as const);

it('there is one of every kind', () => {
  expect(new Set(PRINTED.map(([name]) => name.split(' ')[0]))).toEqual(new Set(figureKinds.map(({ kind }) => kind)));
});

describe.each(venues)('for %s, %s column,', (venue, span) => {
  const layout = atVenue({ ...headOf(120, 8).layout, caption: false }, venue, span);
  const formats = span === 'single' && (venue === 'nature' || venue === 'ieee') ? (['pdf', 'svg'] as const) : (['pdf'] as const);

  it.each(PRINTED)('%s passes', async (_, draw) => {
    const figure = draw(layout);
    for (const format of formats) {
      const { pass, findings } = await inspectFigure(await encodeFigure(figure, null, format, figureAsset), `a.${format}`, venue);
      expect(findings.filter(({ verdict }) => verdict === 'fail')).toEqual([]);
      expect(pass).toBe(true);
    }
  });
});
