// The confusion matrix of classes, identities or pixels, and each class's accuracy, of scenes its IoU,
// in every form that was evaluated.
import { largestOf } from '@shared/base/extremes';
import { useMemo } from 'react';
import type { Evaluation } from '@shared/training/evaluation/evaluated';
import { classAccuracies, intersectionsOverUnion } from '@shared/training/evaluation/confusion';
import { exact, percent } from '../../../ui/format';
import { HeatMap, ScaleBar } from '../../../ui/HeatMap';
import type { ReportsByForm } from './evaluation';

/** A column of shares, one for each class. */
interface Column {
  readonly title: string;
  readonly shares: readonly (number | null)[];
}

export function ClassResults({ reports }: { readonly reports: ReportsByForm }) {
  const [[form, { confusion, classes, metricName, faces }]] = reports;
  const scenes = metricName === 'mIoU';
  const picture = useMemo(() => ({ rows: confusion.length, columns: confusion.length, data: shares(confusion) }), [confusion]);
  const named = faces ? 'identity' : 'class';
  return (
    <div className="confusion">
      <HeatMap picture={picture} range={[0, 1]} scale="viridis" size={280} label={`Confusion matrix, ${form} form`}>
        {`Confusion, ${form} form: actual ${named} down, predicted ${named} across, as a share of the actual ${named}'s ${scenes ? 'pixels' : 'samples'}`}
        <ScaleBar range={[0, 1]} scale="viridis" />
      </HeatMap>
      <ClassTable confusion={confusion} classes={classes} columns={columnsOf(reports, scenes)} of={scenes ? ' px' : ''} />
    </div>
  );
}

function columnsOf(reports: ReportsByForm, scenes: boolean): Column[] {
  const title = (what: string, form: string): string => (reports.length > 1 ? `${what}, ${form}` : what);
  return reports.map(([form, { confusion }]) =>
    scenes
      ? { title: title('IoU', form), shares: intersectionsOverUnion(confusion) }
      : { title: title('Right', form), shares: classAccuracies(confusion) },
  );
}

interface ClassTableProps extends Pick<Evaluation, 'confusion' | 'classes'> {
  readonly columns: readonly Column[];
  /** Unit of the counts. */
  readonly of: string;
}

function ClassTable({ confusion, classes, columns, of }: ClassTableProps) {
  return (
    <div className="table-frame class-frame">
      <table data-testid="class-results">
        <thead>
          <tr>
            <th>Class</th>
            {columns.map(({ title }) => (
              <th key={title} className="number">
                {title}
              </th>
            ))}
            <th>Most taken for</th>
          </tr>
        </thead>
        <tbody>
          {confusion.map((row, actual) => (
            <tr key={actual}>
              <td>{classes[actual] ?? actual}</td>
              {columns.map(({ title, shares: values }) => (
                <td key={title} className="number">
                  {shareText(values[actual])}
                </td>
              ))}
              <td>{mistakenFor(row, actual, classes, of)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** A class that does not occur has no share. */
function shareText(share: number | null): string {
  return share === null ? '–' : percent(share);
}

/** Each row over its sum. */
function shares(confusion: Evaluation['confusion']): Float32Array {
  return Float32Array.from(
    confusion.flatMap((row) => {
      const total = row.reduce((sum, count) => sum + count, 0);
      return row.map((count) => (total === 0 ? 0 : count / total));
    }),
  );
}

function mistakenFor(row: readonly number[], actual: number, classes: readonly string[], of: string): string {
  const others = row.map((count, predicted) => (predicted === actual ? 0 : count));
  const most = others.indexOf(largestOf(others));
  return others[most] > 0 ? `${classes[most] ?? most} (${exact(others[most])}${of})` : '–';
}
