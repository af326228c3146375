// A figure opened again: what its file carries, its sources found on this machine, and what changed in their numbers since.
import { dirname, extname } from 'node:path';
import { parsedJson } from '@shared/base/stored-version';
import { UserError } from '@shared/base/user-error';
import { carriedBy } from '@shared/figure/encode/carried';
import { parseProvenance, type Provenance } from '@shared/figure/provenance';
import { withPaths } from '@shared/figure/travelling';
import type { OpenedFigure } from '@shared/link/studio';
import { bundledName } from '../checkpoint/weights-file';
import { Locator } from './locate';
import { renderFigure, type FigureReaders } from './render';

/** Bytes of the largest file that is taken for a figure. */
export const LARGEST_FIGURE = 2 ** 28;

/** What a recipe or a figure carries. Rejects with UserError for a figure that carries nothing. */
export async function readProvenance(bytes: Uint8Array, path: string): Promise<Provenance> {
  if (extname(path).toLowerCase() === '.json') return parseProvenance(parsedJson(new TextDecoder().decode(bytes), path), path);
  const text = await carriedBy(bytes, path);
  if (text === null) throw new UserError(`${path} carries no recipe: it was made by another program, or stripped of it`);
  return parseProvenance(parsedJson(text, path), path);
}

/** The recipe with its sources as they are found here. Rejects with UserError where one is not. */
export async function openFigureFile(before: Provenance, path: string, readers: FigureReaders): Promise<OpenedFigure> {
  const base = dirname(path);
  const { changes } = await renderFigure(before.recipe, 'svg', { ...readers, base }, { before });
  const locator = new Locator(base, readers.search ?? [], before.sources);
  const names: string[] = [];
  withPaths(before.recipe, (name) => {
    names.push(name);
    return name;
  });
  const found = new Map<string, string>();
  for (const name of names) found.set(name, name === '' || bundledName(name) !== null ? name : await locator.locate(name));
  return { recipe: withPaths(before.recipe, (name) => found.get(name) ?? name), changes: [...changes] };
}
