// Face tests on people nobody was trained on: verification of pairs (ten-fold accuracy with its spread, ROC,
// true accepts at given rates of false ones) and rank-1 identification among distractors.
import type { FaceReport } from '@shared/training/evaluate-faces';
import { rocStaircase } from '@shared/training/face-metrics';
import { measured, percent } from '../../ui/format';
import { Plot, type PlotSeries } from '../../ui/Plot';
import { colourOf } from './colours';
import type { ReportsByForm } from './EvaluationResultView';

type Verification = NonNullable<FaceReport['verification']>;
type Identification = NonNullable<FaceReport['identification']>;

export function FaceResults({ reports }: { readonly reports: ReportsByForm }) {
  const verified = reports.flatMap(([form, { faces }]) => (faces?.verification ? [[form, faces.verification] as const] : []));
  const identified = reports.flatMap(([form, { faces }]) => (faces?.identification ? [[form, faces.identification] as const] : []));
  return (
    <div className="columns halves" data-testid="face-results">
      {verified.length > 0 && <Plot series={verified.map(rocSeries)} xLabel="false accepts" yLabel="true accepts" testId="roc" />}
      <div className="stack">
        {verified.length > 0 && <VerificationTable verified={verified} />}
        {identified.map(([form, found]) => (
          <p key={form} data-testid="rank-one">
            {identificationText(form, found)}
          </p>
        ))}
      </div>
    </div>
  );
}

function rocSeries([form, { roc }]: readonly [string, Verification], index: number): PlotSeries {
  const { falseAccepts, trueAccepts } = rocStaircase(roc);
  return { label: `${form} form`, colour: colourOf(index), x: falseAccepts, y: trueAccepts, stepped: true, dashed: index > 0 };
}

function VerificationTable({ verified }: { readonly verified: readonly (readonly [form: string, found: Verification])[] }) {
  const [[, { pairs, differentPairs, folds }]] = verified;
  return (
    <div>
      <table data-testid="verification">
        <thead>
          <tr>
            <th>Verification</th>
            {verified.map(([form]) => (
              <th key={form} className="number">{`${form} form`}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          <tr>
            <td>{`Accuracy, ${folds === 1 ? 'one fold' : `mean of ${folds} folds`}`}</td>
            {verified.map(([form, { accuracy, deviation }]) => (
              <td key={form} className="number">{`${percent(accuracy)} ± ${percent(deviation)}`}</td>
            ))}
          </tr>
          {verified[0][1].trueAccepts.map(({ falseAcceptRate }, row) => (
            <tr key={falseAcceptRate}>
              <td>{`TAR at FAR ${falseAcceptRate}`}</td>
              {verified.map(([form, { trueAccepts }]) => (
                <td key={form} className="number">
                  {percent(trueAccepts[row].rate)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      <p className="faint">
        {`${pairs} pairs, ${differentPairs} of them of two people: rates of false accepts come in steps of ${measured(1 / differentPairs)}. ± is the standard deviation over the folds.`}
      </p>
    </div>
  );
}

function identificationText(form: string, { rankOne, probes, distractors }: Identification): string {
  return `Rank-1 identification, ${form} form: ${percent(rankOne)} (${probes} probes among ${distractors} distractors)`;
}
