// The verdict on a file's groups as the report that every verdict is, with what recipes tell besides: each merged layer inside,
// at the edges and in the corners. Invariant: a report without a single judged layer is never equivalent.
import { largestOf } from '../../base/extremes';
import { z } from 'zod';
import type { Stored } from '../../base/sent';
import { leftSummaries, leftSummarySchema, placeText } from '../../merge/recipes/summaries';
import { verifyReportSchema, type LayerComparison, type VerifyReport } from '../../merge/report';
import { groupVerdictSchema, TOLERANCE_REASON, type ModuleVerdict } from './verdict';
import type { FileVerdict } from './verify-file';

export const groupReportSchema = verifyReportSchema.extend({
  groups: z.array(groupVerdictSchema),
  problems: z.array(z.string()),
  remarks: z.array(z.string()),
  left: z.array(leftSummarySchema),
});
/** A report on groups: the usual one, and what recipes tell besides. */
export type GroupReport = Stored<z.infer<typeof groupReportSchema>>;

export function isGroupReport(report: VerifyReport): report is GroupReport {
  return 'groups' in report;
}

/** The report on a file's verdict; `seed` is that of the inputs. */
export function groupReport({ equivalent, groups, problems, remarks, left }: FileVerdict, seed: number): GroupReport {
  const layers = groups.flatMap(({ recipe, modules }) => modules.map((module) => layerOf(recipe, module)));
  const worst = layers.reduce<LayerComparison | null>(
    (a, b) => (a === null || b.maxRel / b.tolerance > a.maxRel / a.tolerance ? b : a),
    null,
  );
  return {
    equivalent: equivalent && layers.length > 0,
    tolerance: worst?.tolerance ?? 0,
    toleranceReason: TOLERANCE_REASON,
    storage: null,
    maxAbs: worst?.maxAbs ?? 0,
    maxRel: worst?.maxRel ?? 0,
    argMaxAgreement: null,
    layers,
    firstDivergentLayer: layers.find((layer) => !layer.equivalent)?.path ?? null,
    backend: 'double precision',
    inputs: {
      source: 'standard normal inputs, each group on its own',
      shape: null,
      seed,
      blocks: groups.flatMap(({ modules }) =>
        modules.flatMap(({ weight, inputShape }) => (inputShape ? [{ path: modulePath(weight), shape: inputShape }] : [])),
      ),
    },
    groups,
    problems: layers.length > 0 ? problems : [...problems, 'no group of the first file is merged in the second'],
    remarks,
    left: leftSummaries(left),
  };
}

/** The module of a merged weight. */
export function modulePath(weight: string): string {
  return placeText(weight.replace(/\.?weight$/, ''));
}

/** A merged layer as a line of the report: its worst region stands for it, and the tolerance is what was admitted there. */
function layerOf(recipe: string, { weight, equivalent, regions, problem }: ModuleVerdict): LayerComparison {
  const region = [...regions].sort((a, b) => b.worstShare - a.worstShare)[0];
  const scale = largestOf(
    regions.map(({ largest }) => largest),
    0,
  );
  const maxAbs = region ? largestOf(regions.map((one) => one.maxAbs)) : Infinity;
  const maxRel = region ? maxAbs / (scale || 1) : Infinity;
  const tolerance = region && region.worstShare > 0 && Number.isFinite(region.worstShare) ? maxRel / region.worstShare : 0;
  return {
    path: modulePath(weight),
    kind: recipe,
    maxAbs,
    maxRel,
    scale,
    tolerance,
    equivalent,
    unusable: problem,
    worst: region?.worst ?? { index: [], train: NaN, merged: NaN },
  };
}
