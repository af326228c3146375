// The legend: colours over the values they stand for, the histogram of the weights, limits to drag, and in
// words what a pixel is: the pooling rule, the level, and what the picture leaves out.
import { largestOf } from '@shared/base/extremes';
import { useEffect, useMemo, useRef, type PointerEvent } from 'react';
import { roundTicks } from '@shared/base/ticks';
import { colourScale } from '@shared/colour/scales';
import type { PoolRule } from '@shared/matrix/pool';
import { cssColors, usesMagnitude, type Colouring } from '@shared/colour/colouring';
import { signedHistogram, type MatrixStatistics } from '@shared/matrix/statistics';
import type { FrameInfo } from '../picture/stage';
import { explorer } from '../explorer';
import { exact, measured, percent } from '../../../ui/format';
import { valueText } from '../panels/meaning';
import { useExplorer } from '../useExplorer';

const BARS = 128;
const TICKS = 5;
export const RULE_TEXT: Readonly<Record<PoolRule, string>> = {
  maxMagnitude: 'the weight of largest magnitude',
  mean: 'the mean',
  min: 'the smallest weight',
  max: 'the largest weight',
};

interface LegendProps {
  readonly title: string;
  readonly scale: Colouring;
  readonly statistics: MatrixStatistics | null;
}

export function Legend({ title, scale, statistics }: LegendProps) {
  const box = useRef<HTMLDivElement>(null);
  const limit = statistics?.maxAbs || Math.max(Math.abs(scale.low), Math.abs(scale.high)) || 1;
  const place = (value: number): number => ((value + limit) / (2 * limit)) * 100;
  const dragLimit = (end: 'low' | 'high') => (event: PointerEvent) => {
    if (event.buttons !== 1 || !box.current) return;
    const { left, width } = box.current.getBoundingClientRect();
    setLimit(end, ((event.clientX - left) / width) * 2 * limit - limit, scale);
  };
  const magnitude = usesMagnitude(scale);
  return (
    <div className="legend" data-testid="legend">
      <div className="legend-title">
        <span>{title}</span>
        {statistics && <Counts statistics={statistics} scale={scale} />}
      </div>
      <div className="legend-plot" ref={box}>
        <Histogram scale={scale} statistics={statistics} limit={limit} />
        {!magnitude && (
          <Handle end="low" at={place(scale.low)} value={scale.low} onDrag={dragLimit('low')} scale={scale} step={limit / 50} />
        )}
        <Handle end="high" at={place(scale.high)} value={scale.high} onDrag={dragLimit('high')} scale={scale} step={limit / 50} />
      </div>
      <div className="legend-ticks">
        {roundTicks(-limit, limit, TICKS).map((value) => (
          <span key={value} style={{ left: `${place(value)}%` }}>
            {measured(value)}
          </span>
        ))}
      </div>
    </div>
  );
}

/** A limit moves; a symmetric scale stays symmetric. */
function setLimit(end: 'low' | 'high', value: number, scale: Colouring): void {
  const symmetric = colourScale(scale.map).kind === 'diverging' && !usesMagnitude(scale);
  const size = Math.abs(value) || 1e-9;
  if (symmetric) explorer.setState({ limits: { kind: 'numbers', low: -size, high: size } });
  else if (end === 'low') explorer.setState({ limits: { kind: 'numbers', low: Math.min(value, scale.high), high: scale.high } });
  else explorer.setState({ limits: { kind: 'numbers', low: scale.low, high: Math.max(value, scale.low) } });
}

interface HandleProps {
  readonly end: 'low' | 'high';
  readonly at: number;
  readonly value: number;
  readonly scale: Colouring;
  readonly step: number;
  readonly onDrag: (event: PointerEvent) => void;
}

function Handle({ end, at, value, scale, step, onDrag }: HandleProps) {
  return (
    <div
      className="legend-handle"
      role="slider"
      tabIndex={0}
      aria-label={end === 'low' ? 'Lower colour limit' : 'Upper colour limit'}
      aria-valuenow={value}
      aria-valuetext={valueText(value)}
      style={{ left: `${Math.min(100, Math.max(0, at))}%` }}
      title={valueText(value)}
      onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
      onPointerMove={onDrag}
      onKeyDown={(event) => {
        if (event.key === 'ArrowLeft') setLimit(end, value - step, scale);
        else if (event.key === 'ArrowRight') setLimit(end, value + step, scale);
      }}
    />
  );
}

/** Counts on a square-root axis, each bar in the colour of its values. */
function Histogram({
  scale,
  statistics,
  limit,
}: {
  readonly scale: Colouring;
  readonly statistics: MatrixStatistics | null;
  readonly limit: number;
}) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const bars = useMemo(() => (statistics ? signedHistogram(statistics, BARS) : null), [statistics]);
  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!context) return;
    const { width, height } = context.canvas;
    context.clearRect(0, 0, width, height);
    const top = bars ? Math.sqrt(largestOf(bars)) : 1;
    const colorOf = cssColors({ ...scale, markClipped: false });
    for (let k = 0; k < BARS; k++) {
      const value = ((k + 0.5) / BARS) * 2 * limit - limit;
      context.fillStyle = colorOf(value);
      const x = Math.floor((k / BARS) * width);
      const end = Math.floor(((k + 1) / BARS) * width);
      context.fillRect(x, height - 12, end - x, 12);
      if (!bars || bars[k] === 0) continue;
      const bar = Math.max(1, (Math.sqrt(bars[k]) / top) * (height - 16));
      context.fillRect(x, height - 14 - bar, end - x, bar);
    }
  }, [bars, scale, limit]);
  return <canvas ref={canvas} width={512} height={76} aria-hidden="true" />;
}

function Counts({ statistics, scale }: { readonly statistics: MatrixStatistics; readonly scale: Colouring }) {
  const { count, nans, infinities, zeros } = statistics;
  return (
    <span className="legend-counts">
      {`${exact(count)} weights, ${percent(zeros / Math.max(count, 1))} zero`}
      {nans + infinities > 0 && <strong>{` · ${nans} NaN, ${infinities} infinite`}</strong>}
      {` · ${scale.transform === 'rank' || scale.transform === 'log-ratio' ? scaleText(scale) : `colours end at ${measured(scale.high)}`}`}
    </span>
  );
}

function scaleText({ transform, smallest }: Colouring): string {
  return transform === 'rank' ? 'colour is the share of smaller magnitudes' : `ln(|w| / min |w|), min |w| = ${valueText(smallest)}`;
}

/** What one pixel stands for right now, in a sentence; and that split shows no more than fills its pane. Where the line is short it is put shorter. */
export function FrameText() {
  const { frame, rule, mode, whole, camera } = useExplorer('frame', 'rule', 'mode', 'whole', 'camera');
  const sentence = frame ? frameSentence(frame, rule) : 'nothing drawn yet';
  const isPart = mode === 'split' && !whole && camera === null;
  return (
    <p className={mode === 'side' ? 'frame-text among-panes' : 'frame-text'} title={sentence}>
      <span className="frame-sentence" data-testid="pooling-text" role="status">
        {sentence}
      </span>
      {isPart && <span className="frame-sentence">a part fills the pane: drag to move, 0 shows the whole</span>}
      <span className="frame-words" aria-hidden="true">
        {[frame ? frameWords(frame, rule) : 'nothing yet', ...(isPart ? ['0 shows the whole'] : [])].join(' · ')}
      </span>
    </p>
  );
}

const RULE_WORDS: Readonly<Record<PoolRule, string>> = { maxMagnitude: 'largest', mean: 'mean', min: 'least', max: 'highest' };

/** The sentence in a few words. */
export function frameWords({ level, wanted, complete, cpu }: FrameInfo, rule: PoolRule): string {
  const side = 2 ** level;
  const what = level === 0 ? 'every cell' : `dot: ${RULE_WORDS[rule]} of ${side}×${side}`;
  return [what, ...(complete || level === wanted ? [] : ['loading']), ...(cpu ? ['by CPU'] : [])].join(', ');
}

/** The sentence of FrameText. */
export function frameSentence({ level, wanted, moving, divisor, complete, cpu }: FrameInfo, rule: PoolRule): string {
  const side = 2 ** level;
  const what = level === 0 ? 'Every cell is shown' : `Each dot is ${RULE_TEXT[rule]} of ${side} x ${side} cells`;
  const by = cpu ? '; drawn on the CPU: no WebGL2 here' : '';
  if (moving && divisor > 1) return `${what} (moving: level ${level}, 1/${divisor} resolution)${by}`;
  return (complete || level === wanted ? what : `${what} (level ${wanted} is loading)`) + by;
}
