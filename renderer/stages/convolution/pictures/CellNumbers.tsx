// The numbers in the cells of a picture, where a cell has room for its own.
import { largestOf } from '@shared/base/extremes';
import { isLight } from '@shared/colour/table';
import { valueText } from '@shared/merge/convolution/words';
import type { Grid, Paint } from './grid';

interface CellNumbersProps {
  readonly grid: Grid;
  readonly paint: Paint;
  readonly pale?: (index: number) => boolean;
  /** Side of a cell in pixels. */
  readonly cell: number;
}

/** Width of a digit, in parts of its height. */
const DIGIT = 0.62;
/** Least height of a digit that can be read, in pixels. */
const LEAST = 9;
/** Height of the numbers, in cells, where they are short. */
const HEIGHT = 0.46;

export function CellNumbers({ grid: { rows, columns, values }, paint, pale, cell }: CellNumbersProps) {
  // A thousand numbers are no longer read, and slow to draw.
  if (cell * HEIGHT < LEAST || rows * columns > 900) return null;
  const texts = Array.from({ length: rows * columns }, (_, at) => shortText(values[at]));
  const longest = largestOf(texts.map((text) => text.length));
  const height = Math.min(HEIGHT, 0.8 / (DIGIT * longest));
  if (cell * height < LEAST) return null;
  return (
    <g className="cell-numbers" fontSize={height}>
      {texts.map((text, at) => (
        <text
          key={at}
          x={(at % columns) + 0.5}
          y={Math.floor(at / columns) + 0.5}
          fill={pale?.(at) ? 'var(--ink-soft)' : isLight(paint(values[at])) ? '#000000' : '#ffffff'}
        >
          {text}
        </text>
      ))}
    </g>
  );
}

/** A number in a cell: two decimals, which the line below gives in full. */
function shortText(value: number): string {
  return Number.isInteger(value) ? valueText(value) : valueText(Number(value.toFixed(2)));
}
