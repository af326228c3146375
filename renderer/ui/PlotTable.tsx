// A plot as a table, for whoever does not see it: out of sight until it has the focus or is opened.
import { useState } from 'react';
import { tableOf, type TabledSeries } from './plot-table';

interface PlotTableProps {
  readonly series: readonly TabledSeries[];
  readonly xLabel: string;
  readonly yLabel: string;
}

export function PlotTable({ series, xLabel, yLabel }: PlotTableProps) {
  const [open, setOpen] = useState(false);
  return (
    <details className="plot-table" onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>{`${yLabel} against ${xLabel} as a table`}</summary>
      {open && <Table series={series} xLabel={xLabel} yLabel={yLabel} />}
    </details>
  );
}

function Table({ series, xLabel, yLabel }: PlotTableProps) {
  const { rows, left } = tableOf(series);
  return (
    <div className="plot-table-body" tabIndex={0} role="region" aria-label={`${yLabel} against ${xLabel}`}>
      {left > 0 && (
        <p className="faint">{`Every value is drawn; of ${rows.length + left} places ${rows.length} are listed, evenly spread.`}</p>
      )}
      <table>
        <thead>
          <tr>
            <th scope="col">{xLabel}</th>
            {series.map(({ label }, column) => (
              <th key={column} scope="col">
                <bdi>{label}</bdi>
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
    </div>
  );
}
