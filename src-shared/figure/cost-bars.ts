// The cost ledger as bars: per block or stage, train form against merged form on one axis from zero.
import { groupLedger, type GroupLevel, type LedgerGroup } from '../cost/grouping';
import type { Ledger } from '../cost/ledger';
import { FAINT_INK, filled, line, RULE, textAt, type DisplayList, type Mark } from './display-list';
import { fitText, textWidth } from './font-metrics';
import { assemble, note, pageOf, shortCount, titleBlock, type Page, type Placed } from './layout';
import type { FigureRecipe } from './recipe';

export type CostBarsRecipe = Extract<FigureRecipe, { kind: 'cost-bars' }>;

/** One pair of bars. */
interface Pair {
  readonly name: string;
  readonly train: number;
  readonly merged: number;
}

const TRAIN_COLOUR = '#c9650f';
const MERGED_COLOUR = '#2a6fae';
/** With more blocks than this the bars are summed by stage, and the figure says so. */
const MOST_BLOCKS = 40;

/** Draws the bars of both forms of one network. */
export function drawCostBars(recipe: CostBarsRecipe, train: Ledger, merged: Ledger): DisplayList {
  const page = pageOf(recipe.layout);
  const level: GroupLevel = groupLedger(train, 'block').length > MOST_BLOCKS ? 'stage' : 'block';
  const pairs = pairsOf(groupLedger(train, level), groupLedger(merged, level), recipe.metric);
  const title = titleBlock(page, recipe.layout.title);
  const key = legend(page, title.bottom + 2, totals(train, merged, recipe.metric));
  const bars = barRows(page, key.bottom + page.size * 0.5, pairs);
  const rule = note(page, bars.bottom + page.size * 0.4, noteText(recipe, train, level));
  const name = recipe.layout.title ?? `Cost of ${train.model}`;
  return assemble(page, name, description(train, pairs, recipe.metric), [title, key, bars, rule]);
}

function pairsOf(train: readonly LedgerGroup[], merged: readonly LedgerGroup[], metric: 'macs' | 'params'): Pair[] {
  const after = new Map(merged.map((group) => [group.name, group]));
  const pairs = train.map((group) => ({ name: group.name, train: group[metric], merged: after.get(group.name)?.[metric] ?? 0 }));
  return pairs.filter((pair) => pair.train > 0 || pair.merged > 0);
}

function totals(train: Ledger, merged: Ledger, metric: 'macs' | 'params'): [string, string, string][] {
  return [
    ['train form', shortCount(train[metric]), TRAIN_COLOUR],
    ['merged form', shortCount(merged[metric]), MERGED_COLOUR],
  ];
}

function legend(page: Page, top: number, entries: [string, string, string][]): Placed {
  const side = page.size * 0.8;
  let x = page.left;
  const marks = entries.flatMap(([name, total, colour]): Mark[] => {
    const text = `${name}, ${total} in all`;
    const at = x;
    x += side * 1.5 + textWidth(text, page.size) + page.size * 1.5;
    return [filled(at, top, side, side, colour), textAt(at + side * 1.5, top + side, text, page.size)];
  });
  return { marks, bottom: top + page.size * 1.3 };
}

function barRows(page: Page, top: number, pairs: readonly Pair[]): Placed {
  const nameWidth = Math.min((page.right - page.left) * 0.35, Math.max(...pairs.map(({ name }) => textWidth(name, page.small))));
  const valueWidth = Math.max(...pairs.flatMap((p) => [p.train, p.merged]).map((v) => textWidth(shortCount(v), page.small)));
  const left = page.left + nameWidth + page.small * 0.6;
  const full = page.right - left - valueWidth - page.small * 0.6;
  const limit = Math.max(...pairs.flatMap((pair) => [pair.train, pair.merged]));
  const pitch = page.small * 2.6;
  const marks = pairs.flatMap((pair, i) => {
    const y = top + i * pitch;
    const name = fitText(pair.name, page.small, nameWidth);
    const label = textAt(left - page.small * 0.6, y + page.small * 1.45, name, page.small, { anchor: 'end' });
    const bar = (value: number, at: number, colour: string): Mark[] => oneBar(page, left, at, (value / limit) * full, value, colour);
    return [label, ...bar(pair.train, y, TRAIN_COLOUR), ...bar(pair.merged, y + page.small * 1.1, MERGED_COLOUR)];
  });
  const bottom = top + pairs.length * pitch;
  const axis = line(
    [
      [left, top - 1],
      [left, bottom - page.small * 0.2],
    ],
    RULE,
  );
  return { marks: [...marks, axis], bottom };
}

function oneBar(page: Page, left: number, top: number, length: number, value: number, colour: string): Mark[] {
  const height = page.small;
  return [
    filled(left, top, length, height, colour),
    textAt(left + length + page.small * 0.4, top + height * 0.86, shortCount(value), page.small, { fill: FAINT_INK }),
  ];
}

function noteText(recipe: CostBarsRecipe, { model, convention, input }: Ledger, level: GroupLevel): string {
  const what = recipe.metric === 'macs' ? 'Multiply-accumulates' : 'Learnable parameters';
  const rule = recipe.metric === 'macs' ? ` ${convention}.` : ' Running statistics are not parameters.';
  return `${what} of ${model} per ${level}, input ${input.join(' x ')}. Parts without any are left out.${rule}`;
}

function description({ model }: Ledger, pairs: readonly Pair[], metric: 'macs' | 'params'): string {
  const list = pairs.map((pair) => `${pair.name}: ${shortCount(pair.train)} train, ${shortCount(pair.merged)} merged`);
  return `${metric === 'macs' ? 'Multiply-accumulates' : 'Parameters'} of ${model}. ${list.join('; ')}.`;
}
