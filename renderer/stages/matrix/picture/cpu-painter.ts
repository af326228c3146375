// The panes drawn by the CPU into a plain canvas, where there is no WebGL2: the same tiles, the same colours
// (the twin of the shader), fewer pixels while moving. Invariant: at rest every pixel is true.
import type { Viewport } from '@shared/matrix/camera';
import type { FrameView, Painter, PaneView, PlacedTile } from '@shared/matrix/pane';
import { paintTile } from './paint-tile';

/** Drawing resolution while moving is 1 / this of the full one. */
const MOVING_DIVISOR = 3;

export class CpuPainter implements Painter<null> {
  readonly cpu = true;
  readonly ready = true;
  readonly motion = { divisor: MOVING_DIVISOR, record: () => undefined };
  private readonly context: CanvasRenderingContext2D;
  private background = 0;

  /** Throws an Error when the canvas has another context. */
  constructor(private readonly canvas: HTMLCanvasElement) {
    const context = canvas.getContext('2d');
    if (!context) throw new Error('this canvas cannot be drawn on');
    this.context = context;
  }

  contentOf(): null {
    return null;
  }

  startFrame(size: Viewport, ratio: number, background: number): void {
    const { canvas, context } = this;
    this.background = background;
    Object.assign(canvas, { width: Math.max(1, Math.floor(size.width * ratio)), height: Math.max(1, Math.floor(size.height * ratio)) });
    context.fillStyle = `#${background.toString(16).padStart(6, '0')}`;
    context.fillRect(0, 0, canvas.width, canvas.height);
  }

  drawPane(pane: PaneView, tiles: readonly PlacedTile<null>[], view: FrameView): void {
    const { rect } = pane;
    const { ratio } = view;
    const image = this.context.createImageData(Math.max(1, Math.floor(rect.width * ratio)), Math.max(1, Math.floor(rect.height * ratio)));
    new Uint32Array(image.data.buffer).fill(backgroundBytes(this.background));
    for (const tile of tiles) paintTile(image, tile, pane, view);
    this.context.putImageData(image, Math.floor(rect.x * ratio), Math.floor(rect.y * ratio));
  }

  // The canvas is all that is held.
  release(): void {}
  keepPanes(): void {}
  dispose(): void {}
}

/** 0xrrggbb as an opaque pixel of little-endian RGBA bytes. */
function backgroundBytes(background: number): number {
  return (0xff000000 | ((background & 255) << 16) | (background & 0xff00) | (background >> 16)) >>> 0;
}
