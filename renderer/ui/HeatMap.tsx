// An array as a picture: signed values on a zero-centred scale, shares on a rising one; both are safe for
// colour-blind eyes.
import { useEffect, useRef, useState, type CSSProperties, type KeyboardEvent, type MouseEvent, type ReactNode } from 'react';
import { NAN_COLORS } from '@shared/colour/colouring';
import type { ColourScaleName } from '@shared/colour/scales';
import { lutIndex, lutOf } from '@shared/colour/table';
import { measured } from './format';
import { CellTable } from './TableBehind';
import type { CellNames } from './plot-table';
import { useShownTheme } from './shown-theme';

/** Values to draw, rows x columns, row-major. */
export interface Picture {
  readonly rows: number;
  readonly columns: number;
  readonly data: Float32Array;
}

/** Values at the ends of a colour scale. */
export type Range = readonly [number, number];

/** The axes of a picture: their names, and the numbers of their first and last cell. */
export type Axes = CellNames;

/** Axes of a picture of h x w places. */
export function placeAxes(h: number, w: number): Axes {
  return { down: { name: 'y', from: 0, to: h - 1 }, across: { name: 'x', from: 0, to: w - 1 } };
}

/** Axes of a picture of all displacements within h x w places. */
export function displacementAxes(h: number, w: number): Axes {
  return { down: { name: 'dy', from: 1 - h, to: h - 1 }, across: { name: 'dx', from: 1 - w, to: w - 1 } };
}

type MapLength = `var(--${string})`;

interface HeatMapProps {
  readonly picture: Picture;
  /** Values at the two ends of the colour scale; signed values take [-limit, limit]. */
  readonly range: Range;
  readonly label: string;
  readonly children?: ReactNode;
  /** Length of the longer side on screen, in pixels; or the length of a style sheet, of a picture with axes. */
  readonly size?: number | MapLength;
  readonly scale?: ColourScaleName;
  /** What the picture's axes count; with them its longer side is exactly `size`, however few cells it has. */
  readonly axes?: Axes;
  /** Least length of the shorter side on screen, in pixels: a vector is a line otherwise. */
  readonly thick?: number;
  /** Cells, by their index, that are shown pale. */
  readonly faded?: (index: number) => boolean;
  /** Makes cells clickable: (row, column) of the picture. */
  readonly onCell?: (row: number, column: number) => void;
  /** Whether its numbers can be had as a table below it; else the caller puts a `CellTable` elsewhere. */
  readonly tabled?: boolean;
}

export function HeatMap({
  picture,
  range: [low, high],
  label,
  children,
  size = 220,
  scale: asked,
  axes,
  thick = 6,
  faded,
  onCell,
  tabled = true,
}: HeatMapProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const scale = useScale(asked);
  const { rows, columns } = picture;
  useEffect(() => {
    canvas.current?.getContext('2d')?.putImageData(imageOf(picture, [low, high], scale, faded), 0, 0);
  }, [picture, low, high, scale, faded]);
  const style = { ...sidesOf(picture, size, thick, axes ? Infinity : 28), cursor: onCell ? 'pointer' : undefined };
  const cells = useCells(rows, columns, onCell);
  return (
    <figure className={axes ? 'heat with-axes' : 'heat'}>
      <div className="heat-picture">
        <canvas ref={canvas} width={columns} height={rows} style={style} role="img" aria-label={label} {...cells.handlers} />
        {cells.mark}
        {axes && <AxisTicks axes={axes} />}
      </div>
      {children && <figcaption>{children}</figcaption>}
      {tabled && <CellTable what={label} rows={rows} columns={columns} values={picture.data} names={axes} />}
    </figure>
  );
}

/** How long the sides are; a cell's is at most `largest` pixels. */
function sidesOf({ rows, columns }: Picture, size: number | MapLength, thick: number, largest: number): CSSProperties {
  const longer = Math.max(rows, columns);
  if (typeof size === 'string') {
    const [width, height] = [columns, rows].map((count) => `max(${thick}px, ${count / longer} * ${size})`);
    return { width, height };
  }
  const cell = Math.min(largest, Math.max(1, size / longer));
  return { width: Math.max(thick, Math.round(columns * cell)), height: Math.max(thick, Math.round(rows * cell)) };
}

/** The numbers of the first and the last cell beside the picture's left and lower edge. */
function AxisTicks({ axes: { down, across } }: { readonly axes: Axes }) {
  return (
    <>
      <span className="heat-axis down" aria-hidden="true">
        <span>{down.from}</span>
        <span>{down.name}</span>
        <span>{down.to}</span>
      </span>
      <span className="heat-axis across" aria-hidden="true">
        <span>{across.from}</span>
        <span>{across.name}</span>
        <span>{across.to}</span>
      </span>
    </>
  );
}

/** The scale asked for; for signed values, unless another is, the one whose zero is the theme's ground. */
export function useScale(asked: ColourScaleName | undefined): ColourScaleName {
  const dark = useShownTheme() === 'dark';
  return asked ?? (dark ? 'blue-orange-night' : 'blue-orange');
}

type CellOf = readonly [row: number, column: number];
const MOVES: Readonly<Record<string, CellOf>> = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

/**
 * Makes the cells of a picture lead somewhere: by a click, or by the keyboard, where arrows move a mark that starts in the middle
 * (or where one clicked) and Enter does what a click would; `does` says what. The mark stands beside the picture in a box that is
 * positioned and as large.
 */
export function useCells(rows: number, columns: number, onCell: HeatMapProps['onCell'], does = 'see it in the matrices') {
  const [cell, setCell] = useState<CellOf | null>(null);
  if (!onCell) return { mark: null, handlers: {} };
  const cellUnder = ({ nativeEvent: { offsetX, offsetY }, currentTarget: { clientWidth, clientHeight } }: MouseEvent): CellOf => [
    Math.floor((offsetY / clientHeight) * rows),
    Math.floor((offsetX / clientWidth) * columns),
  ];
  const onKeyDown = (event: KeyboardEvent): void => {
    const move = MOVES[event.key];
    if (!cell || (!move && event.key !== 'Enter')) return;
    event.preventDefault();
    event.stopPropagation();
    if (!move) return onCell(...cell);
    const inside = (value: number, count: number): number => Math.max(0, Math.min(count - 1, value));
    setCell([inside(cell[0] + move[0], rows), inside(cell[1] + move[1], columns)]);
  };
  const title = `Click a cell to ${does}; with the keyboard: arrows and Enter`;
  const pointer = {
    // Comes before the focus that it brings.
    onPointerDown: (event: MouseEvent) => setCell(cellUnder(event)),
    onClick: (event: MouseEvent) => onCell(...cellUnder(event)),
  };
  const focus = { tabIndex: 0, onFocus: () => setCell((pressed) => pressed ?? [rows >> 1, columns >> 1]), onBlur: () => setCell(null) };
  const mark = cell && <span className="heat-cell" style={cellPlace(cell, rows, columns)} />;
  return { mark, handlers: { ...focus, ...pointer, title, onKeyDown } };
}

function cellPlace([row, column]: CellOf, rows: number, columns: number): CSSProperties {
  const percent = (part: number, whole: number): string => `${(100 * part) / whole}%`;
  return { left: percent(column, columns), top: percent(row, rows), width: percent(1, columns), height: percent(1, rows) };
}

/** An opaque pixel for what is no number. */
const NOT_A_NUMBER = new Uint32Array(Uint8Array.of(...NAN_COLORS[0], 255).buffer)[0];

/** How opaque a pale cell is, of 255. */
const PALE = 90;

function imageOf(
  { rows, columns, data }: Picture,
  [low, high]: Range,
  scale: ColourScaleName,
  faded?: (index: number) => boolean,
): ImageData {
  const image = new ImageData(columns, rows);
  // Whole pixels are written: a view per cell would cost more than all the rest.
  const pixels = new Uint32Array(image.data.buffer);
  const table = new Uint32Array(lutOf(scale).buffer);
  for (let i = 0; i < data.length; i++) {
    const position = high > low ? (data[i] - low) / (high - low) : 0.5;
    pixels[i] = Number.isNaN(data[i]) ? NOT_A_NUMBER : table[lutIndex(position)];
    if (faded?.(i)) image.data[4 * i + 3] = PALE;
  }
  return image;
}

/** The scale beside the pictures that share it. */
interface ScaleBarProps {
  readonly range: Range;
  readonly scale?: ColourScaleName;
  /** How the values at the ends are written. */
  readonly text?: (value: number) => string;
}

export function ScaleBar({ range: [low, high], scale: asked, text = measured }: ScaleBarProps) {
  const scale = useScale(asked);
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const data = Float32Array.from({ length: 160 }, (_, i) => i / 159);
    canvas.current?.getContext('2d')?.putImageData(imageOf({ rows: 1, columns: 160, data }, [0, 1], scale), 0, 0);
  }, [scale]);
  return (
    <div className="scale-bar">
      <span>{text(low)}</span>
      <canvas ref={canvas} width={160} height={1} aria-hidden="true" />
      <span>{text(high)}</span>
    </div>
  );
}
