// What the centre of a feature map depends on, before and after merging: two maps of the input on one scale, the squares that hold its
// shares, and, since the field changes with them, the input's size and the method on the figure itself.
import { z } from 'zod';
import { percentText } from '../../base/number-text';
import type { ReceptiveField, ReceptiveFieldReport } from '../../pattern/receptive-field';
import { figureKind } from '../kind';
import type { DisplayList, FigureTable } from '../page/display-list';
import { assemble, figureNumber, note, pageOf, percent, titleBlock } from '../page/layout';
import { colourBar } from '../page/legend';
import { tileGrid, type Tile } from '../page/tiles';
import { positiveScale } from '../page/value-scale';
import { recipeSchema, sourceSchema } from '../recipe';

const schema = recipeSchema('receptive-field', {
  source: sourceSchema,
  /** The layer that is looked from; the network's last map where it is left out. */
  layer: z.string().optional(),
  /** Random inputs the gradient is averaged over, and their seed. */
  inputs: z.number().int().min(1, 'a gradient is averaged over an input at least').max(4096, 'at most 4096 inputs'),
  seed: z.number().int().nonnegative(),
  /** One form alone; both where it is left out. */
  form: z.enum(['train', 'merged']).optional(),
});
type Recipe = z.infer<typeof schema>;

export const receptiveFieldKind = figureKind(schema)({
  kind: 'receptive-field',
  title: 'Receptive field',
  says: 'which pixels move the centre of a map, before and after merging',
  about: 'block',
  start: (head, { source: { layer: _, ...source } }) => ({ ...head, kind: 'receptive-field', source, inputs: 8, seed: 1 }),
  form: ({ inputs }) => [{ field: 'inputs', widget: 'choice', label: 'Inputs averaged', value: inputs, options: inputOptions(inputs) }],
  read: ({ source, layer = null, inputs, seed, form }, sources) => sources.receptiveField(source, { layer, count: inputs, seed, form }),
  draw: drawField,
});

function inputOptions(chosen: number): (readonly [number, string])[] {
  return [...new Set([1, 4, 8, 16, 64, chosen])].sort((a, b) => a - b).map((count) => [count, String(count)]);
}

function drawField({ layout }: Pick<Recipe, 'layout'>, report: ReceptiveFieldReport): DisplayList {
  const page = pageOf(layout);
  const [H, W] = report.inputSize;
  const maps = report.forms.map(({ map }) => Float32Array.from(map.flat()));
  const scale = positiveScale(maps, 'log');
  const title = titleBlock(page, layout.title);
  const tiles = report.forms.map(
    (field, index): Tile => ({ rows: H, columns: W, data: maps[index], heading: formText(field), captions: captionsOf(field) }),
  );
  const grid = tileGrid(page, title.bottom + 2, tiles, { perRow: 2, scale, colours: 'viridis' });
  const bar = colourBar(page, grid.bottom + page.size * 0.5, scale, 'viridis');
  const text = sentences(report);
  const name = layout.title ?? `Receptive field of ${report.model}`;
  return assemble(page, { title: name, description: `${wordsOf(report)} ${text}`, tables: [squaresTable(report)] }, [
    title,
    grid,
    bar,
    note(page, bar.bottom, text),
  ]);
}

function formText({ form }: ReceptiveField): string {
  return form === 'train' ? 'before merging' : 'after merging';
}

function captionsOf({ squares, reached }: ReceptiveField): string[] {
  return [...squares.map(({ share, side }) => `${percentText(share, 0)} within ${side} px`), `${percent(reached)} of the pixels reached`];
}

function sentences({ model, from, map, pixel, inputSize, inputs, method, backend, locality }: ReceptiveFieldReport): string {
  const local = locality.map(
    ({ path, before, after }) =>
      `${path || 'the block'} ${figureNumber(before.halfEnergyRadius)} and ${figureNumber(after.halfEnergyRadius)}`,
  );
  return [
    `Effective receptive field of the centre of ${from} of ${model} (${map.join(' x ')}), at pixel (${pixel.map((place) => figureNumber(place, 5)).join(', ')}) of inputs of ${inputSize.join(' x ')}; it changes with that size.`,
    `Method: ${method}; ${inputs.count} inputs of ${inputs.source} values, seed ${inputs.seed}, ${backend}. Each map relative to its largest value, in logarithmic colours.`,
    ...(local.length === 0 || local.length > MOST_LOCAL
      ? []
      : [`Half-energy radius of FC3 before and after merging: ${local.join('; ')}.`]),
  ].join(' ');
}

/** More blocks than this would make the note longer than the figure. */
const MOST_LOCAL = 8;

function wordsOf({ forms }: ReceptiveFieldReport): string {
  const parts = forms.map(
    (field) =>
      `${formText(field)} ${field.squares.map(({ share, side }) => `${percentText(share, 0)} of the gradient lies within ${side} pixels`).join(', ')}`,
  );
  return `${parts.join('; ')}.`;
}

function squaresTable({ forms }: ReceptiveFieldReport): FigureTable {
  return {
    name: 'squares',
    columns: ['share', ...forms.flatMap((field) => [`side in pixels, ${formText(field)}`, `share of the area, ${formText(field)}`])],
    rows: (forms[0]?.squares ?? []).map(({ share }, at) => [
      share,
      ...forms.flatMap(({ squares }) => [squares[at].side, squares[at].area]),
    ]),
  };
}
