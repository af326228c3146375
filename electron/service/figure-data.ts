// The numbers a recipe's figure is drawn from, found where the recipe says.
import { ledger, type Ledger } from '@shared/cost/ledger';
import type { RunCurves } from '@shared/figure/curves';
import type { FigureData } from '@shared/figure/draw';
import type { CostFigure, FigureRecipe, FigureSource } from '@shared/figure/recipe';
import { repBlockAt } from '@shared/merge/block-at';
import { blockMatrices } from '@shared/merge/matrices';
import type { WeightedNetwork } from '@shared/merge/merge-network';
import { mergedSpec } from '@shared/merge/merged-spec';
import { isRepBlock, type Task } from '@shared/model/spec';
import { leavesOf } from '@shared/model/walk';
import { buildModel } from '@shared/model/zoo';
import { analyseBlock } from '@shared/pattern/analyse';
import { assertNever } from '@shared/assert-never';
import { UserError } from '@shared/user-error';
import { readMetrics, readRun } from './runs/read';

/** Reads what a recipe needs; `load` reads the network of a checkpoint or run folder. Throws UserError where a source or block is missing. */
export async function figureData(recipe: FigureRecipe, load: (path: string) => Promise<WeightedNetwork>): Promise<FigureData> {
  switch (recipe.kind) {
    case 'cost-bars':
      return { kind: 'cost-bars', ledgers: costLedgers(recipe) };
    case 'matrices':
    case 'figure5': {
      const { spec, weights } = await load(recipe.source.path);
      const path = blockPath(spec, recipe.source);
      return { kind: recipe.kind, matrices: blockMatrices(spec, weights, path), block: repBlockAt(spec, path) };
    }
    case 'locality': {
      const { spec, weights } = await load(recipe.source.path);
      const path = blockPath(spec, recipe.source);
      return { kind: 'locality', pattern: analyseBlock(blockMatrices(spec, weights, path), repBlockAt(spec, path)) };
    }
    case 'curves':
      return { kind: 'curves', curves: await runCurves(recipe.source.path) };
    default:
      return assertNever(recipe);
  }
}

/** The ledgers a cost recipe asks for; a network in merged form has no other. Throws UserError where it has none of them. */
function costLedgers({ model, set, network, form = 'both', convention }: CostFigure): Ledger[] {
  const spec = network ?? buildModel(model ?? '', set);
  const forms = spec.form === 'merged' ? [spec] : [spec, mergedSpec(spec)];
  const wanted = forms.filter((one) => form === 'both' || one.form === form);
  if (wanted.length === 0) throw new UserError(`${spec.name} is in merged form: its branches are gone and cannot be counted`);
  return wanted.map((one) => ledger(one, convention));
}

const METRIC_NAMES: Readonly<Record<Task, string>> = { classification: 'accuracy', face: 'verification accuracy', segmentation: 'mIoU' };

/** The epochs of a run folder. */
async function runCurves(folder: string): Promise<RunCurves> {
  const { name, config } = await readRun(folder);
  const epochs = (await readMetrics(folder)).filter((event) => event.type === 'epoch');
  return { run: name, metricName: METRIC_NAMES[config.spec.task], epochs };
}

/** The block the recipe names, or the first of the network. */
function blockPath(spec: WeightedNetwork['spec'], { layer, path }: FigureSource): string {
  if (layer !== undefined) return layer;
  const first = leavesOf(spec).find((visit) => isRepBlock(visit.layer));
  if (first === undefined) throw new UserError(`${path} holds ${spec.name}, which has no RepMLP block to draw`);
  return first.path;
}
