// A figure from its recipe: parsed before, here its numbers are read, it is drawn and encoded. The one way of every door,
// so that the same recipe gives the same bytes.
import { resolve } from 'node:path';
import { encodeFigure } from '@shared/figure/encode/encode';
import type { FigureFormat, PictureSource } from '@shared/figure/recipe';
import type { FigureSources } from '@shared/figure/kind';
import { readFigure, type FigureRecipe } from '@shared/figure/registry';
import { pathInside } from '../../files/inside';
import { readMetrics, readRun } from '../../runs/read';
import { namedPicture, type Datasets } from '../dataset/datasets';
import { figureAsset } from './font-files';
import { locatedWeights, readSource, type LoadSource } from './source';

/** What a door reads with. */
export interface FigureReaders {
  /** The folder that the recipe's paths are relative to; the working folder where it is left out. */
  readonly base?: string;
  /** Reads networks; quietly where it is left out. */
  readonly load?: LoadSource;
  readonly datasets: Datasets;
}

/** Draws a recipe as a file, which carries it as it was written. Rejects with UserError where a source, block or picture is missing. */
export async function renderFigure(recipe: FigureRecipe, format: FigureFormat, readers: FigureReaders): Promise<Uint8Array> {
  const figure = await readFigure(recipe, sourcesOf(readers));
  return encodeFigure(figure.draw(), recipe, format, figureAsset);
}

/** Files, runs and pictures of this machine as figures ask for them. */
export function sourcesOf({ base = '.', load = (source) => readSource(source), datasets }: FigureReaders): FigureSources {
  const at = (path: string): string => resolve(base, path);
  return {
    network: (source) => load({ ...source, path: locatedWeights(base, source.path) }),
    run: (path) => readRun(at(path)),
    events: (path) => readMetrics(at(path)),
    fileOfRun: (path, file) => pathInside(at(path), file),
    picture: (source) => namedPicture(datasets, locatedPicture(source, at)),
  };
}

function locatedPicture(picture: PictureSource, at: (path: string) => string): PictureSource {
  if ('file' in picture) return { file: at(picture.file) };
  const { dataset } = picture;
  return dataset.kind === 'folder' ? { ...picture, dataset: { ...dataset, path: at(dataset.path) } } : picture;
}
