// A figure from its recipe: parsed before, here its numbers are read, it is drawn and encoded. The one way of every door,
// so that the same recipe gives the same bytes.
import { resolve } from 'node:path';
import type { DatasetReference, DatasetSplits } from '@shared/dataset/dataset';
import { pictureOf, type ShownPicture } from '@shared/dataset/shown-picture';
import { encodeFigure } from '@shared/figure/encode/encode';
import type { FigureFormat, FigureSource, PictureSource } from '@shared/figure/recipe';
import type { FigureSources } from '@shared/figure/kind';
import { readFigure, type FigureRecipe } from '@shared/figure/registry';
import type { WeightedNetwork } from '@shared/merge/merge-network';
import { pathInside } from '../../files/inside';
import { readMetrics, readRun } from '../../runs/read';
import { figureAsset } from './font-files';

/** Reads the network of a source. */
export type LoadSource = (source: FigureSource) => Promise<WeightedNetwork>;

/** Reads the pictures a figure lies on, on whatever thread decodes them. */
export interface PictureReader {
  open(reference: DatasetReference): Promise<DatasetSplits>;
  /** The picture of a JPEG or PNG file. */
  picture(file: string): Promise<ShownPicture>;
}

/** What a door reads with. */
export interface FigureReaders {
  /** The folder that the recipe's paths are relative to; null where they are names that the readers know. */
  readonly base: string | null;
  readonly load: LoadSource;
  readonly pictures: PictureReader;
}

/** Draws a recipe as a file, which carries it as it was written. Rejects with UserError where a source, block or picture is missing. */
export async function renderFigure(recipe: FigureRecipe, format: FigureFormat, readers: FigureReaders): Promise<Uint8Array> {
  const figure = await readFigure(recipe, sourcesOf(readers));
  return encodeFigure(figure.draw(), recipe, format, figureAsset);
}

/** Files, runs and pictures of this machine as figures ask for them. */
export function sourcesOf({ base, load, pictures }: FigureReaders): FigureSources {
  const at = (path: string): string => (base === null ? path : resolve(base, path));
  return {
    network: (source) => load({ ...source, path: at(source.path) }),
    run: (path) => readRun(at(path)),
    events: (path) => readMetrics(at(path)),
    fileOfRun: (path, file) => pathInside(at(path), file),
    picture: (source) => pictureAt(source, at, pictures),
  };
}

async function pictureAt(source: PictureSource, at: (path: string) => string, pictures: PictureReader): Promise<ShownPicture> {
  if ('file' in source) return pictures.picture(at(source.file));
  const { dataset } = source;
  const { train, close } = await pictures.open(dataset.kind === 'folder' ? { ...dataset, path: at(dataset.path) } : dataset);
  try {
    return await pictureOf(train, source.of);
  } finally {
    await close?.();
  }
}
