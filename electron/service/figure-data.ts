// The numbers a recipe's figure is drawn from, found where the recipe says.
import { ledger, type Ledger } from '@shared/cost/ledger';
import type { RunCurves } from '@shared/figure/curves';
import type { FigureData } from '@shared/figure/draw';
import type { CostFigure, FigureRecipe } from '@shared/figure/recipe';
import { mergedSpec } from '@shared/merge/merged-spec';
import type { Task } from '@shared/model/spec';
import { buildModel } from '@shared/model/zoo';
import { UserError } from '@shared/user-error';
import { sourceBlock, type LoadSource } from './figure-weights';
import { patternData, type OpenDataset } from './pattern-figure-data';
import { readMetrics, readRun } from './runs/read';

/** Reads what a recipe needs; `load` reads the network of a source, `open` opens a data set. Throws UserError where a source, block or picture is missing. */
export async function figureData(recipe: FigureRecipe, load: LoadSource, open: OpenDataset): Promise<FigureData> {
  switch (recipe.kind) {
    case 'cost-bars':
      return { kind: 'cost-bars', ledgers: costLedgers(recipe) };
    case 'matrices':
    case 'figure5': {
      const { matrices, block } = await sourceBlock(recipe.source, load);
      return { kind: recipe.kind, matrices, block };
    }
    case 'curves':
      return { kind: 'curves', curves: await runCurves(recipe.source.path) };
    default:
      return patternData(recipe, load, open);
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
