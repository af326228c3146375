// The cost ledger as an icicle: the whole network, its stages, blocks and operations side by side, every
// height in proportion to its cost, both forms on one scale, so that what the merge saves is seen as area.
import { largestOf } from '../../base/extremes';
import { costBoxes, costTree, type CostBox, type CostNode } from '../../cost/cost-tree';
import type { CostMeasure } from '../../cost/grouping';
import type { Ledger } from '../../cost/ledger';
import type { Form } from '../../model/spec';
import { filled, PAPER, textAt, type DisplayList, type FigureTable, type Mark } from '../page/display-list';
import { textWidth } from '../page/font-metrics';
import type { Box } from '../page/heat-map';
import { assemble, note, pageOf, panelLetter, paragraph, shortCount, titleBlock, type Page, type Placed } from '../page/layout';
import type { RecipeHead } from '../recipe';

/** Share of the width of network, stages, blocks, operations; the network's own name stands above it. */
const WIDTHS = [0.07, 0.31, 0.31, 0.31];
/** Fill of network, stages, blocks, operations: one hue growing lighter, dark ink readable on the last three. */
const FILLS = ['#174a86', '#4f93cf', '#9fc9ea', '#e6f1fa'];
const LABEL_INK = '#0b2136';

/** What an icicle's heights are, and on what page. */
interface IcicleSheet {
  readonly recipe: Pick<RecipeHead, 'layout'>;
  readonly measure: CostMeasure;
  /** The measure in words. */
  readonly what: string;
}

/** Draws one form, or both forms of a network side by side on one scale. */
export function drawCostIcicle({ recipe, measure, what }: IcicleSheet, ledgers: readonly Ledger[]): DisplayList {
  const page = pageOf(recipe.layout);
  const [first] = ledgers;
  const title = titleBlock(page, recipe.layout.title);
  const trees = ledgers.map((ledger) => ({ form: ledger.form, tree: costTree(ledger, measure) }));
  const icicles = icicleRow(page, title.bottom + 2, trees);
  const input = first.input.join(' x ');
  const caption = note(
    page,
    icicles.bottom + 2,
    `${first.model}, input ${input}: network, stages, blocks, operations; height = ${what}; parts too small for their name have none. Convention: ${first.convention}.`,
  );
  const totals = trees.map(({ form, tree }) => `${shortCount(tree.value)} in ${form} form`).join(', ');
  const name = recipe.layout.title ?? `Cost of ${first.model}`;
  const about = { title: name, description: `Icicle of the cost of ${first.model}, ${what}: ${totals}.`, tables: trees.map(tableOf) };
  return assemble(page, about, [title, icicles, caption]);
}

interface FormTree {
  readonly form: Form;
  readonly tree: CostNode;
}

/** Every part of a form with its cost. */
function tableOf({ form, tree }: FormTree): FigureTable {
  const rowsOf = (node: CostNode): [string, number][] => [[node.name, node.value], ...node.children.flatMap(rowsOf)];
  return { name: `${form} form`, columns: ['part', 'cost'], rows: rowsOf(tree) };
}

function icicleRow(page: Page, top: number, trees: readonly FormTree[]): Placed {
  const gap = page.size;
  const width = (page.right - page.left - gap) / 2;
  const height = width * 1.25 * page.scale;
  const left = (i: number): number => page.left + i * (width + gap);
  const headings = trees.map(({ form, tree }, i) =>
    paragraph(left(i), top, `${panelLetter(page, i)}${form} form, ${shortCount(tree.value)}`, page.size, width, { bold: true }),
  );
  const y = largestOf(headings.map(({ bottom }) => bottom)) + page.size * 0.2;
  const largest = largestOf(trees.map(({ tree }) => tree.value));
  const marks = trees.flatMap(({ tree }, i) => {
    const boxes = costBoxes(tree, (height * tree.value) / largest);
    return boxes.flatMap((box) => nodeMarks(page, box, { x: left(i), y, width, height }));
  });
  return { marks: [...headings.flatMap((heading) => heading.marks), ...marks], bottom: y + height };
}

/** A node's box in the column of its level; its name where there is room for one line. */
function nodeMarks(page: Page, { node, level, y, height }: CostBox, area: Box): Mark[] {
  const left = WIDTHS.slice(0, level).reduce((sum, share) => sum + share, 0);
  const box = { x: area.x + area.width * left, y: area.y + y, width: area.width * WIDTHS[level], height };
  const cell = filled(box.x, box.y, box.width, box.height, FILLS[level]);
  // A line around what is hardly wider than the line would leave nothing of it.
  const drawn = box.height < LEAST_OUTLINED ? cell : { ...cell, stroke: PAPER, strokeWidth: 0.5 };
  return [drawn, ...(level === 0 ? [] : nodeLabel(page, node, box))];
}

const LEAST_OUTLINED = 2.5;

/** Name and number on one line; where there is room for one alone, the number; neither is ever cut. */
function nodeLabel(page: Page, node: CostNode, box: Box): Mark[] {
  const size = Math.max(page.small * 0.9, page.least);
  const number = shortCount(node.value);
  const room = box.width - size * 0.6;
  if (box.height < size * 1.25 || textWidth(number, size) > room) return [];
  const whole = `${lastName(node.name)} ${number}`;
  const label = textWidth(whole, size) <= room ? whole : number;
  return [textAt(box.x + size * 0.3, box.y + Math.min(box.height / 2, size * 1.2) + size * 0.36, label, size, { fill: LABEL_INK })];
}

/** The end of a dotted name, which is what is new at its level: `fc3`, `conv2` for `conv2.conv`, `stage2.1`, `stages.0`. */
function lastName(name: string): string {
  const segments = name.split('.').filter((segment, index, all) => index === 0 || index < all.length - 1 || !/^(conv|bn)$/.test(segment));
  const last = segments[segments.length - 1];
  return /^\d+$/.test(last) ? segments.slice(-2).join('.') : last;
}
