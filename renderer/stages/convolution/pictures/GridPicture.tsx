// Numbers as a picture of cells, with marks over them and, where a cell is large enough, the numbers in it. It knows no store: presses
// and arrows are handed on as cells. Invariant: canvas, marks and presses count cells alike, so that none can be beside another.
import {
  useEffect,
  useRef,
  useState,
  type CSSProperties,
  type KeyboardEvent,
  type PointerEvent,
  type ReactNode,
  type RefObject,
} from 'react';
import { CellNumbers } from './CellNumbers';
import { CellTable } from '../../../ui/TableBehind';
import type { Grid, Paint } from './grid';

export interface GridPictureProps {
  readonly grid: Grid;
  readonly paint: Paint;
  /** Cells around it that belong to the picture and hold no value. */
  readonly margin?: number;
  /** Cells that stand back, by index. */
  readonly pale?: (index: number) => boolean;
  /** Marks in cells, (0, 0) being the upper left corner of the first cell. */
  readonly children?: ReactNode;
  readonly label: string;
  readonly testId: string;
  /** Whether its numbers can be had as a table: not within a button, whose press shows them large. */
  readonly tabled?: boolean;
  /** The element that says how it is used. */
  readonly describedBy?: string;
  readonly style?: CSSProperties;
  /** A press, or a move with the press held: row and column, in the margin too. */
  readonly onPress?: (row: number, column: number) => void;
  /** An arrow key: cells down and across. */
  readonly onArrow?: (down: number, across: number) => void;
  /** Home and End. */
  readonly onEnd?: (last: boolean) => void;
  /** Another key; true where it was taken. */
  readonly onKey?: (key: string) => boolean;
}

const ARROWS: Readonly<Record<string, readonly [down: number, across: number]>> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
};

/** Side of a cell in pixels below which marks are thin, so that they leave something of it. */
const THIN_BELOW = 14;
const TINY_BELOW = 7;

export function GridPicture(props: GridPictureProps) {
  const { grid, margin = 0, label, testId, tabled = true, describedBy, style, children, onPress } = props;
  const { rows, columns } = grid;
  const [width, height] = [columns + 2 * margin, rows + 2 * margin];
  const box = useRef<HTMLDivElement>(null);
  const cell = useCellSize(box, width, height);
  const canvas = useCanvas(props);
  const shape: CSSProperties & Record<string, string | number> = { ...style, '--across': width, '--down': height };
  return (
    <>
      <div
        ref={box}
        className={`grid-picture${onPress ? ' pressable' : ''}${cell < THIN_BELOW ? ' thin' : ''}${cell < TINY_BELOW ? ' tiny' : ''}`}
        style={shape}
        data-testid={testId}
        role={onPress ? 'application' : 'img'}
        aria-roledescription={onPress ? 'picture of cells' : undefined}
        aria-label={label}
        aria-describedby={describedBy}
        tabIndex={onPress ? 0 : undefined}
        {...handlersOf(props, margin)}
      >
        <canvas ref={canvas} width={width} height={height} aria-hidden="true" />
        {/* As the canvas: cells of a line need not be square. */}
        <svg viewBox={`${-margin} ${-margin} ${width} ${height}`} preserveAspectRatio="none" aria-hidden="true">
          {margin > 0 && <Margin rows={rows} columns={columns} margin={margin} />}
          {children}
          <CellNumbers grid={grid} paint={props.paint} pale={props.pale} cell={cell} />
        </svg>
      </div>
      {tabled && <CellTable what={label} rows={rows} columns={columns} values={grid.values} />}
    </>
  );
}

/** The shorter side of a cell in CSS pixels, of a picture of `across` x `down` cells; 0 before it was measured. */
function useCellSize(box: RefObject<HTMLElement | null>, across: number, down: number): number {
  const [size, setSize] = useState(0);
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const observer = new ResizeObserver(([{ contentRect }]) => setSize(Math.min(contentRect.width / across, contentRect.height / down)));
    observer.observe(element);
    return () => observer.disconnect();
  }, [box, across, down]);
  return size;
}

/** Draws a cell as a pixel, and again when anything of it changes. */
function useCanvas({ grid, paint, pale, margin = 0 }: GridPictureProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    canvas.current?.getContext('2d')?.putImageData(imageOf(grid, paint, margin, pale), 0, 0);
  }, [grid, paint, margin, pale]);
  return canvas;
}

/** How opaque a pale cell is, of 255. */
const PALE = 60;

function imageOf({ rows, columns, values }: Grid, paint: Paint, margin: number, pale: GridPictureProps['pale']): ImageData {
  const width = columns + 2 * margin;
  const image = new ImageData(width, rows + 2 * margin);
  for (let at = 0; at < rows * columns; at++) {
    const pixel = 4 * ((Math.floor(at / columns) + margin) * width + (at % columns) + margin);
    image.data.set([...paint(values[at]), pale?.(at) ? PALE : 255], pixel);
  }
  return image;
}

/** The zeros around: hatched, for they are no pixels. */
function Margin({ rows, columns, margin }: { readonly rows: number; readonly columns: number; readonly margin: number }) {
  const outer = `M${-margin} ${-margin}h${columns + 2 * margin}v${rows + 2 * margin}h${-(columns + 2 * margin)}z`;
  return <path className="grid-margin" fillRule="evenodd" d={`${outer}M0 0h${columns}v${rows}h${-columns}z`} />;
}

function handlersOf({ grid, onPress, onArrow, onEnd, onKey }: GridPictureProps, margin: number) {
  if (!onPress) return {};
  const press = (event: PointerEvent<HTMLDivElement>): void => {
    const { left, top, width, height } = event.currentTarget.getBoundingClientRect();
    const place = (at: number, length: number, count: number): number =>
      Math.max(-margin, Math.min(count + margin - 1, Math.floor((at / length) * (count + 2 * margin)) - margin));
    onPress(place(event.clientY - top, height, grid.rows), place(event.clientX - left, width, grid.columns));
  };
  return {
    onPointerDown: (event: PointerEvent<HTMLDivElement>) => {
      if (event.button !== 0) return;
      event.currentTarget.setPointerCapture(event.pointerId);
      press(event);
    },
    onPointerMove: (event: PointerEvent<HTMLDivElement>) => {
      if (event.currentTarget.hasPointerCapture(event.pointerId)) press(event);
    },
    onKeyDown: (event: KeyboardEvent<HTMLDivElement>) => {
      if (event.ctrlKey || event.metaKey || event.altKey || !take(event.key)) return;
      event.preventDefault();
      event.stopPropagation();
    },
  };

  function take(key: string): boolean {
    const arrow = ARROWS[key];
    if (arrow) onArrow?.(...arrow);
    else if (key === 'Home' || key === 'End') onEnd?.(key === 'End');
    else return onKey?.(key) ?? false;
    return true;
  }
}
