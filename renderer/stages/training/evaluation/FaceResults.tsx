// Face tests on people nobody was trained on: verification of pairs (ten-fold accuracy with its spread, ROC,
// true accepts at given rates of false ones) and rank-1 identification among distractors.
import type { FaceReport } from '@shared/training/evaluation/face-report';
import { rocStaircase } from '@shared/training/evaluation/face-metrics';
import { measured, percent } from '../../../ui/format';
import { Plot, type PlotSeries } from '../../../ui/Plot';
import { colourOf } from '../runs/colours';
import type { ReportsByForm } from './evaluation';

type Verification = NonNullable<FaceReport['verification']>;
type Tested = readonly (readonly [form: string, faces: FaceReport])[];

export function FaceResults({ reports }: { readonly reports: ReportsByForm }) {
  const tested: Tested = reports.flatMap(([form, { faces }]) => (faces ? [[form, faces] as const] : []));
  const curves = tested.flatMap(([form, { verification }], index) => (verification ? [rocSeries(form, verification, index)] : []));
  return (
    <div className="stack" data-testid="face-results">
      {curves.length > 0 && (
        <Plot series={[CHANCE, ...curves]} xLabel="false accepts" yLabel="true accepts" shareY height={280} testId="roc" />
      )}
      <div className="table-frame" tabIndex={0} role="region" aria-label="Rates of the pairs">
        <TestTable tested={tested} />
      </div>
      <p className="faint">{groundsText(tested[0][1])}</p>
    </div>
  );
}

/** What embeddings that say nothing reach. */
const CHANCE: PlotSeries = { label: 'chance', colour: '--ink-faint', x: [0, 1], y: [0, 1], faint: true };

function rocSeries(form: string, { roc }: Verification, index: number): PlotSeries {
  const { falseAccepts, trueAccepts } = rocStaircase(roc);
  return { label: `${form} form`, colour: colourOf(index), x: falseAccepts, y: trueAccepts, stepped: true, dashed: index > 0 };
}

function TestTable({ tested }: { readonly tested: Tested }) {
  return (
    <table data-testid="face-tests">
      <thead>
        <tr>
          <th>People nobody was trained on</th>
          {tested.map(([form]) => (
            <th key={form} className="number">{`${form} form`}</th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rowsOf(tested[0][1]).map(({ title, value }) => (
          <tr key={title}>
            <td>{title}</td>
            {tested.map(([form, faces]) => (
              <td key={form} className="number">
                {value(faces)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

interface Row {
  readonly title: string;
  readonly value: (faces: FaceReport) => string;
}

/** The rows of the tests that a data set brings; every form went through the same ones. */
function rowsOf({ verification, identification }: FaceReport): Row[] {
  return [...(verification ? verificationRows(verification) : []), ...(identification ? [RANK_ONE] : [])];
}

function verificationRows({ folds, trueAccepts }: Verification): Row[] {
  const shown =
    (value: (found: Verification) => string): Row['value'] =>
    (faces) =>
      faces.verification ? value(faces.verification) : '–';
  return [
    {
      title: folds === 1 ? 'Accuracy, one fold' : `Accuracy, ${folds} folds`,
      value: shown(({ accuracy, deviation }) => (folds === 1 ? percent(accuracy) : `${percent(accuracy)} ± ${percent(deviation)}`)),
    },
    { title: 'Area under the ROC', value: shown(({ area }) => area.toFixed(4)) },
    ...trueAccepts.map(({ falseAcceptRate }, index) => ({
      title: `TAR at FAR ${falseAcceptRate}`,
      value: shown((found) => percent(found.trueAccepts[index].rate)),
    })),
  ];
}

const RANK_ONE: Row = {
  title: 'Rank-1 identification',
  value: ({ identification }) => (identification ? percent(identification.rankOne) : '–'),
};

/** What the numbers were counted over. */
function groundsText({ verification, identification }: FaceReport): string {
  const pairs =
    verification &&
    `${verification.pairs} pairs, ${verification.differentPairs} of them of two people: rates of false accepts (FAR) come in steps of ${measured(1 / verification.differentPairs)}. Each fold is judged at the threshold that is best on the others; ± is the standard deviation over the folds.`;
  const gallery = identification && `${identification.probes} probes among ${identification.distractors} distractors.`;
  return [pairs, gallery].filter((text) => text !== undefined).join(' ');
}
