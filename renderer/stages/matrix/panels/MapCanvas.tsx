// A small heat map drawn on the CPU: one h x w picture out of a matrix, or the matrix of the kernel lesson. The
// picture is a pixel per cell and drawn again only for other values or colours: numbers and marks lie above it.
import { memo, useEffect, useRef } from 'react';
import { plainColors, type Colouring } from '@shared/colour/colouring';
import { useCells } from '../../../ui/HeatMap';
import { CellTable } from '../../../ui/TableBehind';
import { cellText, inkOn } from '../panes/overlay';

/** A rectangle of cells to outline. */
export interface Mark {
  readonly row: number;
  readonly column: number;
  readonly rows: number;
  readonly columns: number;
  readonly color: string;
  readonly dashed?: boolean;
}

/** What is drawn again when one of it changes: callers keep `values` and `scale` the same while they mean the same. */
interface CellsProps {
  /** rows x columns, row-major; null while they are not here. */
  readonly values: ArrayLike<number> | null;
  readonly rows: number;
  readonly columns: number;
  readonly scale: Colouring;
}

interface MapCanvasProps extends CellsProps {
  readonly label: string;
  /** Width in CSS pixels; cells are square. */
  readonly width: number;
  readonly marks?: readonly Mark[];
  readonly numbers?: boolean;
  readonly onPick?: (row: number, column: number) => void;
}

export function MapCanvas({ label, values, rows, columns, scale, width, marks = [], numbers = false, onPick }: MapCanvasProps) {
  const cell = width / columns;
  const height = Math.round(cell * rows);
  const cells = useCells(rows, columns, onPick, 'pick it');
  return (
    <figure className="map-canvas">
      <figcaption>{label}</figcaption>
      <div className="map-picture" style={{ width, height }}>
        <div role="img" aria-label={`${label}: ${rows} x ${columns} heat map`} {...cells.handlers}>
          <Cells values={values} rows={rows} columns={columns} scale={scale} />
        </div>
        <svg viewBox={`0 0 ${width} ${height}`} aria-hidden="true">
          {numbers && values && <Numbers values={values} rows={rows} columns={columns} scale={scale} cell={cell} />}
          {marks.map((mark, n) => (
            <Outline key={n} mark={mark} cell={cell} />
          ))}
        </svg>
        {cells.mark}
      </div>
      <CellTable what={label} rows={rows} columns={columns} values={values} />
    </figure>
  );
}

/** The picture. */
const Cells = memo(function Cells({ values, rows, columns, scale }: CellsProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    canvas.current?.getContext('2d')?.putImageData(imageOf(values, rows, columns, scale), 0, 0);
  }, [values, rows, columns, scale]);
  return <canvas ref={canvas} width={columns} height={rows} />;
});

const UNKNOWN = [128, 128, 128] as const;

function imageOf(values: ArrayLike<number> | null, rows: number, columns: number, scale: Colouring): ImageData {
  const image = new ImageData(columns, rows);
  const colorOf = plainColors(scale);
  for (let k = 0; k < rows * columns; k++) {
    const value = values?.[k] ?? NaN;
    image.data.set(Number.isNaN(value) ? UNKNOWN : colorOf(value), 4 * k);
    image.data[4 * k + 3] = 255;
  }
  return image;
}

/** A number in each cell of `cell` CSS pixels. */
const Numbers = memo(function Numbers({ values, rows, columns, scale, cell }: CellsProps & { readonly cell: number }) {
  const colorOf = plainColors(scale);
  const shown = Array.from({ length: rows * columns }, (_, k) => values?.[k] ?? NaN);
  return (
    <g fontSize={Math.min(12, cell * 0.42)} textAnchor="middle" dominantBaseline="central">
      {shown.map((value, k) => (
        <text key={k} x={((k % columns) + 0.5) * cell} y={(Math.floor(k / columns) + 0.5) * cell} fill={inkOn(colorOf(value))}>
          {cellText(value, 0)}
        </text>
      ))}
    </g>
  );
});

const STROKE = 2;

/** The outline inside the mark's cells; around their middle where these are smaller than the stroke. */
function Outline({ mark: { row, column, rows, columns, color, dashed }, cell }: { readonly mark: Mark; readonly cell: number }) {
  const [width, height] = [columns, rows].map((count) => Math.max(count * cell - STROKE, STROKE));
  const x = (column + columns / 2) * cell - width / 2;
  const y = (row + rows / 2) * cell - height / 2;
  const dash = dashed ? '4 3' : undefined;
  return <rect x={x} y={y} width={width} height={height} fill="none" stroke={color} strokeWidth={STROKE} strokeDasharray={dash} />;
}
