// The numbers a recipe's figure is drawn from, found where the recipe says.
import { ledger, type Convention, type Ledger } from '@shared/cost/ledger';
import { runCost } from '@shared/run/run-cost';
import type { RunCosts } from '@shared/figure/kinds/accuracy-cost';
import type { RunCurves } from '@shared/figure/kinds/curves';
import type { FigureData } from '@shared/figure/draw';
import type { CostFigure, FigureRecipe } from '@shared/figure/recipe';
import { parseInputSize, withSizeOf } from '@shared/model/input-size';
import type { NetworkSpec, Task } from '@shared/model/spec';
import { buildModel } from '@shared/model/zoo';
import { UserError } from '@shared/base/user-error';
import { countedForms } from '../cost/forms';
import type { Datasets } from '../dataset/datasets';
import { sourceBlock, type LoadSource } from './figure-weights';
import { patternData } from './pattern-figure-data';
import { readMetrics, readRun } from '../../runs/read';

/** Reads what a recipe needs; `load` reads the network of a source, `datasets` the pictures. Throws UserError where a source, block or picture is missing. */
export async function figureData(recipe: FigureRecipe, load: LoadSource, datasets: Datasets): Promise<FigureData> {
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
    case 'accuracy-cost':
      return { kind: 'accuracy-cost', costs: await runCosts(recipe.runs, recipe.convention) };
    default:
      return patternData(recipe, load, datasets);
  }
}

/** The ledgers a cost recipe asks for; a network in merged form has no other. Throws UserError where it has none of them. */
function costLedgers({ form, convention, ...named }: CostFigure): Ledger[] {
  return countedForms(countedNetwork(named), form).map((one) => ledger(one, convention));
}

function countedNetwork({ model, set, network, inputSize }: Pick<CostFigure, 'model' | 'set' | 'network' | 'inputSize'>): NetworkSpec {
  const spec = network ?? buildModel(model ?? '', set);
  return inputSize === undefined ? spec : withSizeOf(spec, parseInputSize('"inputSize"', inputSize));
}

const METRIC_NAMES: Readonly<Record<Task, string>> = { classification: 'accuracy', face: 'verification accuracy', segmentation: 'mIoU' };

/** Every run that has a validated epoch. Throws UserError for runs of different tasks: their metrics are not on one axis. */
export async function runCosts(folders: readonly string[], convention?: Convention): Promise<RunCosts> {
  const runs = await Promise.all(folders.map(readRun));
  const [first, other] = [...new Set(runs.map(({ config }) => config.spec.task))];
  if (other !== undefined)
    throw new UserError(`runs of ${first} and of ${other} have different metrics and share no axis; draw them apart`);
  return { metricName: METRIC_NAMES[first], runs: runs.flatMap((run) => runCost(run, convention) ?? []) };
}

/** The epochs of a run folder. */
async function runCurves(folder: string): Promise<RunCurves> {
  const { name, config } = await readRun(folder);
  const epochs = (await readMetrics(folder)).filter((event) => event.type === 'epoch');
  return { run: name, metricName: METRIC_NAMES[config.spec.task], epochs };
}
