// The sheet of a figure composed of panels: each is drawn in its place of a grid, in the sheet's type; what they share is drawn
// and said once, below them.
import { largestOf } from '../../base/extremes';
import { UserError } from '../../base/user-error';
import type { ReadFigure } from '../kind';
import { millimetres, type DisplayList, type Mark } from '../page/display-list';
import { assemble, figureNumber, MARGIN, note, pageOf, panelLetter, paragraph, titleBlock, type Page, type Placed } from '../page/layout';
import { colourBar } from '../page/legend';
import { moved } from '../page/moved';
import { illegibleIn, pictureTop } from '../page/panel-fit';
import { Sharing, type ScaleGroup } from '../page/sharing';
import type { RecipeHead } from '../recipe';

/** A panel whose numbers are read. */
export interface ReadPanel {
  readonly figure: ReadFigure;
  readonly heading: string;
  readonly span: number;
  /** The layout of its own recipe, of which the limits of its axes and the place of its key are taken. */
  readonly layout: RecipeHead['layout'];
}

/** All panels of a figure. */
export interface ReadComposition {
  readonly panels: readonly ReadPanel[];
  /** What the panels share, by how they are drawn: their numbers ask for it, whatever their size. */
  readonly settled: Map<string, Sharing>;
}

interface Composition extends RecipeHead {
  readonly columns: number;
  readonly scale: 'shared' | 'own';
  readonly axes: 'aligned' | 'own';
}

/** Where a panel stands: its row, its first column and the columns it takes. */
export interface GridPlace {
  readonly row: number;
  readonly column: number;
  readonly span: number;
}

/** Places of panels in reading order; one that does not fit beside those before it begins the next row. */
export function gridPlaces(spans: readonly number[], columns: number): GridPlace[] {
  let [row, column] = [0, 0];
  return spans.map((wanted) => {
    const span = Math.min(wanted, columns);
    if (column + span > columns) [row, column] = [row + 1, 0];
    const place = { row, column, span };
    column += span;
    return place;
  });
}

/** Draws the panels. Throws UserError where one has no room for its words. */
export function drawComposed(recipe: Composition, { panels, settled }: ReadComposition): DisplayList {
  const page = pageOf({ ...recipe.layout, letters: recipe.layout.letters ?? '(a)' });
  const places = gridPlaces(
    panels.map(({ span }) => span),
    recipe.columns,
  );
  const boxes = places.map((place) => boxOf(page, place, recipe.columns));
  const drawAll = (common: Sharing): DisplayList[] => panels.map((panel, i) => drawPanel(page, panel, boxes[i].width, common.of(i)));
  const sharing = sharingOf(recipe, page, settled, drawAll);
  const figures = drawAll(sharing);
  const drawn = panels.map(
    (panel, i): DrawnPanel => ({ ...panel, ...boxes[i], row: places[i].row, i, name: nameOf(page, i), figure: figures[i] }),
  );
  // Pictures that shrink for the height are looked at where the height is (fit-height.ts).
  if (page.scale === 1) drawn.forEach((panel) => refuseIllegible(page, panel));
  const title = titleBlock(page, recipe.layout.title);
  const rows = panelRows(page, title.bottom + (recipe.layout.title === null ? 0 : page.size * 0.4), drawn);
  const bars = sharedBars(page, rows.bottom, sharing, panels.length);
  const captions = drawn.map((panel) => captionOf(page, panel));
  // A rule that a panel tells is not told again.
  const untold = bars.groups.filter(({ scale }) => captions.every((text) => !text.includes(scale.rule)));
  const rules = untold.map(({ asked, scale }) => `${capital(asked.quantity)} in colour: ${scale.rule}.`);
  const caption = note(page, bars.bottom + 2, [...captions, ...rules].join(' '));
  const about = {
    title: recipe.layout.title ?? `${panels.length} panels: ${panels.map(({ heading }) => heading).join(', ')}`,
    description: drawn.map(({ figure, i }) => `${panelLetter(page, i)}${figure.description}`).join(' '),
    tables: drawn.flatMap(({ figure, name }) => figure.tables.map((table) => ({ ...table, name: `${name} ${table.name}` }))),
  };
  return assemble(page, about, [title, rows, bars, caption]);
}

/** A panel in its place. */
interface DrawnPanel extends Omit<ReadPanel, 'figure'> {
  /** Its number among all, its letter or number as text, and its row. */
  readonly i: number;
  readonly name: string;
  readonly row: number;
  readonly x: number;
  readonly width: number;
  readonly figure: DisplayList;
}

function nameOf(page: Page, i: number): string {
  return panelLetter(page, i).trim() || String(i + 1);
}

/** What the panels share: all are drawn once, so that they ask for it. */
function sharingOf(
  { scale, axes }: Composition,
  page: Page,
  settled: ReadComposition['settled'],
  drawAll: (common: Sharing) => unknown,
): Sharing {
  const key = JSON.stringify([scale, axes, page.layout.letters]);
  const known = settled.get(key);
  if (known !== undefined) return known;
  const sharing = new Sharing({ scale: scale === 'shared', axes: axes === 'aligned' }, (i) => nameOf(page, i));
  drawAll(sharing);
  sharing.settle();
  settled.set(key, sharing);
  return sharing;
}

function captionOf(page: Page, { heading, figure, i }: DrawnPanel): string {
  return `${panelLetter(page, i)}${heading === '' ? '' : `${ended(heading)} `}${figure.caption}`;
}

function ended(sentence: string): string {
  return /[.!?:]$/.test(sentence) ? sentence : `${sentence}.`;
}

/** Left edge and width of a place of the grid. */
function boxOf(page: Page, { column, span }: GridPlace, columns: number): { x: number; width: number } {
  const gap = page.size * 1.5;
  const width = (page.right - page.left - gap * (columns - 1)) / columns;
  return { x: page.left + column * (width + gap), width: span * width + (span - 1) * gap };
}

/** One panel in its width, without title, caption and letters of its own. */
function drawPanel(page: Page, { figure, layout }: ReadPanel, width: number, shared: ReturnType<Sharing['of']>): DisplayList {
  const { xRange, yRange, legend } = layout;
  const { fontPt, leastPt, font, text } = page.layout;
  return figure.draw({
    widthMm: millimetres(width + 2 * MARGIN),
    fontPt,
    leastPt,
    font,
    text,
    title: null,
    caption: false,
    xRange,
    yRange,
    legend,
    scale: page.scale,
    shared,
  });
}

function refuseIllegible(page: Page, { figure, heading, name, width }: DrawnPanel): void {
  const problem = illegibleIn(figure);
  if (problem === null) return;
  const called = heading === '' ? '' : `, "${heading}",`;
  const size = `${millimetres(width).toFixed(0)} mm wide, and ${problem} in type of ${figureNumber(page.size)} pt`;
  throw new UserError(`panel ${name}${called} is ${size}; take fewer columns, more of them for this panel, or a wider page`);
}

/** The rows of the grid, one below the other. */
function panelRows(page: Page, top: number, panels: readonly DrawnPanel[]): Placed {
  let bottom = top;
  const marks: Mark[] = [];
  for (let row = 0; row <= largestOf(panels.map((panel) => panel.row)); row++) {
    const inRow = panels.filter((panel) => panel.row === row);
    const placed = panelRow(page, bottom, inRow);
    marks.push(...placed.marks);
    bottom = placed.bottom + page.size * 0.6;
  }
  return { marks, bottom };
}

/** Panels beside each other: their pictures begin at one height. */
function panelRow(page: Page, top: number, panels: readonly DrawnPanel[]): Placed {
  const headings = panels.map(({ heading, i, x, width }) => {
    return paragraph(x, top, `${panelLetter(page, i)}${heading}`.trim(), page.size, width, { bold: true });
  });
  const over = largestOf(
    headings.map(({ bottom }) => bottom),
    top,
  );
  const tops = panels.map(({ figure }) => pictureTop(figure));
  const lowest = largestOf(
    tops.flatMap((at) => at ?? []),
    0,
  );
  const placed = panels.map(({ figure, name, x }, k): Placed => {
    const down = over - MARGIN + lowest - (tops[k] ?? lowest);
    // The first mark of a figure is its paper.
    const marks = figure.marks.slice(1).map((mark) => named(moved(mark, x - MARGIN, down), name));
    return { marks, bottom: down + figure.height - MARGIN };
  });
  const marks = [...headings, ...placed].flatMap((one) => one.marks);
  return { marks, bottom: largestOf(placed.map(({ bottom }) => bottom)) };
}

/** Numbers of several panels are told apart by their panel. */
function named(mark: Mark, panel: string): Mark {
  return mark.kind === 'cells' ? { ...mark, name: `${panel} ${mark.name}` } : mark;
}

/** A bar for every scale that panels share, with their names where it is not that of all. */
function sharedBars(page: Page, top: number, sharing: Sharing, count: number): Placed & { readonly groups: readonly ScaleGroup[] } {
  let bottom = top;
  const marks: Mark[] = [];
  const groups = sharing.shared();
  for (const { asked, panels, scale } of groups) {
    const isOfAll = groups.length === 1 && panels.length === count;
    const over = isOfAll ? [] : [`${sharing.namesOf(panels)}: ${asked.quantity}`];
    for (const text of over) {
      const words = paragraph((page.left + page.right) / 2, bottom, text, page.small, page.right - page.left, { anchor: 'middle' });
      marks.push(...words.marks);
      bottom = words.bottom + 1;
    }
    // The page of the bar is that of the sheet, which shares with nobody.
    const bar = colourBar(page, bottom, scale, asked.colours);
    marks.push(...bar.marks);
    bottom = bar.bottom + page.size * 0.4;
  }
  return { marks, bottom, groups };
}

function capital(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
