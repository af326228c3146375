// A line plot (uPlot): several series, each with its own x values, on one pair of axes.
import { largestOf } from '@shared/base/extremes';
import { useEffect, useRef, type KeyboardEvent, type MouseEvent, type RefObject } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { roundTicks } from '@shared/base/ticks';
import { fixed } from '@shared/base/number-text';
import { measured, percent } from './format';
import { PlotTable } from './PlotTable';
import { remPixels } from './rem';
import { useShownTheme } from './shown-theme';
import './plot.css';

export interface PlotSeries {
  readonly label: string;
  readonly colour: string;
  readonly x: readonly number[];
  readonly y: readonly number[];
  readonly dashed?: boolean;
  readonly dotted?: boolean;
  readonly faint?: boolean;
  readonly points?: boolean;
  /** Values hold until the next one. */
  readonly stepped?: boolean;
}

interface PlotProps {
  readonly series: readonly PlotSeries[];
  readonly xLabel: string;
  readonly yLabel: string;
  readonly logY?: boolean;
  /** y is a share: written as per cent, on an axis that ends at 100 %. */
  readonly shareY?: boolean;
  /** x counts something: no ticks between whole numbers. */
  readonly wholeX?: boolean;
  /** In pixels at the usual size of text, with which it grows. */
  readonly height?: number;
  readonly testId?: string;
  /** Makes x values clickable; with the keyboard, arrows move the cursor and Enter picks. */
  readonly onPick?: (x: number) => void;
}

export function Plot({
  series,
  xLabel,
  yLabel,
  logY = false,
  shareY = false,
  wholeX = false,
  height: asked = 230,
  testId,
  onPick,
}: PlotProps) {
  const height = remPixels(asked / USUAL_REM);
  const host = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const picking = usePicking(plot, onPick);
  const shown = useShownTheme();
  const look = JSON.stringify([
    series.map(({ label, colour, dashed, dotted, faint, points }) => [label, colour, dashed, dotted, faint, points]),
    xLabel,
    yLabel,
    logY,
    shareY,
    height,
    shown,
  ]);
  const data = alignedData(series, logY);
  useEffect(() => {
    const element = host.current;
    if (!element) return;
    plot.current = new uPlot(options(element, series, { xLabel, yLabel, logY, shareY, wholeX, height }), data, element);
    const resize = new ResizeObserver(() => plot.current?.setSize({ width: element.clientWidth, height }));
    resize.observe(element);
    return () => {
      resize.disconnect();
      plot.current?.destroy();
    };
    // The plot is made anew when its look changes; new values go through setData.
  }, [look]);
  useEffect(() => plot.current?.setData(data), [data]);
  return (
    <>
      <div ref={host} className="plot" data-testid={testId} role="img" aria-label={`${yLabel} against ${xLabel}`} {...picking} />
      <PlotTable series={series} xLabel={xLabel} yLabel={yLabel} />
    </>
  );
}

/** Handlers that let the pointer and the keyboard pick an x value; none without `onPick`. */
function usePicking(plot: RefObject<uPlot | null>, onPick: PlotProps['onPick']) {
  if (!onPick) return {};
  const pick = (): void => {
    const { current } = plot;
    const index = current?.cursor.idx;
    if (current && index !== null && index !== undefined) onPick(current.data[0][index]);
  };
  const move = (step: number): void => {
    const { current } = plot;
    if (!current) return;
    const [x] = current.data;
    const index = Math.max(0, Math.min(x.length - 1, (current.cursor.idx ?? (step > 0 ? -1 : x.length)) + step));
    current.setCursor({ left: current.valToPos(x[index], 'x'), top: 10 });
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (step === undefined && event.key !== 'Enter') return;
    event.preventDefault();
    if (step === undefined) pick();
    else move(step);
  };
  const onClick = ({ target }: MouseEvent): void => {
    if (target instanceof HTMLElement && target.closest('.u-over')) pick();
  };
  const title = 'Click a point to see such a cell in the matrices; with the keyboard: arrows and Enter';
  return { tabIndex: 0, title, style: { cursor: 'pointer' }, onKeyDown, onClick };
}

/** All series on one x axis; a log axis leaves out what is not positive. */
function alignedData(series: readonly PlotSeries[], logY: boolean): uPlot.AlignedData {
  if (series.length === 0) return [[]];
  const tables = series.map(({ x, y }): uPlot.AlignedData => [[...x], logY ? y.map((value) => (value > 0 ? value : null)) : [...y]]);
  return uPlot.join(
    tables,
    tables.map(() => [1, 2]),
  );
}

/** Pixels of a root em where nobody asked for larger text. */
const USUAL_REM = 16;
const X_TICKS = 8;
const Y_TICKS = 5;
/** Room of a tick's number on the x axis, and of all that stands beside it, in root ems. */
const X_TICK_ROOM = 2.2;
const Y_AXIS_ROOM = 4.6;

function xTicks({ width }: uPlot, from: number, to: number, whole: boolean): number[] {
  const fitting = Math.floor((width - remPixels(Y_AXIS_ROOM)) / remPixels(X_TICK_ROOM));
  const ticks = roundTicks(from, to, Math.max(2, Math.min(X_TICKS, fitting)));
  return whole ? ticks.filter(Number.isInteger) : ticks;
}

/** From 0 %, or from 50 % where all is above it, to 100 %. */
function shareAxis(_plot: uPlot, least: number | null): [number, number] {
  return [least !== null && least >= 0.5 ? 0.5 : 0, 1];
}

/** How a line is drawn, in the word that the legend has for it. */
type LineStyle = 'solid' | 'faint' | 'dashed' | 'dotted';

/** As a style sheet calls the line of a style. */
const LEGEND_LINES: Readonly<Record<LineStyle, string>> = { solid: 'solid', faint: 'solid', dashed: 'dashed', dotted: 'dotted' };

function lineOf(series: PlotSeries | undefined): LineStyle {
  if (series?.dashed) return 'dashed';
  if (series?.dotted) return 'dotted';
  return series?.faint ? 'faint' : 'solid';
}

type Axes = Pick<Required<PlotProps>, 'xLabel' | 'yLabel' | 'logY' | 'shareY' | 'wholeX' | 'height'>;

function options(
  element: HTMLElement,
  series: readonly PlotSeries[],
  { xLabel, yLabel, logY, shareY, wholeX, height }: Axes,
): uPlot.Options {
  const style = getComputedStyle(element);
  const colour = (name: string): string => (name.startsWith('--') ? style.getPropertyValue(name).trim() : name);
  const axis: uPlot.Axis = {
    stroke: colour('--ink-faint'),
    grid: { stroke: colour('--line'), width: 1 },
    ticks: { stroke: colour('--line'), width: 1, size: 4 },
    font: `${remPixels(0.6875)}px ${style.fontFamily}`,
    labelFont: `${remPixels(0.6875)}px ${style.fontFamily}`,
    labelSize: remPixels(1.125),
  };
  return {
    width: element.clientWidth || 400,
    height,
    scales: { x: { time: false }, y: logY ? { distr: 3 } : shareY ? { range: shareAxis } : {} },
    axes: [
      { ...axis, label: xLabel, size: remPixels(1.75), splits: (plot, _axis, from, to) => xTicks(plot, from, to, wholeX) },
      {
        ...axis,
        label: yLabel,
        size: remPixels(3.5),
        values: (_plot, ticks) => (shareY ? ticks.map((tick) => (tick === null ? '' : percentTick(tick))) : tickTexts(ticks, logY)),
        ...(!logY && { splits: (_plot: uPlot, _axis: number, from: number, to: number) => roundTicks(from, to, Y_TICKS) }),
      },
    ],
    legend: { live: true, markers: { width: 2, dash: (_plot, k) => LEGEND_LINES[lineOf(series[k - 1])] } },
    cursor: { points: { size: 6 } },
    series: [
      { label: xLabel, value: (_plot, value) => (value === null ? '' : measured(value)) },
      ...series.map((one) => seriesOptions(one, colour, shareY)),
    ],
  };
}

/** A third of a colour can be seen on white, not on a dark panel. */
const FAINT_PERCENT = 50;

function seriesOptions(one: PlotSeries, resolve: (name: string) => string, shareY: boolean): uPlot.Series {
  const { label, colour, dashed, dotted, faint, points, stepped } = one;
  const text = shareY ? percent : measured;
  return {
    label: `${label} (${lineOf(one)})`,
    stroke: faint ? `color-mix(in srgb, ${resolve(colour)} ${FAINT_PERCENT}%, transparent)` : resolve(colour),
    width: faint ? 1 : 1.8,
    dash: dashed ? [5, 4] : dotted ? [2, 3] : undefined,
    points: { show: points ?? false, size: 5 },
    spanGaps: true,
    ...(stepped && { paths: uPlot.paths.stepped?.({ align: 1 }) }),
    value: (_plot, value) => (value === null || value === undefined ? '' : text(value)),
  };
}

/** Round shares, as `20 %` or `97.5 %`. */
function percentTick(share: number): string {
  return `${Number((100 * share).toPrecision(6))} %`;
}

/** Ticks of one axis; in equal steps, with equally many decimals. */
function tickTexts(ticks: readonly (number | null)[], log: boolean): string[] {
  const texts = ticks.map((tick) => (tick === null ? '' : tickText(tick)));
  if (log || texts.some((text) => text.includes('e'))) return texts;
  const decimals = largestOf(texts.map((text) => text.split('.')[1]?.length ?? 0));
  return ticks.map((tick) => (tick === null ? '' : fixed(tick, decimals)));
}

/** Neighbouring ticks may differ in the fourth digit only. */
function tickText(value: number): string {
  return Math.abs(value) >= 1e-3 && Math.abs(value) < 1e5 ? String(Number(value.toPrecision(6))) : measured(value);
}
