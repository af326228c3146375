// The panes drawn by the CPU into a plain canvas, where there is no WebGL2: the same tiles, the same colours
// (the twin of the shader), fewer pixels while moving. Invariant: at rest every pixel is true.
import { FrameStage } from './frame-stage';
import { paintTile } from './paint-tile';
import { tilesOfPane, type PaneFrame } from './pane-tiles';
import type { FrameInfo, Pane } from './stage';

/** Drawing resolution while moving is 1 / this of the full one. */
const MOVING_DIVISOR = 3;

export class CpuStage extends FrameStage {
  protected readonly cpu = true;
  private readonly context: CanvasRenderingContext2D;

  /** Throws an Error when the canvas has another context. `onFrame` is called after each drawn frame. */
  constructor(
    private readonly canvas: HTMLCanvasElement,
    private readonly onFrame: (info: FrameInfo) => void,
  ) {
    super();
    const context = canvas.getContext('2d');
    if (!context) throw new Error('this canvas cannot be drawn on');
    this.context = context;
  }

  protected movingDivisor(): number {
    return MOVING_DIVISOR;
  }

  protected startFrame(ratio: number): void {
    const { canvas, context, size } = this;
    Object.assign(canvas, { width: Math.max(1, Math.floor(size.width * ratio)), height: Math.max(1, Math.floor(size.height * ratio)) });
    context.fillStyle = `#${this.background.toString(16).padStart(6, '0')}`;
    context.fillRect(0, 0, canvas.width, canvas.height);
  }

  protected drawPane(pane: Pane, ratio: number): PaneFrame {
    const { rect } = pane;
    const { tiles, frame } = tilesOfPane(pane, { camera: this.camera, rule: this.rule, ratio }, this.loader);
    const image = this.context.createImageData(Math.max(1, Math.floor(rect.width * ratio)), Math.max(1, Math.floor(rect.height * ratio)));
    new Uint32Array(image.data.buffer).fill(backgroundBytes(this.background));
    for (const tile of tiles) paintTile(image, tile, pane, this.camera, ratio);
    this.context.putImageData(image, Math.floor(rect.x * ratio), Math.floor(rect.y * ratio));
    return frame;
  }

  protected onDisplay(): void {
    this.onFrame(this.drawNow());
  }
}

/** 0xrrggbb as an opaque pixel of little-endian RGBA bytes. */
function backgroundBytes(background: number): number {
  return (0xff000000 | ((background & 255) << 16) | (background & 0xff00) | (background >> 16)) >>> 0;
}
