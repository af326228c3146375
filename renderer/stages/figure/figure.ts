// The figure being made: its recipe, and the drawing of it that the service made last.
import { createStore } from 'zustand/vanilla';
import { assertNever } from '@shared/base/assert-never';
import type { CostFigure, FigureLayout, FigureRecipe, FigureSource, PictureSource } from '@shared/figure/recipe';
import { seed } from '@shared/tensor/random';
import { cost } from '../cost/cost';
import { CUSTOM, model } from '../model/model';
import { goTo } from '../../studio/navigation';
import { messageOf } from '../../studio/notices';
import { closer } from '../pattern/detail';
import { runs } from '../../studio/runs';
import { fetchBytes, studio } from '../../studio/studio';
import { figureSource, keyOf, runFolder, weights } from '../../studio/weights';

export type FigureKind = FigureRecipe['kind'];
export type FigureFormat = 'svg' | 'png' | 'pdf';

export interface Figure {
  readonly recipe: FigureRecipe;
  /** Object URL of the drawn SVG; null until drawn. */
  readonly preview: string | null;
  readonly drawing: boolean;
  readonly problem: string | null;
}

const LAYOUT: FigureLayout = { widthMm: 170, fontPt: 8, title: null };

export const figure = createStore<Figure>()(() => ({
  recipe: recipeOf('cost-bars', LAYOUT, { path: '' }),
  preview: null,
  drawing: false,
  problem: null,
}));

/** The picture under an overlay before one is chosen. */
const FIRST_CLASS: PictureSource = { dataset: { kind: 'embedded', name: 'shapes', seed: seed(1) }, of: { classMean: 0 } };

/** A recipe of a kind with its defaults. */
function recipeOf(kind: FigureKind, layout: FigureLayout, source: FigureSource): FigureRecipe {
  const head = { format: 'repmlp-figure', version: 1, layout } as const;
  switch (kind) {
    case 'matrices':
      return { ...head, kind, source, colours: 'blue-orange', transform: 'symlog' };
    case 'figure5':
      return { ...head, kind, source, outputChannel: 0, row: 3, column: 3, inputChannel: 0 };
    case 'cost-bars':
      return { ...head, kind, ...costNetwork(), metric: 'macs' };
    case 'accuracy-cost':
      return { ...head, kind, runs: runs.getState().list.map(({ folder }) => folder), convention: cost.getState().convention };
    case 'locality':
      return { ...head, kind, source };
    case 'projection':
      return { ...head, kind, source, outputChannel: 0, inputChannel: 0 };
    case 'position-maps':
    case 'row-kinds':
      return { ...head, kind, source, group: null };
    case 'rest-vectors':
      return { ...head, kind, source, group: 0 };
    case 'overlay':
      return { ...head, kind, source, group: null, map: 'input', picture: closer.getState().imageOf ?? FIRST_CLASS };
    case 'curves':
      return { ...head, kind, source: { path: curvesFolder() } };
    default:
      return assertNever(kind);
  }
}

/** The chosen network as a cost recipe names it: an entry of the zoo, or a description of its own. */
function costNetwork(): Pick<CostFigure, 'model' | 'set' | 'network' | 'inputSize'> {
  const { entry, settings, inputSize, spec } = model.getState();
  if (entry === CUSTOM && spec) return { network: spec };
  return { model: entry, set: settings, ...(inputSize !== '' && { inputSize }) };
}

/** The run whose curves are drawn: that of the weights in focus, else one in the plots, else the newest. */
function curvesFolder(): string {
  const { reference } = weights.getState();
  const { list, shown } = runs.getState();
  const name = reference.kind === 'run' ? reference.run : (shown[0] ?? list[0]?.name);
  return name === undefined ? '' : runFolder(name);
}

/** A recipe of a kind about the weights, block or model in focus, in the layout of the last figure. */
export function startedRecipe<K extends FigureKind>(kind: K): Extract<FigureRecipe, { kind: K }> {
  const { reference, block } = weights.getState();
  const source = figureSource(reference);
  const recipe = recipeOf(kind, figure.getState().recipe.layout, block === null ? source : { ...source, layer: block });
  return recipe as Extract<FigureRecipe, { kind: K }>;
}

/** Starts a figure of a kind about the weights, block or model in focus, keeping the layout. */
export function chooseFigure(kind: FigureKind): void {
  editFigure(startedRecipe(kind), false);
}

/** What the recipe shown was started about; another focus starts it anew. */
let startedAbout = '';

/** Shows a recipe in the export stage, where it is changed, seen and saved. */
export function editFigure(recipe: FigureRecipe, show = true): void {
  startedAbout = focusOf(recipe.kind);
  figure.setState({ recipe });
  if (show) goTo('figure');
}

/** Starts the figure anew where the weights, block or model in focus are no longer those it was started about. */
export function followFocus(): void {
  const { kind } = figure.getState().recipe;
  if (focusOf(kind) !== startedAbout) chooseFigure(kind);
}

function focusOf(kind: FigureKind): string {
  if (kind === 'cost-bars') return JSON.stringify(costNetwork());
  const { reference, block } = weights.getState();
  // Curves are of a run, whatever block of it is in focus.
  return kind === 'curves' ? keyOf(reference) : `${keyOf(reference)} ${block}`;
}

/** Changes the recipe; the drawing is out of date then. */
export function changeRecipe(recipe: FigureRecipe): void {
  figure.setState({ recipe });
}

/** Draws the recipe as SVG for the preview. */
export async function drawPreview(): Promise<void> {
  const { recipe } = figure.getState();
  if (recipe.kind === 'accuracy-cost' && recipe.runs.length === 0)
    return figure.setState({ preview: null, problem: 'There is no run yet whose accuracy could be drawn; train one, or open its folder.' });
  if ('source' in recipe && recipe.source.path === '')
    return figure.setState({ preview: null, problem: 'There is no run yet whose curves could be drawn; train one, or open its folder.' });
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
