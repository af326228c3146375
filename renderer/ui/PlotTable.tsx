// The series of a plot as a table.
import { printable } from '@shared/base/printable';
import { useMemo } from 'react';
import { TableBehind } from './TableBehind';
import { tableOf, type TabledSeries } from './plot-table';

interface PlotTableProps {
  readonly series: readonly TabledSeries[];
  readonly xLabel: string;
  readonly yLabel: string;
}

export function PlotTable({ series, xLabel, yLabel }: PlotTableProps) {
  const { rows, left } = useMemo(() => tableOf(series), [series]);
  const leftOut = `Every value is drawn; of ${rows.length + left} places ${rows.length} are listed, evenly spread.`;
  return (
    <TableBehind what={`${yLabel} against ${xLabel}`} leftOut={left > 0 ? leftOut : null}>
      {() => (
        <>
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
        </>
      )}
    </TableBehind>
  );
}
