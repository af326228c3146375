// What both stages do alike: they keep what is to be drawn, draw one frame for any number of changes, and tell
// movement from rest. How a pane comes onto the canvas is each stage's own part.
import type { Camera, Viewport } from '@shared/matrix/camera';
import type { PaneFrame } from './pane-tiles';
import type { PoolRule } from '@shared/matrix/pool';
import type { FrameInfo, Pane, Stage } from './stage';
import { TileCache } from './tile-cache';
import { releaseTile, TILE_BUDGET_BYTES, TileLoader, type TileTexture } from './tile-loader';

/** Time after the last movement until the full picture is drawn, in ms. */
const REST_MS = 60;

export abstract class FrameStage implements Stage {
  protected readonly cache = new TileCache<TileTexture>(TILE_BUDGET_BYTES, releaseTile);
  protected readonly loader = new TileLoader(this.cache, () => this.invalidate());
  protected panes: readonly Pane[] = [];
  protected camera: Camera = { x: 0, y: 0, zoom: 1 };
  protected rule: PoolRule = 'maxMagnitude';
  protected size: Viewport = { width: 1, height: 1 };
  protected background = 0;
  /** Whether the picture is computed without WebGL2. */
  protected abstract readonly cpu: boolean;
  private restTimer: ReturnType<typeof setTimeout> | null = null;
  private requested = 0;

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
    const divisor = moving ? this.movingDivisor() : 1;
    const ratio = window.devicePixelRatio / divisor;
    this.startFrame(ratio);
    this.cache.nextFrame();
    this.loader.startFrame();
    const frames = this.panes.map((pane) => this.drawPane(pane, ratio));
    return together(frames, { divisor, moving, tileBytes: this.cache.bytes, cpu: this.cpu });
  }

  dispose(): void {
    cancelAnimationFrame(this.requested);
    if (this.restTimer !== null) clearTimeout(this.restTimer);
    this.cache.drop('');
  }

  /** Drawing resolution while moving is 1 / this of the full one. */
  protected abstract movingDivisor(): number;
  /** Makes the canvas ready for a frame of `ratio` pixels per CSS pixel. */
  protected abstract startFrame(ratio: number): void;
  protected abstract drawPane(pane: Pane, ratio: number): PaneFrame;
  /** The display is ready for the frame that was asked for; `time` as in requestAnimationFrame, in ms. */
  protected abstract onDisplay(time: number): void;

  private readonly draw = (time: number): void => {
    this.requested = 0;
    this.onDisplay(time);
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
  const level = Math.max(0, ...frames.map((frame) => frame.level));
  const wanted = Math.max(0, ...frames.map((frame) => frame.wanted));
  return { ...rest, level, wanted, complete: frames.every((frame) => frame.complete) };
}
