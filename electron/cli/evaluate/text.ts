// An evaluation as text for a terminal: the metric by its name, what belongs to the task (classes, scenes,
// face tests), and whether both forms agree.
import { percentText } from '@shared/base/number-text';
import { alignedColumns } from '@shared/base/aligned-columns';
import type { Evaluated, EvaluationReport } from '@shared/training/evaluation/evaluated';
import type { Form } from '@shared/model/spec';
import { agreementText } from '@shared/training/evaluation/agreement-text';
import type { FaceReport } from '@shared/training/evaluation/face-report';
import { accuracy, classAccuracies, intersectionsOverUnion } from '@shared/training/evaluation/confusion';

/** More classes than these are left to --json. */
const MOST_CLASSES = 20;

/** All lines of an evaluation of `model` in `form` on `data`. */
export function evaluationLines({ model, form, data }: { model: string; form: Form; data: string }, evaluated: Evaluated): string[] {
  const { report, both, seen, backend } = evaluated;
  const forms: (readonly [Form, EvaluationReport])[] = both
    ? [
        ['train', report],
        ['merged', both.merged],
      ]
    : [[form, report]];
  return [
    `${model} on ${data} (${backend}; ${seen})`,
    ...forms.flatMap(([name, found]) => [`${name} form: ${headline(found)}`, ...(found.faces ? faceLines(found.faces, found) : [])]),
    ...classLines(forms),
    ...(both ? agreementText(both.agreement) : []),
  ];
}

/** Metric, and what it was counted over. */
function headline({ metric, metricName, samples, loss, faces, confusion }: EvaluationReport): string {
  const value = `${metricName} ${percent(metric)}`;
  if (faces) return value;
  const pixels = metricName === 'mIoU' ? `, ${percent(accuracy(confusion))} of the pixels right` : '';
  return `${value}${pixels}, loss ${loss.toFixed(4)}, ${samples} samples`;
}

function faceLines({ verification, identification }: FaceReport, { samples, confusion, loss }: EvaluationReport): string[] {
  return [
    ...(verification ? verificationLines(verification) : []),
    ...(identification
      ? [
          `  rank-1 identification ${percent(identification.rankOne)}: ${identification.probes} probes among ${identification.distractors} distractors`,
        ]
      : []),
    samples > 0
      ? `  identities of the validation split: accuracy ${percent(accuracy(confusion))}, loss ${loss.toFixed(4)}, ${samples} samples`
      : '  the data set has other people than the network was trained on: no accuracy on identities',
  ];
}

function verificationLines({
  pairs,
  differentPairs,
  folds,
  accuracy: share,
  deviation,
  trueAccepts,
  area,
}: NonNullable<FaceReport['verification']>) {
  const rates = trueAccepts.map(({ falseAcceptRate, rate }) => `${percent(rate)} at FAR ${falseAcceptRate}`);
  return [
    `  ${folds} ${folds === 1 ? 'fold' : 'folds'}, ${pairs} pairs: accuracy ${percent(share)} +- ${percent(deviation)} (standard deviation over the folds)`,
    `  ROC: area ${area.toFixed(4)}, TAR ${rates.join(', ')} (${differentPairs} pairs of two people: FAR comes in steps of ${percent(1 / differentPairs)})`,
  ];
}

/** Each class with its accuracy or IoU, form by form. */
function classLines(forms: readonly (readonly [Form, EvaluationReport])[]): string[] {
  const [[, { classes, metricName, faces }]] = forms;
  if (classes.length === 0 || faces) return [];
  const name = metricName === 'mIoU' ? 'IoU' : 'accuracy';
  if (classes.length > MOST_CLASSES) return [`${name} of each of the ${classes.length} classes: with --json`];
  const columns = forms.map(([, { confusion }]) => (name === 'IoU' ? intersectionsOverUnion(confusion) : classAccuracies(confusion)));
  const head = ['class', ...forms.map(([form]) => (forms.length > 1 ? `${name}, ${form}` : name))];
  return alignedColumns([head, ...classes.map((label, k) => [label, ...columns.map((values) => shareText(values[k]))])]);
}

/** A class without samples (or pixels) has no share. */
function shareText(share: number | null): string {
  return share === null ? '-' : percent(share);
}

function percent(share: number): string {
  return percentText(share, 2);
}
