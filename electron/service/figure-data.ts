// The numbers a recipe's figure is drawn from, found where the recipe says.
import { ledger } from '@shared/cost/ledger';
import type { FigureData } from '@shared/figure/draw';
import type { FigureRecipe, FigureSource } from '@shared/figure/recipe';
import { repBlockAt } from '@shared/merge/block-at';
import { blockMatrices } from '@shared/merge/matrices';
import type { WeightedNetwork } from '@shared/merge/merge-network';
import { mergedSpec } from '@shared/merge/merged-spec';
import { isRepBlock } from '@shared/model/spec';
import { leavesOf } from '@shared/model/walk';
import { buildModel } from '@shared/model/zoo';
import { UserError } from '@shared/user-error';

/** Reads what a recipe needs; `load` reads the network of a checkpoint or run folder. Throws UserError where a source or block is missing. */
export async function figureData(recipe: FigureRecipe, load: (path: string) => Promise<WeightedNetwork>): Promise<FigureData> {
  switch (recipe.kind) {
    case 'cost-bars': {
      const train = buildModel(recipe.model, recipe.set);
      return { kind: 'cost-bars', train: ledger(train), merged: ledger(mergedSpec(train)) };
    }
    case 'matrices':
    case 'figure5': {
      const { spec, weights } = await load(recipe.source.path);
      const path = blockPath(spec, recipe.source);
      return { kind: recipe.kind, matrices: blockMatrices(spec, weights, path), block: repBlockAt(spec, path) };
    }
    default:
      throw new UserError(`figures of kind ${recipe.kind} cannot be drawn yet; choose matrices, figure5 or cost-bars`);
  }
}

/** The block the recipe names, or the first of the network. */
function blockPath(spec: WeightedNetwork['spec'], { layer, path }: FigureSource): string {
  if (layer !== undefined) return layer;
  const first = leavesOf(spec).find((visit) => isRepBlock(visit.layer));
  if (first === undefined) throw new UserError(`${path} holds ${spec.name}, which has no RepMLP block to draw`);
  return first.path;
}
