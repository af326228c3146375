// Accuracy against cost for runs: a table, JSON, CSV or a figure.
import { percentText } from '@shared/base/number-text';
import { dirname, relative } from 'node:path';
import { alignedColumns } from '@shared/base/aligned-columns';
import { conventionText, type Convention } from '@shared/cost/convention';
import type { RunCost } from '@shared/run/run-cost';
import { csvLine } from '@shared/base/csv-line';
import { runCosts } from '@shared/figure/kinds/accuracy-cost';
import { RECIPE_FORMAT } from '@shared/figure/recipe';
import type { FigureRecipe } from '@shared/figure/registry';
import { readRun } from '../../runs/read';
import { drawInto } from '../figure/written';
import { print, printJson, remark } from '../verb';

interface RunsOptions {
  readonly json?: boolean;
  readonly csv?: boolean;
  readonly out?: string;
  readonly force?: boolean;
}

/** Prints every run with a validated epoch, and draws them if asked to. Throws UserError for what is no run folder. */
export async function costOfRuns(folders: readonly string[], convention: Convention, options: RunsOptions): Promise<void> {
  const { metricName, runs } = runCosts(await Promise.all(folders.map(readRun)), convention);
  if (options.out !== undefined) await drawRuns(options.out, folders, convention, options.force ?? false);
  if (options.json)
    return printJson({ convention: conventionText(convention), unit: convention.unit, form: 'merged', metric: metricName, runs });
  if (options.csv) return print(csvOf(runs, metricName, convention));
  const unit = convention.unit === 'macs' ? 'MACs' : 'FLOPs';
  const head = ['run', 'model', `best ${metricName}`, `${unit}, merged`, 'params, merged'];
  const lines = runs.map(({ run, model, metric, operations, params }) => [
    run,
    model,
    percentText(metric, 2),
    operations.toLocaleString('en-US'),
    params.toLocaleString('en-US'),
  ]);
  print(alignedColumns([head, ...lines], 2), `convention: ${conventionText(convention)}`);
}

async function drawRuns(out: string, folders: readonly string[], convention: Convention, force: boolean): Promise<void> {
  const layout = { widthMm: 120, fontPt: 8, title: null };
  const runs = folders.map((folder) => relative(dirname(out), folder) || '.');
  const recipe: FigureRecipe = { ...RECIPE_FORMAT, layout, kind: 'accuracy-cost', runs, convention };
  await drawInto(out, recipe, dirname(out), { force });
  remark(out);
}

function csvOf(runs: readonly RunCost[], metricName: string, convention: Convention): string {
  const head = ['run', 'model', `best_${metricName.replaceAll(' ', '_')}`, 'operations_merged', 'params_merged', 'convention'];
  const lines = runs.map(({ run, model, metric, operations, params }) => [
    run,
    model,
    metric,
    operations,
    params,
    conventionText(convention),
  ]);
  return [head, ...lines].map(csvLine).join('\n');
}
