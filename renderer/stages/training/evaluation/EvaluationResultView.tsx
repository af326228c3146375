// What an evaluation found: the metric by its name in each form, whether the forms agree, and what belongs to
// the task: classes with accuracy or IoU, face tests.
import type { Evaluation } from '@shared/training/evaluation/evaluated';
import { agreementText } from '@shared/training/evaluation/agreement-text';
import type { Agreement } from '@shared/training/evaluation/agreement';
import { accuracy } from '@shared/training/evaluation/confusion';
import type { EvaluationResult, ReportsByForm } from './evaluation';
import { Reading } from '../../../ui/controls';
import { exact, measured, percent } from '../../../ui/format';
import { ClassResults } from './ClassResults';
import { FaceResults } from './FaceResults';

export function EvaluationResultView({ result: { form, report, both, place, seen } }: { readonly result: EvaluationResult }) {
  const reports: ReportsByForm = both
    ? [
        ['train', report],
        ['merged', both.merged],
      ]
    : [[form, report]];
  return (
    <div className="stack evaluation-result" data-testid="evaluation-result">
      {both && <AgreementVerdict agreement={both.agreement} />}
      <Readings reports={reports} />
      <p className="faint" data-testid="evaluation-seen">{`Seen: ${seen}. Backend: ${place}.`}</p>
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

/** Each quantity in every form, one after the other, so that equal ones stand side by side. */
function Readings({ reports }: { readonly reports: ReportsByForm }) {
  const [[, { metricName, faces, samples }]] = reports;
  const of = (what: string, value: (report: Evaluation) => string, id?: string) =>
    reports.map(([form, report]) => (
      <Reading key={`${what} ${form}`} label={`${what}, ${form} form`} value={value(report)} testId={id && `${id}-${form}`} />
    ));
  return (
    <div className="figure-row">
      {of(sentence(metricName), ({ metric }) => percent(metric), 'evaluation-metric')}
      {metricName === 'mIoU' && of('Pixels right', ({ confusion }) => percent(accuracy(confusion)))}
      {faces && samples > 0 && of('Accuracy on identities', ({ confusion }) => percent(accuracy(confusion)))}
      {samples > 0 && of(faces ? 'Loss on identities' : 'Loss', ({ loss }) => measured(loss))}
      {samples > 0 && <Reading label={faces ? 'Pictures of identities' : 'Samples'} value={exact(samples)} />}
    </div>
  );
}

/** With a capital; names such as mIoU keep their letters. */
function sentence(text: string): string {
  return text.startsWith('mIoU') ? text : `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
