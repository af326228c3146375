// The series of a plot as a table.
import { printable } from '@shared/base/printable';
import { TableBehind } from './TableBehind';
import { tableOf, type TabledSeries } from './plot-table';

interface PlotTableProps {
  readonly series: readonly TabledSeries[];
  readonly xLabel: string;
  readonly yLabel: string;
}

export function PlotTable(props: PlotTableProps) {
  return <TableBehind what={`${props.yLabel} against ${props.xLabel}`}>{() => <Series {...props} />}</TableBehind>;
}

function Series({ series, xLabel }: PlotTableProps) {
  const { rows, left } = tableOf(series);
  return (
    <>
      {left > 0 && (
        <p className="faint">{`Every value is drawn; of ${rows.length + left} places ${rows.length} are listed, evenly spread.`}</p>
      )}
      <table>
        <thead>
          <tr>
            <th scope="col">{xLabel}</th>
            {series.map(({ label }, column) => (
              <th key={column} scope="col">
                <bdi>{printable(label)}</bdi>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ x, values }) => (
            <tr key={x}>
              <th scope="row">{x}</th>
              {values.map((value, column) => (
                <td key={column}>{value === null ? '' : value}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}
