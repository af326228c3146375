// The fold: the tensor of six axes unrolls into the matrix and back, by play or by hand; the cell that is followed stays marked. Its
// text says the same in numbers. Without WebGL it is drawn flat, and that is said.
import { useEffect, useRef, useState, type RefObject } from 'react';
import { axisLabels, foldedPlace, foldExtent, foldText, type Point } from '@shared/matrix/fold';
import type { FcShape } from '@shared/matrix/geometry';
import { rgbOf, type Rgb } from '@shared/colour/table';
import { tellingCell } from '@shared/merge/convolution/arithmetic';
import { placeAt } from '@shared/merge/convolution/positions';
import type { SceneModel } from '@shared/merge/convolution/scene-model';
import { attempt } from '../../../studio/notices';
import { useShownTheme } from '../../../ui/shown-theme';
import type { Paint } from '../pictures/grid';
import { useSignedPaint } from '../pictures/paints';
import { changeScene } from '../scene';
import { openPainter, type FoldFrame, type FoldPainter } from './painter';
import { useFoldPlay } from './useFoldPlay';

interface FoldViewProps {
  readonly model: SceneModel;
  readonly limit: number;
}

export function FoldView({ model, limit }: FoldViewProps) {
  const { sizes } = model;
  if (sizes.Ho !== sizes.h || sizes.Wo !== sizes.w) return <NoFold model={model} />;
  return <Fold model={model} limit={limit} />;
}

/** Where output and input are of different sizes there are no six axes of equal lengths. */
function NoFold({ model: { sizes } }: { readonly model: SceneModel }) {
  const set = (): void => changeScene({ stride: 1, pad: (sizes.K - 1) / 2 });
  return (
    <div className="empty">
      <p>The fold is of a convolution whose output is as large as its input: stride 1, and zeros around by half the kernel.</p>
      <button type="button" className="button" onClick={() => void attempt(set)}>
        Set them
      </button>
    </div>
  );
}

function Fold({ model, limit }: FoldViewProps) {
  const colour = useSignedPaint(limit);
  const theme = useShownTheme();
  const { unfolded, move, playing, play } = useFoldPlay(model.scene.unfolded);
  const [turn, setTurn] = useState(0);
  const shape: FcShape = { O: model.sizes.O, channels: model.sizes.C, h: model.sizes.h, w: model.sizes.w };
  const box = useRef<HTMLDivElement>(null);
  const { canvas, labels, flat } = useDrawing(box, { model, shape, colour, unfolded, turn, theme });
  const text = foldText(shape, tellingCell(model));
  return (
    <div className="fold">
      <div ref={box} className="fold-box" role="img" aria-label={`${foldedWords(shape, unfolded)} ${text}`} data-testid="convolution-fold">
        <canvas ref={canvas} key={flat ? 'flat' : 'solid'} aria-hidden="true" data-testid={flat ? 'fold-flat' : 'fold-solid'} />
        {labels.map(({ text: word, x, y, strength }) => (
          <span key={word} className="fold-label" style={{ left: x, top: y, opacity: strength }} aria-hidden="true">
            {word}
          </span>
        ))}
      </div>
      {flat && <p className="says-warning">WebGL cannot be had here: the fold is drawn flat.</p>}
      <div className="transport-line">
        <button type="button" className="button" data-testid="fold-play" onClick={play}>
          {playing ? 'Pause' : unfolded < 1 ? 'Unfold' : 'Fold'}
        </button>
        <label className="fold-slider">
          <span>folded</span>
          <FoldRange label="How far it is unfolded" value={unfolded} from={0} to={1} onChange={move} testId="fold-slider" />
          <span>unrolled</span>
        </label>
        <label className="fold-slider">
          <span>turn</span>
          <FoldRange label="Turn of the view" value={turn} from={-1} to={1} onChange={setTurn} testId="fold-turn" />
        </label>
      </div>
      <p className="faint" data-testid="fold-says">{`${foldedWords(shape, unfolded)} ${text}`}</p>
    </div>
  );
}

interface FoldRangeProps {
  readonly label: string;
  readonly value: number;
  readonly from: number;
  readonly to: number;
  readonly onChange: (value: number) => void;
  readonly testId: string;
}

function FoldRange({ label, value, from, to, onChange, testId }: FoldRangeProps) {
  return (
    <input
      type="range"
      min={from}
      max={to}
      step={0.01}
      value={value}
      aria-label={label}
      data-testid={testId}
      onChange={({ target }) => onChange(Number(target.value))}
    />
  );
}

function foldedWords({ O, channels, h, w }: FcShape, unfolded: number): string {
  const six = `(${O}, ${h}, ${w}, ${channels}, ${h}, ${w})`;
  if (unfolded === 0) return `Folded: the tensor ${six}, a map for each of ${O * h * w} outputs.`;
  if (unfolded === 1) return `Unrolled: the matrix of ${O * h * w} rows and ${channels * h * w} columns.`;
  return `${Math.round(100 * unfolded)} % of the way from the tensor ${six} to the matrix.`;
}

interface Drawn {
  readonly model: SceneModel;
  readonly shape: FcShape;
  readonly colour: Paint;
  readonly unfolded: number;
  readonly turn: number;
  readonly theme: string;
}

/** In CSS pixels of the picture. */
interface Place {
  readonly x: number;
  readonly y: number;
}

interface PlacedLabel extends Place {
  readonly text: string;
  readonly strength: number;
}

/** The size of an element in CSS pixels, as it changes. */
function useSize(box: RefObject<HTMLElement | null>): { readonly width: number; readonly height: number } {
  const [size, setSize] = useState({ width: 0, height: 0 });
  useEffect(() => {
    if (!box.current) return;
    const observer = new ResizeObserver(
      ([
        {
          contentRect: { width, height },
        },
      ]) => setSize({ width, height }),
    );
    observer.observe(box.current);
    return () => observer.disconnect();
  }, [box]);
  return size;
}

/** A painter on the canvas: the GPU's, or a flat one where that cannot be had. */
function useFoldPainter(canvas: RefObject<HTMLCanvasElement | null>): { readonly painter: FoldPainter | null; readonly flat: boolean } {
  const [painter, setPainter] = useState<FoldPainter | null>(null);
  const [flat, setFlat] = useState(false);
  useEffect(() => {
    let opened: FoldPainter | null = null;
    let over = false;
    void openPainter(canvas.current, flat).then((made) => {
      if (over) return made?.dispose();
      if (made === null) return setFlat(true);
      opened = made;
      setPainter(made);
    });
    return () => {
      over = true;
      opened?.dispose();
      setPainter(null);
    };
  }, [canvas, flat]);
  return { painter, flat };
}

/** How often the canvas has got its graphics context back after it was lost: what was drawn with the old one is gone. */
function useRestoredContexts(canvas: RefObject<HTMLCanvasElement | null>): number {
  const [times, setTimes] = useState(0);
  useEffect(() => {
    const { current } = canvas;
    const count = (): void => setTimes((before) => before + 1);
    current?.addEventListener('webglcontextrestored', count);
    return () => current?.removeEventListener('webglcontextrestored', count);
  }, [canvas]);
  return times;
}

/** Draws the fold again when anything of it changes, and places its labels. */
function useDrawing(box: RefObject<HTMLDivElement | null>, { model, shape, colour, unfolded, turn, theme }: Drawn) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const { painter, flat } = useFoldPainter(canvas);
  const [labels, setLabels] = useState<readonly PlacedLabel[]>([]);
  const size = useSize(box);
  const restored = useRestoredContexts(canvas);
  useEffect(() => painter?.setPlates(platesOf(model, colour, box.current)), [painter, model.shown.matrix, colour]);
  useEffect(() => {
    if (!painter || size.width === 0) return;
    painter.draw(frameOf(model, shape, unfolded, turn, size, box.current));
    const seen = axisLabels(shape, unfolded).filter(({ strength }) => strength > 0);
    setLabels(seen.map(({ text, at, strength }) => ({ text, strength, ...within(painter.project(at), text, size) })));
  }, [painter, model, colour, unfolded, turn, size, theme, restored]);
  return { canvas, labels, flat };
}

/** Width of a letter of a label, and half its height, in pixels. */
const LETTER = 7;
const HALF_LINE = 9;

/** A label's place, moved so that all of it is inside the picture. */
function within(at: Place, text: string, { width, height }: { readonly width: number; readonly height: number }): Place {
  const half = (LETTER * text.length) / 2 + 4;
  return { x: Math.max(half, Math.min(width - half, at.x)), y: Math.max(HALF_LINE, Math.min(height - HALF_LINE, at.y)) };
}

/** Zeros are dots in the colour of lines: their own is that of the ground. */
function platesOf({ shown: { matrix } }: SceneModel, colour: Paint, box: HTMLElement | null) {
  const dot = rgbOf(
    getComputedStyle(box ?? document.documentElement)
      .getPropertyValue('--line-strong')
      .trim(),
  );
  return Array.from(matrix, (value) => ({ colour: value === 0 ? dot : colour(value), zero: value === 0 }));
}

/** How the folded board stands: turned a little, so that one channel is seen behind another. */
const YAW = -0.5;
const PITCH = 0.28;
const MOST_TURN = 0.9;

function frameOf(
  model: SceneModel,
  shape: FcShape,
  unfolded: number,
  turn: number,
  size: { readonly width: number; readonly height: number },
  box: HTMLElement | null,
): FoldFrame {
  const { sizes } = model;
  const count = sizes.rows * sizes.columns;
  const places: Point[] = Array.from({ length: count }, (_, k) =>
    foldedPlace(shape, placeAt(sizes, Math.floor(k / sizes.columns), k % sizes.columns), unfolded),
  );
  const style = getComputedStyle(box ?? document.documentElement);
  const colourOf = (text: string): Rgb => rgbOf(text.trim());
  return {
    places,
    marked: foldedPlace(shape, tellingCell(model), unfolded),
    mark: colourOf(style.getPropertyValue('--mark')),
    view: {
      ...size,
      ratio: Math.min(2, devicePixelRatio),
      yaw: YAW * (1 - unfolded) + MOST_TURN * turn,
      pitch: PITCH * (1 - unfolded),
      extent: foldExtent(shape, unfolded),
      background: colourOf(style.backgroundColor),
    },
  };
}
