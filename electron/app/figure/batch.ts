// One recipe drawn for every block of the checkpoint it names: as many figures, named after their blocks. The weights are read
// once. Nothing is handed out before all are drawn.
import { isOfBlock, type OfBlock } from '@shared/figure/of-block';
import { UserError } from '@shared/base/user-error';
import type { FigureSource } from '@shared/figure/recipe';
import type { FigureFormat } from '@shared/figure/recipe';
import type { FigureRecipe } from '@shared/figure/registry';
import type { WeightedNetwork } from '@shared/merge/merge-network';
import { isRepBlock } from '@shared/model/spec';
import { leavesOf } from '@shared/model/walk';
import { renderFigure, sourcesOf, type FigureReaders, type RenderedFigure } from './render';
import { readSource } from './source';

/** A figure of a block. */
export interface BlockFigure {
  readonly block: string;
  /** Its name for a file's: of letters, digits, dots and dashes, of no other block of the network. */
  readonly slug: string;
  readonly rendered: RenderedFigure;
}

/** How the figures of a batch are written. */
export interface BatchOptions {
  readonly format: FigureFormat;
  /** What files beside figures are called after, before the block's name. */
  readonly stem: string;
  readonly strip?: boolean;
  readonly progress?: (done: number, total: number, block: string) => void;
  readonly signal?: AbortSignal;
}

/** Draws a recipe for every block, one after the other. Rejects with UserError for a recipe that is of no block, naming the block where one cannot be drawn. */
export async function* renderBlocks(
  recipe: FigureRecipe,
  readers: FigureReaders,
  options: BatchOptions,
): AsyncGenerator<BlockFigure, void> {
  const { format, stem, strip, signal, progress } = options;
  const { source, ...rest } = ofBlock(recipe);
  const cached = { ...readers, load: readOnce(readers.load ?? ((one) => readSource(one))) };
  const { spec } = await sourcesOf(cached).network(source);
  const blocks = leavesOf(spec).flatMap(({ layer, path }) => (isRepBlock(layer) ? [path] : []));
  if (blocks.length === 0) throw new UserError(`${source.path} holds ${spec.name}, which has no RepMLP block to draw`);
  const slugs = slugsOf(blocks, spec.name);
  for (const [at, block] of blocks.entries()) {
    signal?.throwIfAborted();
    progress?.(at, blocks.length, block);
    const own = { ...rest, source: { ...source, layer: block } };
    const rendered = await renderFigure(own, format, cached, { strip, stem: `${stem}-${slugs[at]}` }).catch((error: unknown) => {
      throw error instanceof UserError ? new UserError(`block ${block}: ${error.message}`) : error;
    });
    yield { block, slug: slugs[at], rendered };
  }
  progress?.(blocks.length, blocks.length, '');
}

function ofBlock(recipe: FigureRecipe): OfBlock {
  if (isOfBlock(recipe)) return recipe;
  throw new UserError(`a figure of kind "${recipe.kind}" is not of one block: there is none to draw for every block`);
}

/** Reads a source's weights once for all its blocks: the last that was read is kept. */
function readOnce(load: (source: FigureSource) => Promise<WeightedNetwork>): (source: FigureSource) => Promise<WeightedNetwork> {
  let held: { readonly key: string; readonly network: Promise<WeightedNetwork> } | null = null;
  return ({ layer, ...source }) => {
    const key = JSON.stringify(source);
    if (held?.key !== key) held = { key, network: load({ ...source, layer }) };
    return held.network;
  };
}

function slugsOf(blocks: readonly string[], network: string): string[] {
  const slugs = blocks.map((block) => (block || network).replace(/[^\p{L}\p{N}._-]+/gu, '-'));
  return slugs.map((slug, i) => (slugs.indexOf(slug) === i ? slug : `${slug}-${i + 1}`));
}
