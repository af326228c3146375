// The figure being made: its recipe, and the drawing of it that the service made last.
import { z } from 'zod';
import { parsedBy } from '@shared/model/strict-object';
import { addDeepView } from '../../studio/deep-view';
import { keepView } from '../../studio/kept-view';
import { createStore } from '../../studio/state';
import { addUndoableFields } from '../../studio/undo/parts';
import { assertNever } from '@shared/base/assert-never';
import { type FigureFormat, RECIPE_FORMAT, type FigureLayout, type PictureSource } from '@shared/figure/recipe';
import type { FigureFocus } from '@shared/figure/kind';
import type { Inspection } from '@shared/figure/check/judge';
import {
  composed,
  isComposed,
  kindOf,
  parseFigureRecipe,
  type ComposedRecipe,
  type FigureRecipe,
  type PanelRecipe,
} from '@shared/figure/registry';
import type { RenderedFile } from '@shared/link/studio';
import { seed } from '@shared/tensor/random';
import { withPanel } from '@shared/figure/compose';
import { cost } from '../cost';
import { comparison } from '../../studio/network/comparison';
import { CUSTOM, network } from '../../studio/network/network';
import { askedFigure, type AskedFigure, type FigureKind } from '../../studio/asked-figure';
import { notify } from '../../studio/notices';
import { messageOf } from '@shared/base/message-of';
import { shownDetail } from '../pattern';
import { recalled } from '../../studio/network/remembered';
import { runs } from '../../studio/runs/runs';
import { fetchBytes } from '../../workers/fetch-bytes';
import { studio } from '../../studio/studio';
import { figureSource, keyOf, runFolder, weights } from '../../studio/network/weights';

export interface Figure {
  readonly recipe: FigureRecipe;
  /** The composed figure that was worked on last: panels are added to it from any figure. */
  readonly composed: ComposedRecipe | null;
  /** Object URL of the drawn SVG; null until drawn. */
  readonly preview: string | null;
  /** Its size as printed, and a draft of its caption; null until drawn. */
  readonly drawn: DrawnFigure | null;
  readonly drawing: boolean;
  readonly problem: string | null;
  /** Whether nothing is to travel in its file: neither recipe nor hashes. */
  readonly strip: boolean;
  /** What the inspection of the drawn recipe found; null until asked for. */
  readonly inspection: Inspection | null;
  /** What changed in the numbers of a figure that was opened from its file. */
  readonly changes: readonly string[];
}

export type DrawnFigure = Pick<RenderedFile, 'widthMm' | 'heightMm' | 'caption'>;

const LAYOUT: FigureLayout = { widthMm: 170, fontPt: 8, title: null };
/** The picture under an overlay before one is chosen. */
const FIRST_CLASS: PictureSource = { dataset: { kind: 'embedded', name: 'shapes', seed: seed(1) }, of: { classMean: 0 } };

export const figure = createStore<Figure>(() => ({
  recipe: recipeOf('cost-bars', LAYOUT),
  composed: null,
  preview: null,
  drawn: null,
  drawing: false,
  problem: null,
  strip: false,
  inspection: null,
  changes: [],
}));

const anyRecipe = parsedBy((json) => parseFigureRecipe(json));
// Of a recipe that is about something else than what is in focus then, its kind and layout alone come back.
keepView('figure', figure, z.object({ recipe: anyRecipe, composed: composed.schema.nullable() }), {
  says: 'the figure',
  show: ({ recipe, composed: whole }) => {
    figure.setState({ composed: whole });
    begin(recipe, { pinned: isPinned, changes: figure.getState().changes });
  },
});

addUndoableFields({ name: 'figure-strip', stage: 'figure', says: 'settings' }, figure, ['strip']);

/** A recipe of a kind about what is in focus. */
function recipeOf(kind: FigureKind, layout: FigureLayout): FigureRecipe {
  return kindOf({ kind }).start({ ...RECIPE_FORMAT, layout }, focusNow());
}

function focusNow(): FigureFocus {
  const { reference, block, inFocus } = weights.getState();
  const source = inFocus ? figureSource(reference) : { path: '' };
  const { subject: against } = comparison.getState();
  return {
    source: block === null ? source : { ...source, layer: block },
    network: costNetwork(),
    run: curvesFolder(),
    runs: runs.getState().list.map(({ folder }) => folder),
    convention: cost.getState().convention,
    picture: shownDetail.getState().imageOf ?? FIRST_CLASS,
    ...(against?.kind === 'weights' && { against: figureSource(against.reference) }),
  };
}

/** The chosen network as a cost recipe names it: an entry of the zoo, or a description of its own. */
function costNetwork(): FigureFocus['network'] {
  const { entry, settings, inputSize, spec } = network.getState();
  if (entry === CUSTOM && spec) return { network: spec };
  return { model: entry, set: settings, ...(inputSize !== '' && { inputSize }) };
}

/** The run whose curves are drawn: that of the weights in focus, else one in the plots, else the newest. */
function curvesFolder(): string {
  const { reference, inFocus } = weights.getState();
  const { list, shown } = runs.getState();
  const name = inFocus && reference.kind === 'run' ? reference.run : (shown[0] ?? list[0]?.name);
  return name === undefined ? '' : runFolder(name);
}

/** A recipe of a kind about the weights, block or model in focus, in the layout of the last figure. */
function startedRecipe<K extends FigureKind>(kind: K): Extract<FigureRecipe, { kind: K }> {
  const { recipe: shown } = figure.getState();
  // Letters are for panels: a figure that follows a composed one has none, where no venue asks for them.
  const isLettered = isComposed(shown) && shown.layout.venue === undefined;
  const recipe = recipeOf(kind, isLettered ? { ...shown.layout, letters: undefined } : shown.layout);
  return recipe as Extract<FigureRecipe, { kind: K }>;
}

/** Starts a figure of a kind about the weights, block or model in focus, keeping the layout. */
export function chooseFigure(kind: FigureKind): void {
  begin(kind === 'composed' ? composedNow() : startedRecipe(kind));
}

/** The composed figure that is being made; one without panels where there is none. */
function composedNow(): ComposedRecipe {
  return figure.getState().composed ?? startedRecipe('composed');
}

/** Adds a panel of a kind, about the weights, block or model in focus, to the composed figure. */
export function addPanel(kind: PanelRecipe['kind']): void {
  changeRecipe(withPanel(composedNow(), startedRecipe(kind)));
}

/** Adds the figure that is shown to the composed one, and says as which panel; nothing where it is that one. */
export function addShownToComposed(): void {
  const { recipe } = figure.getState();
  if (isComposed(recipe)) return;
  const whole = withPanel(composedNow(), recipe);
  figure.setState({ composed: whole });
  notify('success', `Added: the composed figure has ${whole.panels.length === 1 ? '1 panel' : `${whole.panels.length} panels`} now.`);
}

// What another stage asks for.
askedFigure.subscribe(({ asked, opened }, before) => {
  if (opened !== null && opened !== before.opened) begin(opened.recipe, { pinned: true, changes: opened.changes });
  else if (asked && asked !== before.asked) begin(changedRecipe(asked));
});

function changedRecipe<K extends FigureKind>({ kind, change }: AskedFigure<K>): FigureRecipe {
  return { ...startedRecipe(kind), ...change };
}

/** What the recipe shown was started about; another focus starts it anew. */
let startedAbout = '';
/** Whether the recipe is of a file that was opened: it is about what the file says, whatever is in focus. */
let isPinned = false;

function begin(recipe: FigureRecipe, { pinned = false, changes = [] }: { pinned?: boolean; changes?: readonly string[] } = {}): void {
  [startedAbout, isPinned] = [focusOf(recipe.kind), pinned];
  const { recipe: old } = figure.getState();
  // The drawing of another figure is not to be taken for this one while it is drawn.
  figure.setState({
    recipe,
    changes,
    inspection: null,
    ...(isComposed(recipe) && { composed: recipe }),
    ...(old.kind !== recipe.kind && { preview: null, drawn: null }),
  });
}

/** Starts the figure anew where the weights, block or model in focus are no longer those it was started about. */
export function followFocus(): void {
  const { kind } = figure.getState().recipe;
  if (isFocusKnown() && !isPinned && focusOf(kind) !== startedAbout) chooseFigure(kind);
}

/** Whether what was in focus before a reload is in focus again, and its network known. */
function isFocusKnown(): boolean {
  const { reference, inFocus } = weights.getState();
  return recalled.getState().done && (!inFocus || reference.kind !== 'run' || runs.getState().loaded);
}

// The way back: the figure as it was, about what it was about.
addDeepView(
  'figure',
  z.object({ recipe: anyRecipe, about: z.string(), pinned: z.boolean() }),
  () => ({ recipe: figure.getState().recipe, about: startedAbout, pinned: isPinned }),
  ({ recipe, about, pinned }) => {
    begin(recipe, { pinned });
    startedAbout = about;
  },
);

function focusOf(kind: FigureKind): string {
  const { reference, block, inFocus } = weights.getState();
  const { about } = kindOf({ kind });
  switch (about) {
    case 'network':
      return JSON.stringify(costNetwork());
    case 'runs':
    case 'nothing':
      return about;
    // Curves are of a run, whatever block of it is in focus.
    case 'run':
      return `${keyOf(reference)} ${inFocus}`;
    case 'block':
      return `${keyOf(reference)} ${block} ${inFocus}`;
    default:
      return assertNever(about);
  }
}

/** Changes the recipe; the drawing is out of date then. */
export function changeRecipe(recipe: FigureRecipe): void {
  figure.setState({ recipe, inspection: null, ...(isComposed(recipe) && { composed: recipe }) });
}

/** Why there is nothing to draw; null where there is something. */
function nothingToDraw(recipe: FigureRecipe): string | null {
  const { about, lacks } = kindOf(recipe);
  const isOfFile = 'source' in recipe && recipe.source !== undefined;
  if (about === 'network' && !isOfFile && network.getState().spec === null) return network.getState().problem;
  if (about === 'block' && 'source' in recipe && recipe.source?.path === '')
    return 'The current network has no weights yet whose matrices could be drawn; train it, or choose weights above.';
  return lacks(recipe);
}

/** Number of the newest drawing: an older one that comes later is not shown. */
let newest = 0;

/** Draws the recipe as SVG for the preview. */
export async function drawPreview(): Promise<void> {
  const { recipe } = figure.getState();
  const own = ++newest;
  const show = (state: Partial<Figure>): void => {
    if (own === newest) figure.setState(state);
  };
  const nothing = nothingToDraw(recipe);
  if (nothing !== null) return figure.setState({ preview: null, drawn: null, drawing: false, problem: nothing });
  show({ drawing: true, problem: null });
  try {
    const { url, widthMm, heightMm, caption } = await studio().figure.render({ recipe, format: 'svg' });
    const image = new Blob([await fetchBytes(url)], { type: 'image/svg+xml' });
    if (own !== newest) return;
    const old = figure.getState().preview;
    show({ preview: URL.createObjectURL(image), drawn: { widthMm, heightMm, caption } });
    if (old) URL.revokeObjectURL(old);
  } catch (error) {
    show({ problem: messageOf(error) });
  } finally {
    show({ drawing: false });
  }
}

/** Inspects the figure for print. */
export async function inspectShown(): Promise<void> {
  const { recipe } = figure.getState();
  const inspection = await studio().figure.inspect({ recipe });
  if (figure.getState().recipe === recipe) figure.setState({ inspection });
}

/** Draws the recipe in a format, ready to be saved. */
export async function renderFigure(format: FigureFormat): Promise<{ fileName: string; content: Blob }> {
  const { recipe, strip } = figure.getState();
  const { url, fileName } = await studio().figure.render({ recipe, format, strip });
  return { fileName, content: new Blob([await fetchBytes(url)]) };
}
