// Outlines over pictures, in cells: a halo in the colour of the ground and a line in that of marks, so that they are seen on every
// colour of a scale.
interface BoxProps {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** A line that only says what belongs to it. */
  readonly faint?: boolean;
}

export function Box({ faint = false, ...box }: BoxProps) {
  return (
    <g className={faint ? 'mark faint-mark' : 'mark'}>
      <rect className="mark-halo" {...box} />
      <rect className="mark-line" {...box} />
    </g>
  );
}

/** Cells, outlined together where they touch. */
export function Cells({ cells, columns }: { readonly cells: readonly number[]; readonly columns: number }) {
  const path = outlineOf(cells, columns);
  return (
    <g className="mark">
      <path className="mark-halo" d={path} />
      <path className="mark-line" d={path} />
    </g>
  );
}

/** The edges of cells that they do not share with another of them, as a path. */
export function outlineOf(cells: readonly number[], columns: number): string {
  const within = new Set(cells);
  return cells
    .map((cell) => {
      const [x, y] = [cell % columns, Math.floor(cell / columns)];
      const top = within.has(cell - columns) ? '' : `M${x} ${y}h1`;
      const bottom = within.has(cell + columns) ? '' : `M${x} ${y + 1}h1`;
      const left = x > 0 && within.has(cell - 1) ? '' : `M${x} ${y}v1`;
      const right = x < columns - 1 && within.has(cell + 1) ? '' : `M${x + 1} ${y}v1`;
      return top + bottom + left + right;
    })
    .join('');
}

/** Lines between blocks of cells: rows every `down`, columns every `across`. */
export function BlockLines({
  rows,
  columns,
  down,
  across,
  strong = false,
}: {
  readonly rows: number;
  readonly columns: number;
  readonly down: number;
  readonly across: number;
  readonly strong?: boolean;
}) {
  const lines: string[] = [];
  for (let y = down; y < rows; y += down) lines.push(`M0 ${y}h${columns}`);
  for (let x = across; x < columns; x += across) lines.push(`M${x} 0v${rows}`);
  return <path className={strong ? 'block-lines strong' : 'block-lines'} d={lines.join('')} />;
}
