// A figure from its recipe: parsed before, here its numbers are read, it is drawn and encoded. The one way of every door,
// so that the same recipe gives the same bytes. What travels inside names no folder of this machine (travelling.ts).
import type { DatasetReference } from '@shared/dataset/dataset';
import { encodeFiles } from '@shared/figure/encode/encode';
import type { BesideFile } from '@shared/figure/encode/pgf';
import type { FigureSources } from '@shared/figure/kind';
import type { DisplayList } from '@shared/figure/page/display-list';
import { changesOf, measuredData, provenanceText, type Provenance } from '@shared/figure/provenance';
import type { FigureFormat, FigureSource, PictureSource } from '@shared/figure/recipe';
import { parseFigureRecipe, readFigure, type FigureRecipe } from '@shared/figure/registry';
import { travelling, travellingPath } from '@shared/figure/travelling';
import { pathInside } from '../../files/inside';
import { STUDIO_VERSION } from '../../files/version';
import { readMetrics, readRun } from '../../runs/read';
import { bundledName } from '../checkpoint/weights-file';
import { namedPicture, namedSamples, type Datasets } from '../dataset/datasets';
import { familyLayers, weightMatrix } from './families';
import { figureAsset } from './font-files';
import { withoutEngine, type FigureComputing } from './computing';
import { hashOf, Locator } from './locate';
import { readSource, type LoadSource } from './source';

/** What a door reads with. */
export interface FigureReaders {
  /** The folder that the recipe's paths are relative to; the working folder where it is left out. */
  readonly base?: string;
  /** Folders in which files are looked for that are not there. */
  readonly search?: readonly string[];
  /** Reads networks; quietly where it is left out. */
  readonly load?: LoadSource;
  readonly datasets: Datasets;
  /** What takes an engine; refused where it is left out. */
  readonly computing?: FigureComputing;
}

/** How a figure is written. */
export interface RenderOptions {
  /** Whether nothing travels in the file: neither recipe nor hashes. */
  readonly strip?: boolean;
  /** What the file carried that is drawn again: the numbers are compared with it. */
  readonly before?: Provenance;
  /** What files beside it are called after; its kind where left out. */
  readonly stem?: string;
}

/** A figure as a file, and what else a door shows of it. */
export interface RenderedFigure {
  readonly bytes: Uint8Array;
  /** Files that it needs beside it. */
  readonly beside: readonly BesideFile[];
  readonly figure: DisplayList;
  readonly provenance: Provenance;
  /** What differs from the numbers before, a sentence each. */
  readonly changes: readonly string[];
}

/** Draws a recipe as a file. Rejects with UserError where a source, block or picture is missing. */
export async function renderFigure(
  recipe: FigureRecipe,
  format: FigureFormat,
  readers: FigureReaders,
  { strip = false, before, stem = recipe.kind }: RenderOptions = {},
): Promise<RenderedFigure> {
  const locator = new Locator(readers.base ?? '.', readers.search ?? [], before?.sources ?? []);
  const drawing = await readFigure(recipe, sourcesAt(locator, readers));
  const figure = drawing.draw();
  const provenance = await carriedOf(recipe, locator, measuredData(figure));
  const { bytes, beside } = await encodeFiles(figure, strip ? null : provenanceText(provenance), { format, stem }, figureAsset);
  return {
    bytes,
    beside,
    figure,
    provenance,
    changes: before === undefined || before.data.length === 0 ? [] : changesOf(before.data, provenance.data),
  };
}

/** What a figure of that recipe carries, its numbers read by way of the locator. */
export async function carriedOf(recipe: FigureRecipe, locator: Locator, data: Provenance['data']): Promise<Provenance> {
  const sources = await Promise.all(
    locator.used().map(async ([path, file]) => ({ path: travellingPath(path), sha256: await hashOf(file) })),
  );
  return { studio: STUDIO_VERSION, recipe: normal(travelling(recipe)), sources, data };
}

/** A recipe with its fields in the order in which its parser gives them: the same recipe is the same text. */
function normal(recipe: FigureRecipe): FigureRecipe {
  return parseFigureRecipe(JSON.parse(JSON.stringify(recipe)));
}

/** Files, runs and pictures of this machine as figures ask for them. */
export function sourcesOf(readers: FigureReaders): FigureSources {
  return sourcesAt(new Locator(readers.base ?? '.', readers.search ?? [], []), readers);
}

/** Files, runs and pictures of this machine, found by a locator that keeps which were used. */
export function sourcesAt(
  locator: Locator,
  { load = (source) => readSource(source), datasets, computing = withoutEngine }: FigureReaders,
): FigureSources {
  const located = async (source: FigureSource): Promise<FigureSource> => {
    const { path, families } = source;
    const adapter = families?.adapter === undefined ? {} : { families: { ...families, adapter: await locator.locate(families.adapter) } };
    return { ...source, path: bundledName(path) === null ? await locator.locate(path) : path, ...adapter };
  };
  const network: FigureSources['network'] = async (source) => load(await located(source));
  return {
    network,
    receptiveField: async (source, asked) => computing.receptiveField(await network(source), asked),
    int8: async (source, asked) => computing.int8(await network(source), asked),
    weight: async (source, asked) => weightMatrix(await located(source), asked),
    layers: async (source) => familyLayers(await located(source)),
    run: async (path) => readRun(await locator.locate(path)),
    events: async (path) => readMetrics(await locator.locate(path)),
    fileOfRun: async (path, file) => pathInside(await locator.locate(path), file),
    samples: async ({ dataset, ...asked }) => namedSamples(datasets, { ...asked, dataset: await locatedDataset(dataset, locator) }),
    picture: async (source) => namedPicture(datasets, await locatedPicture(source, locator)),
  };
}

async function locatedPicture(picture: PictureSource, locator: Locator): Promise<PictureSource> {
  if ('file' in picture) return { file: await locator.locate(picture.file) };
  return { ...picture, dataset: await locatedDataset(picture.dataset, locator) };
}

async function locatedDataset(dataset: DatasetReference, locator: Locator): Promise<DatasetReference> {
  return dataset.kind === 'folder' ? { ...dataset, path: await locator.locate(dataset.path) } : dataset;
}
