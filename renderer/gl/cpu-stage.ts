// The panes drawn by the CPU into a plain canvas, where there is no WebGL2: the same tiles, the same colours
// (the twin of the shader), fewer pixels while moving. Invariant: at rest every pixel is true.
import type { Camera, Viewport } from './camera';
import { paintTile } from './paint-tile';
import { tilesOfPane, type PaneFrame } from './pane-tiles';
import type { PoolRule } from './pool';
import { frameOf, REST_MS, type FrameInfo, type Pane, type Stage } from './stage';
import { TileCache } from './tile-cache';
import { releaseTile, TILE_BUDGET_BYTES, TileLoader, type TileTexture } from './tile-loader';

/** Drawing resolution while moving is 1 / this of the full one. */
const MOVING_DIVISOR = 3;

export class CpuStage implements Stage {
  private readonly context: CanvasRenderingContext2D;
  private readonly cache = new TileCache<TileTexture>(TILE_BUDGET_BYTES, releaseTile);
  private readonly loader = new TileLoader(this.cache, () => this.invalidate());
  private panes: readonly Pane[] = [];
  private camera: Camera = { x: 0, y: 0, zoom: 1 };
  private rule: PoolRule = 'maxMagnitude';
  private size: Viewport = { width: 1, height: 1 };
  private background = 0;
  private restTimer: ReturnType<typeof setTimeout> | null = null;
  private requested = 0;

  /** Throws an Error when the canvas has another context. `onFrame` is called after each drawn frame. */
  constructor(
    private readonly canvas: HTMLCanvasElement,
    private readonly onFrame: (info: FrameInfo) => void,
  ) {
    const context = canvas.getContext('2d');
    if (!context) throw new Error('this canvas cannot be drawn on');
    this.context = context;
  }

  setSize(size: Viewport): void {
    this.size = size;
    this.invalidate();
  }

  setPanes(panes: readonly Pane[]): void {
    this.panes = panes;
    this.invalidate();
  }

  setCamera(camera: Camera, moving: boolean): void {
    this.camera = camera;
    if (moving) this.keepMoving();
    this.invalidate();
  }

  setRule(rule: PoolRule): void {
    this.rule = rule;
    this.invalidate();
  }

  setBackground(background: number): void {
    this.background = background;
    this.invalidate();
  }

  readonly invalidate = (): void => {
    if (this.requested === 0) this.requested = requestAnimationFrame(this.draw);
  };

  drawNow(): FrameInfo {
    const moving = this.restTimer !== null;
    const divisor = moving ? MOVING_DIVISOR : 1;
    const ratio = window.devicePixelRatio / divisor;
    const { canvas, context, size } = this;
    Object.assign(canvas, { width: Math.max(1, Math.floor(size.width * ratio)), height: Math.max(1, Math.floor(size.height * ratio)) });
    context.fillStyle = `#${this.background.toString(16).padStart(6, '0')}`;
    context.fillRect(0, 0, canvas.width, canvas.height);
    this.cache.nextFrame();
    this.loader.startFrame();
    const frames = this.panes.map((pane) => this.drawPane(pane, ratio));
    return frameOf(frames, { divisor, moving, tileBytes: this.cache.bytes, cpu: true });
  }

  dispose(): void {
    cancelAnimationFrame(this.requested);
    if (this.restTimer !== null) clearTimeout(this.restTimer);
    this.cache.drop('');
  }

  private readonly draw = (): void => {
    this.requested = 0;
    this.onFrame(this.drawNow());
  };

  private keepMoving(): void {
    if (this.restTimer !== null) clearTimeout(this.restTimer);
    this.restTimer = setTimeout(() => {
      this.restTimer = null;
      this.invalidate();
    }, REST_MS);
  }

  private drawPane(pane: Pane, ratio: number): PaneFrame {
    const { rect } = pane;
    const { tiles, frame } = tilesOfPane(pane, { camera: this.camera, rule: this.rule, ratio }, this.loader);
    const image = this.context.createImageData(Math.max(1, Math.floor(rect.width * ratio)), Math.max(1, Math.floor(rect.height * ratio)));
    new Uint32Array(image.data.buffer).fill(backgroundBytes(this.background));
    for (const tile of tiles) paintTile(image, tile, pane, this.camera, ratio);
    this.context.putImageData(image, Math.floor(rect.x * ratio), Math.floor(rect.y * ratio));
    return frame;
  }
}

/** 0xrrggbb as an opaque pixel of little-endian RGBA bytes. */
function backgroundBytes(background: number): number {
  return (0xff000000 | ((background & 255) << 16) | (background & 0xff00) | (background >> 16)) >>> 0;
}
