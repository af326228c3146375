// What an evaluation found: the metric by its name in each form, whether the forms agree, and what belongs to
// the task: classes with accuracy or IoU, face tests.
import type { Evaluation } from '@shared/contract/studio';
import { agreementText } from '@shared/training/agreement-text';
import type { Agreement } from '@shared/training/agreement';
import { accuracy } from '@shared/training/metrics';
import type { EvaluationResult } from '../../state/evaluation';
import { Reading } from '../../ui/controls';
import { exact, measured, percent } from '../../ui/format';
import { ClassResults } from './ClassResults';
import { FaceResults } from './FaceResults';

/** Reports by form; the first is that of the weights as they are stored. */
export type ReportsByForm = readonly (readonly [form: string, report: Evaluation])[];

export function EvaluationResultView({ result: { form, report, both, place, seen } }: { readonly result: EvaluationResult }) {
  const reports: ReportsByForm = both
    ? [
        ['train', report],
        ['merged', both.merged],
      ]
    : [[form, report]];
  return (
    <div className="stack" data-testid="evaluation-result">
      {both && <AgreementVerdict agreement={both.agreement} />}
      <div className="figure-row">
        {reports.map(([name, found], index) => (
          <Readings key={name} form={name} report={found} testId={index === 0 ? 'evaluation-metric' : 'evaluation-metric-merged'} />
        ))}
      </div>
      <p className="faint" data-testid="evaluation-seen">{`${seen}; computed on ${place}`}</p>
      {report.faces && <FaceResults reports={reports} />}
      {report.confusion.length > 0 && <ClassResults reports={reports} />}
    </div>
  );
}

function AgreementVerdict({ agreement }: { readonly agreement: Agreement }) {
  const [verdict, grounds] = agreementText(agreement);
  return (
    <section
      className={agreement.agrees ? 'verdict good' : 'verdict bad'}
      role="status"
      aria-label="Agreement of the two forms"
      data-testid="evaluation-agreement"
      data-agrees={agreement.agrees}
    >
      <h2>{agreement.agrees ? 'Same answers' : 'Other answers'}</h2>
      <p>{`${sentence(verdict)}.`}</p>
      <p>{`${sentence(grounds)}.`}</p>
    </section>
  );
}

function Readings({ form, report, testId }: { readonly form: string; readonly report: Evaluation; readonly testId: string }) {
  const { metric, metricName, loss, samples, confusion, faces } = report;
  return (
    <>
      <Reading label={`${sentence(metricName)}, ${form} form`} value={percent(metric)} testId={testId} />
      {metricName === 'mIoU' && <Reading label={`Pixels right, ${form} form`} value={percent(accuracy(confusion))} />}
      {samples > 0 && <Reading label={`${faces ? 'Loss on identities' : 'Loss'}, ${form} form`} value={measured(loss)} />}
      {samples > 0 && form !== 'merged' && <Reading label={faces ? 'Pictures of identities' : 'Samples'} value={exact(samples)} />}
    </>
  );
}

/** With a capital; names such as mIoU keep their letters. */
function sentence(text: string): string {
  return text.startsWith('mIoU') ? text : `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
