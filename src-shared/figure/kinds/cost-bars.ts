// The cost ledger as bars: per layer, block or stage, the forms on one axis from zero.
import { largestOf } from '../../base/extremes';
import { z } from 'zod';
import { UserError } from '../../base/user-error';
import { PAPER_CONVENTION } from '../../cost/convention';
import { familyLedgers } from '../../cost/family-ledgers';
import { countedForms } from '../../cost/forms';
import { GROUP_LEVELS, groupLedger, type CostMeasure, type GroupLevel } from '../../cost/grouping';
import { USUAL_COST_MAP } from '../../cost/kernel-ledger';
import { ledger, type Ledger } from '../../cost/ledger';
import { parseInputSize, withSizeOf } from '../../model/input-size';
import { networkField } from '../../model/schema';
import { buildModel } from '../../model/zoo';
import { figureKind, type ChoiceField, type FigureSources, type FormField } from '../kind';
import { FAINT_INK, filled, line, RULE, textAt, type DisplayList, type FigureTable, type Mark } from '../page/display-list';
import { textWidth } from '../page/font-metrics';
import { assemble, note, pageOf, paragraph, shortCount, titleBlock, type Page, type Placed } from '../page/layout';
import { AFTER, BEFORE } from '../page/series-colours';
import { conventionSchema, index, recipeSchema, sourceSchema, type FigureSource } from '../recipe';
import { drawCostIcicle } from './cost-icicle';

const schema = recipeSchema('cost-bars', {
  /** A zoo model, and its settings that differ from the defaults. */
  model: z.string().min(1, 'a cost figure needs the name of a model').optional(),
  set: z.record(z.string(), z.string()).optional(),
  /** A network no zoo entry builds, in train or merged form, described in full; given instead of `model`. */
  network: networkField.optional(),
  /** Height and width of its inputs, `N` or `HxW` in pixels, where they are not the network's own. */
  inputSize: z.string().optional(),
  /** A file of an unknown network, whose groups of known families are counted layer by layer; given instead of `model`. */
  source: sourceSchema.optional(),
  /** Of such a file: height and width of the map that every convolution is counted on; 14x14. */
  map: z.tuple([index.min(1), index.min(1)]).optional(),
  /** `macs` is work in the unit and by the rules of the convention. */
  metric: z.enum(['macs', 'params', 'bytes']),
  /** What is counted as work; the papers' convention where left out. */
  convention: conventionSchema.optional(),
  /** Which form is drawn; both where left out. */
  form: z.enum(['train', 'merged', 'both']).optional(),
  /** What one bar stands for; where left out, blocks, or stages where there are too many blocks. */
  level: z.enum(GROUP_LEVELS).optional(),
  /** Bars (the default), or the whole tree of stages, blocks and operations as an icicle. */
  chart: z.enum(['bars', 'icicle']).optional(),
})
  .refine(
    ({ model, network, source }) => [model, network, source].filter((of) => of !== undefined).length === 1,
    'a cost figure needs either "model" or "network", or the "source" of a file of families',
  )
  .refine(({ source, map }) => map === undefined || source !== undefined, '"map" goes with "source"');
export type CostBarsRecipe = z.infer<typeof schema>;

export const costBars = figureKind(schema)({
  kind: 'cost-bars',
  title: 'Cost',
  says: 'train form against merged form, as bars or an icicle',
  about: 'network',
  start: (head, { network }) => ({ ...head, kind: 'cost-bars', ...network, metric: 'macs' }),
  form: formOf,
  read: async (recipe, sources) => (recipe.source === undefined ? costLedgers(recipe) : familyCost(recipe, recipe.source, sources)),
  draw: (recipe, ledgers) => {
    const sheet = { recipe, measure: measureOf(recipe), what: measureText(recipe, ledgers[0]) };
    return recipe.chart === 'icicle' ? drawCostIcicle(sheet, ledgers) : drawCostBars(recipe, ledgers);
  },
});

function formOf({ metric, chart = 'bars', level, form = 'both', convention }: CostBarsRecipe): CostField[] {
  const work = (convention ?? PAPER_CONVENTION).unit === 'macs' ? 'MACs' : 'FLOPs';
  const levels = { stage: 'stage', block: 'block', layer: 'layer' } as const;
  return [
    {
      ...choice('metric', 'Measure', metric, [
        ['macs', work],
        ['params', 'Parameters'],
        ['bytes', 'Bytes moved'],
      ]),
      testId: 'cost-metric',
    },
    {
      ...choice('chart', 'Chart', chart, [
        ['bars', 'bars'],
        ['icicle', 'icicle'],
      ]),
      testId: 'cost-chart',
    },
    ...(chart === 'bars'
      ? [
          choice('level', 'One bar per', level, [
            [undefined, 'block, or stage if too many'],
            ...GROUP_LEVELS.map((one) => [one, levels[one]] as const),
          ]),
        ]
      : []),
    choice('form', 'Forms', form, [
      ['both', 'both'],
      ['train', 'train form'],
      ['merged', 'merged form'],
    ]),
    { field: 'convention', widget: 'convention', value: convention },
  ];
}

type CostField = FormField & { readonly field: keyof CostBarsRecipe };

function choice(field: keyof CostBarsRecipe, label: string, value: ChoiceField['value'], options: ChoiceField['options']) {
  return { field, widget: 'choice', label, value, options } as const;
}

/** The ledgers a cost recipe asks for; a network in merged form has no other. Throws UserError where it has none of them. */
function costLedgers({ model, set, network, inputSize, form, convention }: CostBarsRecipe): Ledger[] {
  const spec = network ?? buildModel(model ?? '', set);
  const sized = inputSize === undefined ? spec : withSizeOf(spec, parseInputSize('"inputSize"', inputSize));
  return countedForms(sized, form).map((one) => ledger(one, convention));
}

/** The ledgers of a file's merged layers, and of their branches where its recipes tell them. Throws UserError where it has none of the forms asked for. */
async function familyCost(
  { form = 'both', map: asked, convention = PAPER_CONVENTION }: CostBarsRecipe,
  source: FigureSource,
  sources: FigureSources,
): Promise<Ledger[]> {
  const map = asked === undefined ? USUAL_COST_MAP : ([asked[0], asked[1]] as const);
  const { train, merged, reason } = familyLedgers(await sources.layers(source), map, convention);
  if (form === 'train' && train === null)
    throw new UserError(`the training form of ${merged.model} is not counted: ${reason}; ask for the merged form`);
  const said = reason === null ? merged : { ...merged, convention: `${merged.convention}. Training form not counted: ${reason}` };
  return [...(train === null ? [] : [train]), said].filter((one) => form === 'both' || one.form === form);
}

/** The bars of one layer, block or stage: one value per form. */
interface BarGroup {
  readonly name: string;
  readonly values: readonly number[];
}

const COLOURS = { train: BEFORE, merged: AFTER } as const;
/** With more blocks than this the bars are summed by stage unless the recipe says otherwise, and the figure says so. */
const MOST_BLOCKS = 40;

/** What a recipe's metric is called in the ledger. */
function measureOf({ metric }: CostBarsRecipe): CostMeasure {
  return metric === 'macs' ? 'operations' : metric;
}

/** What a recipe's metric is, in words, by the rules of the ledger's convention. */
function measureText({ metric }: CostBarsRecipe, { rules }: Ledger): string {
  if (metric === 'params') return 'learnable parameters';
  if (metric === 'bytes') return 'bytes moved at float32';
  return rules.unit === 'macs' ? 'multiply-accumulates' : 'FLOPs';
}

/** Draws the bars of one form or of both forms of one network. */
function drawCostBars(recipe: CostBarsRecipe, ledgers: readonly Ledger[]): DisplayList {
  const page = pageOf(recipe.layout);
  const [first] = ledgers;
  const level = recipe.level ?? (groupLedger(first, 'block').length > MOST_BLOCKS ? 'stage' : 'block');
  const groups = barGroups(ledgers, level, measureOf(recipe));
  const title = titleBlock(page, recipe.layout.title);
  const key = legend(page, title.bottom + 2, totals(ledgers, measureOf(recipe)));
  const bars = barRows(page, key.bottom + page.size * 0.5, groups, ledgers);
  const rule = note(page, bars.bottom + page.size * 0.4, noteText(recipe, ledgers, level));
  const name = recipe.layout.title ?? `Cost of ${first.model}`;
  const about = { title: name, description: description(recipe, groups, ledgers), tables: [tableOf(recipe, groups, ledgers)] };
  return assemble(page, about, [title, key, bars, rule]);
}

function tableOf(recipe: CostBarsRecipe, groups: readonly BarGroup[], ledgers: readonly Ledger[]): FigureTable {
  const columns = ledgers.map((ledger) => `${measureText(recipe, ledger)}, ${ledger.form} form`);
  return { name: 'cost', columns: ['part', ...columns], rows: groups.map(({ name, values }) => [name, ...values]) };
}

function barGroups(ledgers: readonly Ledger[], level: GroupLevel, measure: CostMeasure): BarGroup[] {
  const forms = ledgers.map((ledger) => new Map(groupLedger(ledger, level).map((group) => [group.name, group[measure]])));
  const names = new Set(forms.flatMap((form) => [...form.keys()]));
  return [...names]
    .map((name) => ({ name, values: forms.map((form) => form.get(name) ?? 0) }))
    .filter(({ values }) => values.some((value) => value > 0));
}

function totals(ledgers: readonly Ledger[], measure: CostMeasure): [string, string, string][] {
  return ledgers.map((ledger) => [`${ledger.form} form`, shortCount(ledger[measure]), COLOURS[ledger.form]]);
}

/** The forms and their totals, beside each other where they fit. */
function legend(page: Page, top: number, entries: [string, string, string][]): Placed {
  const side = page.size * 0.8;
  let [x, y] = [page.left, top];
  const marks = entries.flatMap(([name, total, colour]): Mark[] => {
    const text = `${name}, ${total} in all`;
    const width = side * 1.5 + textWidth(text, page.size);
    if (x > page.left && x + width > page.right) [x, y] = [page.left, y + page.size * 1.3];
    const at = x;
    x += width + page.size * 1.5;
    return [filled(at, y, side, side, colour), textAt(at + side * 1.5, y + side, text, page.size)];
  });
  return { marks, bottom: y + page.size * 1.3 };
}

/** Names take at most this share of the width beside their bars; longer ones stand above them. */
const MOST_FOR_NAMES = 0.4;

function barRows(page: Page, top: number, groups: readonly BarGroup[], ledgers: readonly Ledger[]): Placed {
  const room = page.right - page.left;
  const widest = largestOf(
    groups.map(({ name }) => textWidth(name, page.small)),
    0,
  );
  const beside = widest <= room * MOST_FOR_NAMES;
  const all = groups.flatMap(({ values }) => values);
  const valueWidth = largestOf(
    all.map((value) => textWidth(shortCount(value), page.small)),
    0,
  );
  const left = page.left + (beside ? widest + page.small * 0.6 : 0);
  const full = page.right - left - valueWidth - page.small * 0.6;
  const limit = largestOf(all);
  let y = top;
  const marks = groups.flatMap(({ name, values }): Mark[] => {
    const above = beside ? null : paragraph(left, y - page.small * 0.2, name, page.small, room);
    if (above) y = above.bottom;
    const bars = values.flatMap((value, k) => {
      return oneBar(page, left, y + k * page.small * 1.1, (value / limit) * full, value, COLOURS[ledgers[k].form]);
    });
    const at = y + page.small * (0.9 + 0.55 * (values.length - 1));
    y += page.small * (0.4 + 1.1 * values.length);
    return [...(above?.marks ?? [textAt(left - page.small * 0.6, at, name, page.small, { anchor: 'end' })]), ...bars];
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

function oneBar(page: Page, left: number, top: number, length: number, value: number, colour: string): Mark[] {
  const height = page.small;
  return [
    filled(left, top, length, height, colour),
    textAt(left + length + page.small * 0.4, top + height * 0.86, shortCount(value), page.small, { fill: FAINT_INK }),
  ];
}

function noteText(recipe: CostBarsRecipe, ledgers: readonly Ledger[], level: GroupLevel): string {
  const [first] = ledgers;
  const what = measureText(recipe, first);
  const heading = `${what[0].toUpperCase()}${what.slice(1)}`;
  const statistics = recipe.metric === 'params' ? ' Running statistics are not parameters.' : '';
  const input = recipe.source === undefined ? `, input ${first.input.join(' x ')}` : '';
  const { convention } = ledgers[ledgers.length - 1];
  return `${heading} of ${first.model} per ${level}${input}. Parts without any are left out.${statistics} Convention: ${convention}.`;
}

function description(recipe: CostBarsRecipe, groups: readonly BarGroup[], ledgers: readonly Ledger[]): string {
  const values = (group: BarGroup): string => group.values.map((value, i) => `${shortCount(value)} ${ledgers[i].form}`).join(', ');
  return `Cost of ${ledgers[0].model}: ${measureText(recipe, ledgers[0])}. ${groups.map((group) => `${group.name}: ${values(group)}`).join('; ')}.`;
}
