// repmlp evaluate: accuracy, verification or mIoU of a checkpoint on the validation split of a data set; with
// --form both, exit 0 where train and merged form say the same of every sample, 1 where they do not.
import { Option } from 'commander';
import type { Evaluated, EvaluationReport } from '@shared/training/evaluation/evaluated';
import type { EvaluateRequest } from '@shared/compute/engine';
import { evaluatedBy } from '@shared/training/evaluation/evaluated';
import { isMergeable } from '@shared/model/merged-spec';
import type { Form, NetworkSpec } from '@shared/model/spec';
import { leavesOf } from '@shared/model/walk';
import { classAccuracies, intersectionsOverUnion } from '@shared/training/evaluation/confusion';
import { evaluate, expectEvaluable, type EvaluationWords } from '../../app/training/evaluate';
import { evaluationDataFor } from '../data';
import { withEngine } from '../engine';
import { evaluationLines } from './text';
import { remarkAssumedSize } from '../input-size';
import { readNetwork } from '../network';
import { StatusLine } from '../progress';
import { print, printJson, remark, withBackend, withNetworkOptions, type BackendOption, type NetworkOptions, type Verb } from '../verb';

interface EvaluateOptions extends Omit<NetworkOptions, 'form'>, BackendOption {
  readonly form?: Form | 'both';
  readonly data: string;
  readonly sliding?: boolean;
  readonly json?: boolean;
}

export const evaluateVerb: Verb = (program, setExit) => {
  withBackend(
    withNetworkOptions(
      program.command('evaluate').description('evaluate a checkpoint on a data set').argument('<file>', 'checkpoint or run folder'),
    ),
  )
    .addOption(
      new Option(
        '--form <form>',
        'form of the weights, recognised when not given; both: merge them and compare the two forms sample by sample (exit 1 where they disagree)',
      ).choices(['train', 'merged', 'both']),
    )
    .requiredOption('--data <source>', 'embedded data or a folder in a published layout, which can be named before it (identities:FOLDER)')
    .option('--sliding', "scenes in overlapping windows of the network's input size, at their own size; otherwise whole, resized to it")
    .option('--json', 'print JSON; infinities and NaN as the strings "Infinity", "-Infinity" and "NaN"')
    .action(async (path: string, options: EvaluateOptions) => {
      const { spec, evaluated } = await evaluateFile(path, options);
      const { agrees } = evaluated.both?.agreement ?? { agrees: true };
      const about = { model: spec.name, form: spec.form, data: options.data };
      if (options.json) printJson(asJson(about, evaluated));
      else print(evaluationLines(about, evaluated));
      setExit(agrees ? 0 : 1);
    });
};

async function evaluateFile(path: string, options: EvaluateOptions): Promise<{ spec: NetworkSpec; evaluated: Evaluated }> {
  const both = options.form === 'both';
  const { spec, weights, sizeAssumed } = await readNetwork(path, { ...options, form: options.form === 'both' ? undefined : options.form });
  if (sizeAssumed) remarkAssumedSize(spec);
  const view = options.sliding ? 'sliding' : 'whole';
  const words = { weights: path, both: '--form both', sliding: '--sliding' };
  expectEvaluable({ spec, both, view }, words);
  if (both) remarkUnmergeable(spec);
  const dataset = await evaluationDataFor(options.data, spec.task);
  return { spec, evaluated: await watched({ spec, weights, dataset, both, view, backend: options.backend }, words) };
}

/** Remarks on a network whose two forms are one and the same. */
function remarkUnmergeable(spec: NetworkSpec): void {
  if (!leavesOf(spec).some(({ layer }) => isMergeable(layer, {})))
    remark(`${spec.name} has nothing that is merged: both forms are the same network`);
}

function watched(request: EvaluateRequest, words: EvaluationWords): Promise<Evaluated> {
  const status = new StatusLine();
  const onProgress = (done: number, total: number): void => status.showPart('evaluating', done, total, `${done} of ${total} pictures`);
  return withEngine((engine) => evaluatedBy(evaluate(engine, request, words), onProgress)).finally(() => status.clear());
}

/** One report, or both with their agreement. */
function asJson(about: { model: string; form: Form; data: string }, { report, both, backend, seen }: Evaluated): unknown {
  const where = { backend, seen };
  if (!both) return { ...about, ...where, ...reportJson(report) };
  return { ...about, form: 'both', ...where, agreement: both.agreement, train: reportJson(report), merged: reportJson(both.merged) };
}

function reportJson({ predictions, confusion, ...report }: EvaluationReport): object {
  const perClass =
    report.metricName === 'mIoU' ? { classIoU: intersectionsOverUnion(confusion) } : { classAccuracy: classAccuracies(confusion) };
  // Of no samples there is no loss: a face data set with other people is judged by its tests alone.
  const loss = report.samples === 0 ? null : report.loss;
  return { ...report, loss, ...perClass, confusion, predictions: Array.from(predictions) };
}
