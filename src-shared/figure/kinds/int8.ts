// What int8 weights cost each layer, before and after merging: signal to noise of its outputs as bars on one axis, worst first.
import { z } from 'zod';
import { largestOf, smallestOf } from '../../base/extremes';
import type { Int8Layer, Int8Report } from '../../cost/int8/report';
import { figureKind } from '../kind';
import { FAINT_INK, filled, line, RULE, textAt, type DisplayList, type FigureTable, type Mark } from '../page/display-list';
import { textWidth } from '../page/font-metrics';
import { assemble, figureNumber, note, pageOf, paragraph, percent, titleBlock, type Page, type Placed } from '../page/layout';
import { AFTER, BEFORE } from '../page/series-colours';
import { recipeSchema, sourceSchema } from '../recipe';

const schema = recipeSchema('int8', {
  source: sourceSchema,
  /** Random inputs it is run on, and their seed. */
  batch: z.number().int().min(1, 'it is run on an input at least').max(1024, 'at most 1024 inputs'),
  seed: z.number().int().nonnegative(),
  /** One scale for a whole weight, or one per output channel; per tensor where it is left out. */
  scales: z.enum(['tensor', 'channel']).optional(),
});
type Recipe = z.infer<typeof schema>;

export const int8Kind = figureKind(schema)({
  kind: 'int8',
  title: 'Cost of int8',
  says: 'signal to noise of each layer with int8 weights, before and after merging',
  about: 'block',
  start: (head, { source: { layer: _, ...source } }) => ({ ...head, kind: 'int8', source, batch: 4, seed: 1 }),
  form: ({ scales = 'tensor' }) => [
    {
      field: 'scales',
      widget: 'choice',
      label: 'One scale per',
      value: scales,
      options: [
        ['tensor', 'weight'],
        ['channel', 'output channel'],
      ],
    },
  ],
  read: ({ source, batch, seed }, sources) => sources.int8(source, { batch, seed }),
  draw: drawForecast,
});

/** Layers on a page. */
const MOST_ROWS = 40;
const COLOURS = { train: BEFORE, merged: AFTER } as const;

interface Row {
  readonly path: string;
  readonly bars: readonly { readonly form: 'train' | 'merged'; readonly snr: number }[];
}

function drawForecast({ layout, scales = 'tensor' }: Recipe, report: Int8Report): DisplayList {
  const page = pageOf(layout);
  const all = rowsOf(report, scales);
  const rows = all.slice(0, MOST_ROWS);
  const title = titleBlock(page, layout.title);
  const key = legend(page, title.bottom + 2, report, scales);
  const bars = barRows(page, key.bottom + page.size * 0.5, rows);
  const text = noteText(report, scales, all.length);
  const name = layout.title ?? `Cost of int8 in ${report.model}`;
  return assemble(page, { title: name, description: `${wordsOf(all)} ${text}`, tables: [tableOf(report)] }, [
    title,
    key,
    bars,
    note(page, bars.bottom + page.size * 0.4, text),
  ]);
}

/** Layers of all forms, the one that loses most first. */
function rowsOf({ forms }: Int8Report, scales: 'tensor' | 'channel'): Row[] {
  const paths = new Set(forms.flatMap(({ layers }) => layers.map(({ path }) => path)));
  const worst = ({ bars }: Row): number => smallestOf(bars.map(({ snr }) => snr));
  return [...paths]
    .map((path) => ({
      path,
      bars: forms.flatMap(({ form, layers }) =>
        layers.flatMap((layer: Int8Layer) => (layer.path === path ? [{ form, snr: layer.snr[scales] }] : [])),
      ),
    }))
    .sort((a, b) => worst(a) - worst(b));
}

function legend(page: Page, top: number, { forms }: Int8Report, scales: 'tensor' | 'channel'): Placed {
  const side = page.size * 0.8;
  const left = page.left + side * 1.5;
  return forms.reduce<Placed>(
    (above, { form, snr }) => {
      const text = paragraph(
        left,
        above.bottom,
        `${form} form: ${decibelText(snr[scales])} with all layers rounded`,
        page.size,
        page.right - left,
      );
      return {
        marks: [...above.marks, filled(page.left, above.bottom + page.size * 0.2, side, side, COLOURS[form]), ...text.marks],
        bottom: text.bottom,
      };
    },
    { marks: [], bottom: top },
  );
}

function barRows(page: Page, top: number, rows: readonly Row[]): Placed {
  const widest = largestOf(
    rows.map(({ path }) => textWidth(path, page.small)),
    0,
  );
  const room = page.right - page.left;
  const beside = widest <= room * 0.4;
  const left = page.left + (beside ? widest + page.small * 0.6 : 0);
  const full = page.right - left - textWidth('exact ', page.small) - page.small;
  const limit = largestOf(
    rows.flatMap(({ bars }) => bars.flatMap(({ snr }) => (Number.isFinite(snr) ? [snr] : []))),
    1,
  );
  let y = top;
  const marks = rows.flatMap(({ path, bars }): Mark[] => {
    const name = beside
      ? textAt(left - page.small * 0.6, y + page.small * (0.9 + 0.55 * (bars.length - 1)), path, page.small, { anchor: 'end' })
      : textAt(left, y + page.small * 0.9, path, page.small);
    if (!beside) y += page.small * 1.2;
    const drawn = bars.flatMap(({ form, snr }, k): Mark[] => {
      const length = (Math.max(0, Math.min(snr, limit)) / limit) * full;
      const at = y + k * page.small * 1.1;
      return [
        filled(left, at, length, page.small, COLOURS[form]),
        textAt(left + length + page.small * 0.4, at + page.small * 0.86, decibelText(snr), page.small, { fill: FAINT_INK }),
      ];
    });
    y += page.small * (0.4 + 1.1 * bars.length);
    return [name, ...drawn];
  });
  const axis = line(
    [
      [left, top - 1],
      [left, y - page.small * 0.2],
    ],
    RULE,
  );
  return { marks: [...marks, axis], bottom: y };
}

function decibelText(snr: number): string {
  return Number.isFinite(snr) ? `${figureNumber(snr, 3)} dB` : 'exact';
}

function noteText({ model, method, inputs, backend, forms }: Int8Report, scales: 'tensor' | 'channel', layers: number): string {
  const left = layers > MOST_ROWS ? ` The ${MOST_ROWS} that lose most of ${layers} layers.` : '';
  const one = scales === 'tensor' ? 'one scale per weight' : 'one scale per output channel';
  const answers = forms.flatMap(({ form, changed }) => (changed === null ? [] : [`${percent(changed[scales])} in ${form} form`]));
  const answered = answers.length === 0 ? '' : ` Inputs answered otherwise with all layers rounded: ${answers.join(', ')}.`;
  return `Signal to noise of each layer's outputs in ${model}, ${one}: ${method}.${left}${answered} ${inputs.shape[0]} inputs of ${inputs.source} values, ${inputs.shape.slice(1).join(' x ')}, seed ${inputs.seed}, ${backend}.`;
}

function wordsOf(rows: readonly Row[]): string {
  const [first] = rows;
  if (first === undefined) return 'No layer has weights to be rounded.';
  return `${first.path} loses most: ${first.bars.map(({ form, snr }) => `${decibelText(snr)} in ${form} form`).join(', ')}.`;
}

function tableOf({ forms }: Int8Report): FigureTable {
  return {
    name: 'int8',
    columns: ['form', 'layer', 'dB per tensor', 'dB per channel', 'outputs changed per tensor', 'outputs changed per channel'],
    rows: forms.flatMap(({ form, layers }) =>
      layers.map(({ path, snr, changed }) => [form, path, snr.tensor, snr.channel, changed.tensor, changed.channel]),
    ),
  };
}
