// The matrices on a canvas: panes side by side, tiles as they come in, a frame only when something changed. While
// moving, the drawing resolution (and with it the pooling level) drops on slow painters; at rest every pixel is true.
// Invariant: no frame is drawn without a change.
import { largestOf } from '@shared/base/extremes';
import type { Camera, Viewport } from '@shared/matrix/camera';
import type { Painter } from '@shared/matrix/pane';
import type { PoolRule } from '@shared/matrix/pool';
import { tilesOfPane, type Pane, type PaneFrame } from './pane-tiles';
import { TileLoader } from './tile-loader';

/** Time after the last movement until the full picture is drawn, in ms. */
const REST_MS = 60;
/** Frames further apart than this are not of one movement, in ms. */
const ONE_MOVEMENT_MS = 500;

/** What the last frame showed; for the legend. */
export interface FrameInfo {
  readonly level: number;
  /** Level asked for but not shown everywhere yet. */
  readonly wanted: number;
  readonly divisor: number;
  readonly moving: boolean;
  readonly complete: boolean;
  readonly tileBytes: number;
  /** Whether the picture was computed without WebGL2. */
  readonly cpu: boolean;
}

/** Panes on a canvas, whoever paints them. */
export type Stage = Pick<
  MatrixStage<unknown>,
  'cpu' | 'setSize' | 'setPanes' | 'setCamera' | 'setRule' | 'setBackground' | 'invalidate' | 'drawNow' | 'dispose'
>;

export class MatrixStage<Content> {
  private readonly painter: Painter<Content>;
  private readonly loader: TileLoader<Content>;
  private panes: readonly Pane[] = [];
  private camera: Camera = { x: 0, y: 0, zoom: 1 };
  private rule: PoolRule = 'maxMagnitude';
  private size: Viewport = { width: 1, height: 1 };
  private background = 0;
  private restTimer: ReturnType<typeof setTimeout> | null = null;
  private requested = 0;
  private lastFrame = 0;

  /** `paintedBy` is given what asks for a frame; `onFrame` is called after each drawn frame. */
  constructor(
    paintedBy: (invalidate: () => void) => Painter<Content>,
    private readonly onFrame: (info: FrameInfo) => void,
  ) {
    this.painter = paintedBy(this.invalidate);
    this.loader = new TileLoader(this.painter, this.invalidate);
  }

  /** Whether the picture is computed without WebGL2. */
  get cpu(): boolean {
    return this.painter.cpu;
  }

  /** Canvas size in CSS pixels. */
  setSize(size: Viewport): void {
    this.size = size;
    this.invalidate();
  }

  setPanes(panes: readonly Pane[]): void {
    this.panes = panes;
    this.painter.keepPanes(panes.map(({ id }) => id));
    this.invalidate();
  }

  /** `moving` says that more movement is expected at once. */
  setCamera(camera: Camera, moving: boolean): void {
    this.camera = camera;
    if (moving) this.keepMoving();
    this.invalidate();
  }

  setRule(rule: PoolRule): void {
    this.rule = rule;
    this.invalidate();
  }

  /** Colour around the matrices and of cells that do not exist, 0xrrggbb. */
  setBackground(background: number): void {
    this.background = background;
    this.invalidate();
  }

  /** Asks for a frame; any number of calls make one. */
  readonly invalidate = (): void => {
    if (this.requested === 0) this.requested = requestAnimationFrame(this.onDisplay);
  };

  /** Draws at once; for tests and measurements. Returns what was drawn. */
  drawNow(): FrameInfo {
    const moving = this.restTimer !== null;
    const divisor = moving ? this.painter.motion.divisor : 1;
    const ratio = window.devicePixelRatio / divisor;
    this.painter.startFrame(this.size, ratio, this.background);
    this.loader.startFrame();
    const frames = this.panes.map((pane) => this.drawPane(pane, ratio));
    return together(frames, { divisor, moving, tileBytes: this.loader.bytes, cpu: this.cpu });
  }

  dispose(): void {
    cancelAnimationFrame(this.requested);
    if (this.restTimer !== null) clearTimeout(this.restTimer);
    this.loader.dispose();
    this.painter.dispose();
  }

  private drawPane(pane: Pane, ratio: number): PaneFrame {
    const { camera, rule } = this;
    const { tiles, frame } = tilesOfPane(pane, { camera, rule, ratio }, this.loader);
    const { size, special } = pane.matrix.status;
    this.painter.drawPane({ ...pane, size, special }, tiles, { camera, ratio });
    return frame;
  }

  /** The display is ready for the frame that was asked for; `time` as in requestAnimationFrame, in ms. */
  private readonly onDisplay = (time: number): void => {
    this.requested = 0;
    if (!this.painter.ready) return;
    const info = this.drawNow();
    const since = time - this.lastFrame;
    if (info.moving && this.lastFrame > 0 && since < ONE_MOVEMENT_MS) this.painter.motion.record(since);
    this.lastFrame = info.moving ? time : 0;
    this.onFrame(info);
  };

  private keepMoving(): void {
    if (this.restTimer !== null) clearTimeout(this.restTimer);
    this.restTimer = setTimeout(() => {
      this.restTimer = null;
      this.invalidate();
    }, REST_MS);
  }
}

/** The frame all panes make together. */
function together(frames: readonly PaneFrame[], rest: Pick<FrameInfo, 'divisor' | 'moving' | 'tileBytes' | 'cpu'>): FrameInfo {
  const level = largestOf(
    frames.map((frame) => frame.level),
    0,
  );
  const wanted = largestOf(
    frames.map((frame) => frame.wanted),
    0,
  );
  return { ...rest, level, wanted, complete: frames.every((frame) => frame.complete) };
}
