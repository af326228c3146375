// The findings in print and as files: every network of a study with its cost and the paper's number, then
// every finding with its paired difference, standard error and verdict.
import { signedFixed } from '../../src-shared/base/number-text';
import { alignedColumns } from '../../src-shared/base/aligned-columns';
import { ledger } from '../../src-shared/cost/ledger';
import { mergedSpec } from '../../src-shared/model/merged-spec';
import { buildModel } from '../../src-shared/model/zoo';
import { deviation, differenceOf, judge, mean, standardError, verdictText } from './judge';
import type { Claim, Contestant, Size, Study } from './studies';
import { FACES_LEAD } from './studies';
import type { Trial } from './train';

/** A network's trials, one per seed. */
export interface Outcome extends Contestant {
  readonly trials: readonly Trial[];
}

export interface StudyResult {
  readonly study: Study;
  readonly size: Size;
  readonly outcomes: readonly Outcome[];
}

const ALIGNMENT = 'it argues that aligned parts are why position helps, and has no number for unaligned faces';

/** A finding: its differences seed by seed and what the paper says. */
interface Finding {
  readonly finding: string;
  readonly differences: readonly number[];
  readonly paper: string;
  readonly margin?: number;
}

/** MACs and parameters; the merged form is what the paper counts. */
function costOf(model: string): { macsInTraining: number; macs: number; params: number } {
  const spec = buildModel(model);
  const { macs, params } = ledger(mergedSpec(spec));
  return { macsInTraining: ledger(spec).macs, macs, params };
}

const COLUMNS = ['network', 'mean', 'sd', 'n', 'MACs merged', 'in training', 'parameters', 'seconds', 'the paper'];

/** The table of a study's networks, then its findings. */
export function studyText({ study, outcomes }: StudyResult): string {
  const rows = outcomes.map((outcome) => {
    const [metrics, cost] = [metricsOf(outcome), costOf(outcome.model)];
    const seconds = mean(outcome.trials.map((trial) => trial.seconds)).toFixed(0);
    const numbers = [mean(metrics).toFixed(2), deviation(metrics).toFixed(2), String(metrics.length)];
    return [outcome.model, ...numbers, millions(cost.macs), millions(cost.macsInTraining), millions(cost.params), seconds, outcome.paper];
  });
  const findings = findingsOf(study.claims, outcomes).map(findingText);
  return [...alignedColumns([COLUMNS, ...rows]).map((line) => `  ${line}`), ...findings].join('\n');
}

function millions(value: number): string {
  return `${(value / 1e6).toFixed(2)} M`;
}

function metricsOf({ trials }: Outcome): number[] {
  return trials.map(({ metric }) => metric);
}

/** The claims between networks that were trained. */
function findingsOf(claims: readonly Claim[], outcomes: readonly Outcome[]): Finding[] {
  return claims.flatMap((claim) => {
    const differences = leadIn(claim, outcomes);
    return differences ? [{ finding: findingName(claim), differences, paper: claim.paper, margin: claim.margin }] : [];
  });
}

function leadIn({ better, worse }: Claim, outcomes: readonly Outcome[]): number[] | null {
  const [a, b] = [better, worse].map((name) => outcomes.find(({ model }) => model === name));
  return a && b ? differenceOf(metricsOf(a), metricsOf(b)) : null;
}

function findingName({ better, worse }: Claim): string {
  const macs = 100 * (costOf(better).macs / costOf(worse).macs - 1);
  return `${better} over ${worse} (${signedFixed(macs, 1)} % MACs)`;
}

function findingText({ finding, differences, paper, margin }: Finding): string {
  return `  ${finding}:\n    ${verdictText(differences, margin)}\n    the paper: ${paper}`;
}

/** Whether RepMLP's lead over the conv-only face network shrinks where the faces are not aligned; null without both studies. */
function alignmentFinding(results: readonly StudyResult[]): Finding | null {
  const [aligned, unaligned] = ['faces', 'faces-unaligned'].map((name) => results.find(({ study }) => study.name === name));
  const leads = [aligned, unaligned].map((result) => (result ? leadIn(FACES_LEAD, result.outcomes) : null));
  const [lead, without] = leads;
  if (!lead || !without) return null;
  return { finding: 'lead of RepMLP lost with the alignment', differences: differenceOf(lead, without), paper: ALIGNMENT };
}

/** What the two face studies say together; empty without both. */
export function alignmentText(results: readonly StudyResult[]): string {
  const finding = alignmentFinding(results);
  return finding ? findingText(finding) : '';
}

/** Everything as a JSON text. */
export function resultsJson(results: readonly StudyResult[], settings: object): string {
  const studies = results.map(({ study, size, outcomes }) => ({
    name: study.name,
    metric: `${study.metric}, %`,
    recipe: study.recipe,
    ...size,
    networks: outcomes.map((outcome) => ({ ...outcome, ...costOf(outcome.model), ...summary(metricsOf(outcome)) })),
    findings: findingsOf(study.claims, outcomes).map(judged),
  }));
  const alignment = alignmentFinding(results);
  return `${JSON.stringify({ settings, studies, ...(alignment && { alignment: judged(alignment) }) }, null, 2)}\n`;
}

function summary(values: readonly number[]): { mean: number; deviation: number | null; n: number } {
  return { mean: mean(values), deviation: values.length > 1 ? deviation(values) : null, n: values.length };
}

function judged(finding: Finding): object {
  const { differences, margin } = finding;
  const error = differences.length > 1 ? standardError(differences) : null;
  return { ...finding, mean: mean(differences), standardError: error, verdict: judge(differences, margin) };
}

/** One line per training: study, network, seed, metric in %, seconds, and the network's cost. */
export function resultsCsv(results: readonly StudyResult[]): string {
  const lines = results.flatMap(({ study, outcomes }) =>
    outcomes.flatMap(({ model, trials }) => {
      const { macs, macsInTraining, params } = costOf(model);
      return trials.map(({ seed, metric, seconds }) =>
        [study.name, model, seed, metric.toFixed(4), seconds.toFixed(1), macs, macsInTraining, params].join(','),
      );
    }),
  );
  return `${['study,network,seed,metric_percent,seconds,macs_merged,macs_training,params_merged', ...lines].join('\n')}\n`;
}
