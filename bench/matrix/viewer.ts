// Runs in the browser: what a viewer must do to be compared, and what all of them share: the canvas, the camera
// that shows everything, and how the end of a frame is known (a GPU fence, or a pixel read back).
import type { Camera, Viewport } from '@shared/matrix/camera';

/** A square picture of `side` cells; stored as `columns` per row when block-diagonal. */
export interface BenchMatrix {
  readonly side: number;
  readonly columns: number;
  readonly groups: number;
  readonly values: Float32Array;
}

/** What a viewer must do to be measured. */
export interface Viewer {
  /** Resolves when the first picture is on the canvas. */
  open(matrix: BenchMatrix): Promise<void>;
  /** Draws at this camera while moving; resolves when the frame is done. */
  frame(camera: Camera): Promise<void>;
  /** Draws at this camera at once, as while moving, and blocks until every pixel is there: no display's rate caps it. */
  forced(camera: Camera): void;
  /** Resolves when the full picture is there again after movement; absent where every frame is full. */
  rest?(): Promise<void>;
  /** Extra facts for the report. */
  facts(): Record<string, number | string>;
  close(): void;
}

/** Values lie between -LIMIT and LIMIT: the ends of the colours. */
export const LIMIT = 3;

/** The page's only canvas, of `size` pixels. */
export function canvasOf({ width, height }: Viewport): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  Object.assign(canvas, { width, height });
  Object.assign(canvas.style, { width: `${width}px`, height: `${height}px`, display: 'block' });
  document.body.replaceChildren(canvas);
  return canvas;
}

/** The camera that shows the whole square of `side` cells. */
export function wholeOf(side: number, { width, height }: Viewport): Camera {
  return { x: side / 2, y: side / 2, zoom: Math.min(width, height) / side };
}

/** Asking for the fence may itself block; switched off while the page's own long tasks are watched. */
export const waits = { enabled: true };

/** Resolves when the GPU has drawn everything asked for until now. */
export async function drawnBy(gl: WebGL2RenderingContext): Promise<void> {
  if (!waits.enabled) return;
  const fence = gl.fenceSync(gl.SYNC_GPU_COMMANDS_COMPLETE, 0);
  gl.flush();
  while (fence && gl.getSyncParameter(fence, gl.SYNC_STATUS) !== gl.SIGNALED) await turn();
  gl.deleteSync(fence);
}

/** Blocks until the GPU has drawn. */
export function readOnePixel(gl: WebGL2RenderingContext): void {
  gl.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, new Uint8Array(4));
}

const channel = new MessageChannel();
let resumeTurn: (() => void) | null = null;
channel.port1.onmessage = () => resumeTurn?.();
/** Lets one turn of the event loop pass. */
export function turn(): Promise<void> {
  return new Promise((resolve) => {
    resumeTurn = resolve;
    channel.port2.postMessage(null);
  });
}
