// What a picture shows as a table, for whoever does not see it: out of sight until it has the focus or is opened, and made then.
import { useState, type ReactNode } from 'react';
import { cellTableOf, namedCells, type CellNames } from './plot-table';

interface BehindProps {
  /** What the picture shows. */
  readonly what: string;
  /** The table, with a sentence before it on what it leaves out: made when it is opened. */
  readonly children: () => ReactNode;
}

/** A table behind a picture. */
export function TableBehind({ what, children }: BehindProps) {
  const [open, setOpen] = useState(false);
  return (
    <details className="plot-table" onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>{`${what} as a table`}</summary>
      {open && (
        <div className="plot-table-body" tabIndex={0} role="region" aria-label={what}>
          {children()}
        </div>
      )}
    </details>
  );
}

interface CellTableProps {
  readonly what: string;
  readonly rows: number;
  readonly columns: number;
  /** rows x columns, row-major; null while they are not here. */
  readonly values: ArrayLike<number> | null;
  /** What rows and columns count; from 0 where it is not said. */
  readonly names?: CellNames;
}

/** The cells of a picture as a table: all of a small one, of a large one evenly spread rows and columns, which is said. */
export function CellTable({ what, values, ...shape }: CellTableProps) {
  if (values === null) return null;
  return <TableBehind what={what}>{() => <Cells {...shape} values={values} />}</TableBehind>;
}

function Cells({ rows, columns, values, names }: Omit<CellTableProps, 'what' | 'values'> & { readonly values: ArrayLike<number> }) {
  const shown = cellTableOf(rows, columns);
  const name = namedCells(rows, columns, names);
  return (
    <>
      {shown.leftOut !== null && <p className="faint">{shown.leftOut}</p>}
      <table>
        <thead>
          <tr>
            <th scope="col">{name.corner}</th>
            {shown.columns.map((column) => (
              <th key={column} scope="col">
                {name.column(column)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {shown.rows.map((row) => (
            <tr key={row}>
              <th scope="row">{name.row(row)}</th>
              {shown.columns.map((column) => (
                <td key={column}>{String(values[row * columns + column])}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}
