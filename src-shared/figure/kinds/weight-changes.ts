// Which weights moved between two files and where in the image they look: FC3 by the place it reads, the place it writes and the
// displacement, kernels by their taps; every map on one scale. Where one file is merged, the other is merged for it.
import type { z } from 'zod';
import { UserError } from '../../base/user-error';
import { mergeNetwork, type WeightedNetwork } from '../../merge/merge-network';
import { compareWeights, MOST_MAPS, type ComparedFile, type ComparedWeights } from '../../proof/diff/compare-weights';
import type { ChangeMap } from '../../proof/diff/report';
import { tensorInfos, type Tensor } from '../../tensor/tensor';
import { figureKind } from '../kind';
import type { DisplayList, FigureTable } from '../page/display-list';
import { assemble, figureNumber, note, pageOf, placeholder, titleBlock } from '../page/layout';
import { colourBar } from '../page/legend';
import { tileGrid, type Tile } from '../page/tiles';
import { positiveScale } from '../page/value-scale';
import { recipeSchema, sourceSchema } from '../recipe';

const schema = recipeSchema('weight-changes', {
  source: sourceSchema,
  /** The other file, B. */
  against: sourceSchema.optional(),
});
type Recipe = z.infer<typeof schema>;

interface Changes {
  readonly a: string;
  readonly b: string;
  readonly merged: string | null;
  readonly found: ComparedWeights;
}

export const weightChanges = figureKind(schema)({
  kind: 'weight-changes',
  title: 'Weights that moved',
  says: 'between two files, and where in the image they look',
  about: 'block',
  start: (head, { source: { layer: _, ...source }, against }) => ({ ...head, kind: 'weight-changes', source, ...(against && { against }) }),
  form: () => [],
  lacks: ({ against }) => (against === undefined ? 'Choose a second network, B, whose weights these are held against.' : null),
  read: async ({ source, against }, sources) => {
    if (against === undefined) throw new UserError('"against": a figure of weights that moved needs a second file');
    return changesBetween([source.path, await sources.network(source)], [against.path, await sources.network(against)]);
  },
  draw: drawChanges,
});

type Named = readonly [path: string, network: WeightedNetwork];

async function changesBetween([a, networkA]: Named, [b, networkB]: Named): Promise<Changes> {
  const forms = [networkA, networkB].map(({ spec }) => spec.form);
  const differ = forms[0] !== forms[1];
  const same = ({ spec, weights }: WeightedNetwork): WeightedNetwork =>
    differ && spec.form === 'train' ? mergeNetwork(spec, weights) : { spec, weights };
  const found = await compareWeights(comparedFile(a, same(networkA)), comparedFile(b, same(networkB)), { hold: false });
  return { a: nameOf(a), b: nameOf(b), merged: differ ? (forms[0] === 'train' ? 'A' : 'B') : null, found };
}

function comparedFile(fileName: string, { spec, weights }: WeightedNetwork): ComparedFile {
  return { fileName, spec, infos: tensorInfos(weights), read: (name) => Promise.resolve(weights.get(name) as Tensor) };
}

function nameOf(path: string): string {
  return path.split(/[\\/]+/).at(-1) ?? path;
}

const HEADINGS = { input: 'where it reads', output: 'where it writes', displacement: 'displacement' } as const;

function drawChanges({ layout }: Recipe, changes: Changes): DisplayList {
  const page = pageOf(layout);
  const { looks } = changes.found;
  const title = titleBlock(page, layout.title);
  const text = sentences(changes);
  const name = layout.title ?? `Weights that moved from ${changes.a} to ${changes.b}`;
  const about = { title: name, description: text, tables: [tableOf(changes.found)] };
  const all = looks.flatMap(({ maps }) => maps.map(({ values }) => Float32Array.from(values)));
  if (all.length === 0) {
    const none = placeholder(page, title.bottom + 2, 'No weight with places in the image moved.');
    return assemble(page, about, [title, none, note(page, none.bottom, text)]);
  }
  const scale = positiveScale(all, 'log');
  const tiles = looks.flatMap(({ name: weight, maps }) => maps.map((map) => tileOf(weight, map)));
  const grid = tileGrid(page, title.bottom + 2, tiles, { perRow: 3, scale, colours: 'viridis' });
  const bar = colourBar(page, grid.bottom + page.size * 0.5, scale, 'viridis');
  return assemble(page, about, [title, grid, bar, note(page, bar.bottom, text)]);
}

function tileOf(weight: string, { of, rows, columns, values }: ChangeMap): Tile {
  return { name: `${weight}, ${HEADINGS[of]}`, heading: weight, captions: [HEADINGS[of]], rows, columns, data: Float32Array.from(values) };
}

function sentences({ a, b, merged, found: { moved, compared, looks } }: Changes): string {
  const [most] = moved;
  const places = moved.filter(({ shape }) => shape.length === 4).length;
  return [
    `A: ${a}. B: ${b}. ${moved.length} of ${compared} weights moved.`,
    ...(most
      ? [
          `Most moved ${most.name}, by ${figureNumber(most.relative)} of its norm; its worst cell, ${most.worst.place}, went from ${figureNumber(most.worst.a, 6)} to ${figureNumber(most.worst.b, 6)}.`,
        ]
      : []),
    ...(merged === null ? [] : [`${merged} was merged for the comparison.`]),
    ...(looks.length === 0 ? [] : ['Maps: root mean square of the change over all weights at that place, all on one logarithmic scale.']),
    ...(looks.length === MOST_MAPS && places > MOST_MAPS ? [`The ${MOST_MAPS} most moved are drawn.`] : []),
  ].join(' ');
}

function tableOf({ moved }: ComparedWeights): FigureTable {
  return {
    name: 'moved',
    columns: ['weight', 'largest', 'norm', 'relative', 'rank', 'changed values', 'values', 'worst cell', 'A', 'B'],
    rows: moved.map((one) => [
      one.name,
      one.maxAbs,
      one.norm,
      one.relative,
      one.rank,
      one.changed,
      one.values,
      one.worst.place,
      one.worst.a,
      one.worst.b,
    ]),
  };
}
