// The figure being made: its recipe, and the drawing of it that the service made last.
import { z } from 'zod';
import { parsedBy } from '@shared/model/strict-object';
import { keepView } from '../../studio/kept-view';
import { createStore } from '../../studio/state';
import { assertNever } from '@shared/base/assert-never';
import { type FigureFormat, RECIPE_FORMAT, type FigureLayout, type PictureSource } from '@shared/figure/recipe';
import type { FigureFocus } from '@shared/figure/kind';
import { kindOf, parseFigureRecipe, type FigureRecipe } from '@shared/figure/registry';
import { seed } from '@shared/tensor/random';
import { cost } from '../cost';
import { CUSTOM, network } from '../../studio/network/network';
import { askedFigure, type AskedFigure, type FigureKind } from '../../studio/asked-figure';
import { messageOf } from '@shared/base/message-of';
import { shownDetail } from '../pattern';
import { runs } from '../../studio/runs/runs';
import { fetchBytes } from '../../workers/fetch-bytes';
import { studio } from '../../studio/studio';
import { figureSource, keyOf, runFolder, weights } from '../../studio/network/weights';

export interface Figure {
  readonly recipe: FigureRecipe;
  /** Object URL of the drawn SVG; null until drawn. */
  readonly preview: string | null;
  readonly drawing: boolean;
  readonly problem: string | null;
}

const LAYOUT: FigureLayout = { widthMm: 170, fontPt: 8, title: null };
/** The picture under an overlay before one is chosen. */
const FIRST_CLASS: PictureSource = { dataset: { kind: 'embedded', name: 'shapes', seed: seed(1) }, of: { classMean: 0 } };

export const figure = createStore<Figure>(() => ({
  recipe: recipeOf('cost-bars', LAYOUT),
  preview: null,
  drawing: false,
  problem: null,
}));

// Of a recipe that is about something else than what is in focus then, its kind and layout alone come back.
keepView('figure', figure, z.object({ recipe: parsedBy((json) => parseFigureRecipe(json)) }));

/** A recipe of a kind about what is in focus. */
function recipeOf(kind: FigureKind, layout: FigureLayout): FigureRecipe {
  return kindOf({ kind }).start({ ...RECIPE_FORMAT, layout }, focusNow());
}

function focusNow(): FigureFocus {
  const { reference, block, inFocus } = weights.getState();
  const source = inFocus ? figureSource(reference) : { path: '' };
  return {
    source: block === null ? source : { ...source, layer: block },
    network: costNetwork(),
    run: curvesFolder(),
    runs: runs.getState().list.map(({ folder }) => folder),
    convention: cost.getState().convention,
    picture: shownDetail.getState().imageOf ?? FIRST_CLASS,
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
  const recipe = recipeOf(kind, figure.getState().recipe.layout);
  return recipe as Extract<FigureRecipe, { kind: K }>;
}

/** Starts a figure of a kind about the weights, block or model in focus, keeping the layout. */
export function chooseFigure(kind: FigureKind): void {
  begin(startedRecipe(kind));
}

// What another stage asks for.
askedFigure.subscribe(({ asked }) => {
  if (asked) begin(changedRecipe(asked));
});

function changedRecipe<K extends FigureKind>({ kind, change }: AskedFigure<K>): FigureRecipe {
  return { ...startedRecipe(kind), ...change };
}

/** What the recipe shown was started about; another focus starts it anew. */
let startedAbout = '';

function begin(recipe: FigureRecipe): void {
  startedAbout = focusOf(recipe.kind);
  figure.setState({ recipe });
}

/** Starts the figure anew where the weights, block or model in focus are no longer those it was started about. */
export function followFocus(): void {
  const { kind } = figure.getState().recipe;
  if (focusOf(kind) !== startedAbout) chooseFigure(kind);
}

function focusOf(kind: FigureKind): string {
  const { reference, block, inFocus } = weights.getState();
  const { about } = kindOf({ kind });
  switch (about) {
    case 'network':
      return JSON.stringify(costNetwork());
    case 'runs':
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
  figure.setState({ recipe });
}

/** Why there is nothing to draw; null where there is something. */
function nothingToDraw(recipe: FigureRecipe): string | null {
  const { about, lacks } = kindOf(recipe);
  if (about === 'network' && network.getState().spec === null) return network.getState().problem;
  if (about === 'block' && 'source' in recipe && recipe.source.path === '')
    return 'The current network has no weights yet whose matrices could be drawn; train it, or choose weights above.';
  return lacks(recipe);
}

/** Draws the recipe as SVG for the preview. */
export async function drawPreview(): Promise<void> {
  const { recipe } = figure.getState();
  const nothing = nothingToDraw(recipe);
  if (nothing !== null) return figure.setState({ preview: null, problem: nothing });
  figure.setState({ drawing: true, problem: null });
  try {
    const { url } = await studio().figure.render({ recipe, format: 'svg' });
    const image = new Blob([await fetchBytes(url)], { type: 'image/svg+xml' });
    const old = figure.getState().preview;
    figure.setState({ preview: URL.createObjectURL(image) });
    if (old) URL.revokeObjectURL(old);
  } catch (error) {
    figure.setState({ problem: messageOf(error) });
  } finally {
    figure.setState({ drawing: false });
  }
}

/** Draws the recipe in a format, ready to be saved. */
export async function renderFigure(format: FigureFormat): Promise<{ fileName: string; content: Blob }> {
  const { url, fileName } = await studio().figure.render({ recipe: figure.getState().recipe, format });
  return { fileName, content: new Blob([await fetchBytes(url)]) };
}
