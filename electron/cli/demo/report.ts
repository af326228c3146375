// The demo's report: one HTML page with the run's facts, verdict, figures and costs.
import { percentText } from '@shared/base/number-text';
import { ledger } from '@shared/cost/ledger';
import { datasetReferenceText } from '@shared/dataset/reference';
import { reportHtml } from '@shared/figure/report/report';
import type { ReportFigure } from '@shared/figure/report/report-html';
import { mergedSpec } from '@shared/model/merged-spec';
import type { VerifyReport } from '@shared/merge/report';
import type { RunRecord } from '@shared/run/run';
import type { DrawnFigure } from './figures';

/** The page as HTML. */
export function demoReport(run: RunRecord, verdict: VerifyReport, figures: readonly DrawnFigure[]): string {
  const { spec } = run.config;
  const [train, merged] = [ledger(spec), ledger(mergedSpec(spec))];
  const find = (name: string): ReportFigure | null => figures.find((figure) => figure.name === name) ?? null;
  const all = (...names: readonly string[]): ReportFigure[] => names.map(find).filter((figure) => figure !== null);
  return reportHtml({
    title: `${spec.name}: trained, merged, proved equal`,
    summary: `A ${spec.name} was trained on drawn images, its conv branches were merged into the fully-connected matrices, and both forms were compared layer by layer.`,
    facts: factsOf(run),
    training: { figure: find('curves'), text: resultText(run) },
    verdict,
    matrices: all('matrices', 'figure5'),
    pattern: {
      figures: all('locality'),
      text: 'Merging adds the kernels along the diagonals of FC3: energy moves toward small displacements, while distant weights stay as they were.',
    },
    cost: { train, merged, figure: find('cost') },
  });
}

function factsOf({ config, backend, device, studioVersion, tfjsVersion, createdAt, dataHash }: RunRecord): [string, string][] {
  const { spec, recipe, seed, dataset } = config;
  return [
    ['Model', spec.name],
    ['Data', datasetReferenceText(dataset)],
    ['Data hash', dataHash],
    [
      'Recipe',
      `${recipe.name}: ${recipe.epochs} epochs, batch ${recipe.batchSize}, ${recipe.optimizer.kind}, ${recipe.schedule.kind} from ${recipe.schedule.base}`,
    ],
    ['Seed', String(seed)],
    ['Backend', `${backend} (${device})`],
    ['Versions', `RepMLP Studio ${studioVersion}, tfjs ${tfjsVersion}`],
    ['Started', createdAt],
  ];
}

function resultText({ checkpoints }: RunRecord): string {
  const last = checkpoints.findLast((entry) => entry.validation !== null);
  if (!last?.validation) return 'No epoch was completed.';
  return `After ${last.epoch} epochs: validation accuracy ${percentText(last.validation.metric)}, loss ${last.validation.loss.toFixed(3)}.`;
}
