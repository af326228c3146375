// Runs in the browser: the viewers that are compared. Each draws the same matrix with the same colours into a
// canvas of the page and says when its frame is finished (a GPU fence).
import {
  DataTexture,
  FloatType,
  GLSL3,
  LinearSRGBColorSpace,
  Mesh,
  NearestFilter,
  OrthographicCamera,
  PlaneGeometry,
  RawShaderMaterial,
  RedFormat,
  RGBAFormat,
  Scene,
  Vector2,
  WebGLRenderer,
} from 'three';
import type { Camera, Viewport } from '../../renderer/gl/camera';
import { LUT_LENGTH, lutOf } from '../../renderer/gl/colormap';
import type { Layout } from '../../renderer/gl/geometry';
import { MatrixClient } from '../../renderer/gl/matrix-client';
import { defaultScale } from '../../renderer/gl/scale';
import { MatrixStage, type FrameInfo } from '../../renderer/gl/stage';

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

export const LIMIT = 3;
const nextFrame = (): Promise<number> => new Promise((resolve) => requestAnimationFrame(resolve));

function canvasOf({ width, height }: Viewport): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  Object.assign(canvas, { width, height });
  Object.assign(canvas.style, { width: `${width}px`, height: `${height}px`, display: 'block' });
  document.body.replaceChildren(canvas);
  return canvas;
}

/** The explorer's own stage with its worker. */
export function ourViewer(size: Viewport): Viewer {
  return new StudioViewer(size);
}

class StudioViewer implements Viewer {
  private readonly canvas: HTMLCanvasElement;
  private readonly client = new MatrixClient(new Worker('/worker.js', { type: 'module' }));
  private readonly stage: MatrixStage;
  private waiting: ((info: FrameInfo) => void)[] = [];
  private last: FrameInfo | null = null;
  private coarsestDivisor = 1;
  private shown = '';

  constructor(private readonly size: Viewport) {
    this.canvas = canvasOf(size);
    this.stage = new MatrixStage(this.canvas, (info) => this.onFrame(info));
    this.stage.setSize(size);
  }

  async open({ side, columns, groups, values }: BenchMatrix): Promise<void> {
    const { stage, client, size } = this;
    const rect = { x: 0, y: 0, ...size };
    const layout: Layout = groups > 1 ? { kind: 'blockDiagonal', groups } : { kind: 'stored' };
    stage.setPanes([{ id: 'matrix', matrix: client, rect, frame: rect, scale: defaultScale(LIMIT) }]);
    stage.setCamera(wholeOf(side, size), false);
    client.subscribe(this.redraw);
    client.open({ rows: side, columns, layout, origin: { kind: 'values', values } });
    // The frames before the matrix is there are empty and complete nothing.
    for (let info = await this.drawn(); !info.complete; ) info = await this.drawn();
  }

  async frame(camera: Camera): Promise<void> {
    this.stage.setCamera(camera, true);
    await this.drawn();
  }

  forced(camera: Camera): void {
    this.stage.setCamera(camera, true);
    this.stage.drawNow();
    readOnePixel(this.canvas.getContext('webgl2') as WebGL2RenderingContext);
  }

  async rest(): Promise<void> {
    while (this.last === null || this.last.moving || !this.last.complete) await this.drawn();
  }

  facts(): Record<string, number | string> {
    const { status } = this.client;
    const tileMiB = Math.round((this.last?.tileBytes ?? 0) / 2 ** 20);
    const renderer = this.stage.software ? 'software' : 'gpu';
    return { pyramidMs: Math.round(status.pyramidMilliseconds ?? NaN), tileMiB, coarsestDivisor: this.coarsestDivisor, renderer };
  }

  close(): void {
    this.stage.dispose();
    this.client.dispose();
  }

  /** As the view does: a report of progress alone draws nothing. */
  private readonly redraw = (): void => {
    const { generation, pictured, loadedRows } = this.client.status;
    const shown = `${generation}/${pictured}/${loadedRows}`;
    if (shown !== this.shown) this.stage.invalidate();
    this.shown = shown;
  };

  private onFrame(info: FrameInfo): void {
    this.last = info;
    this.coarsestDivisor = Math.max(this.coarsestDivisor, info.divisor);
    const told = this.waiting;
    this.waiting = [];
    for (const tell of told) tell(info);
  }

  private async drawn(): Promise<FrameInfo> {
    const info = await new Promise<FrameInfo>((resolve) => this.waiting.push(resolve));
    await drawnBy(this.canvas.getContext('webgl2') as WebGL2RenderingContext);
    return info;
  }
}

export function wholeOf(side: number, { width, height }: Viewport): Camera {
  return { x: side / 2, y: side / 2, zoom: Math.min(width, height) / side };
}

/** Asking for the fence may itself block; switched off while the page's own long tasks are watched. */
export const waits = { enabled: true };

/** Resolves when the GPU has drawn everything asked for until now. */
async function drawnBy(gl: WebGL2RenderingContext): Promise<void> {
  if (!waits.enabled) return;
  const fence = gl.fenceSync(gl.SYNC_GPU_COMMANDS_COMPLETE, 0);
  gl.flush();
  while (fence && gl.getSyncParameter(fence, gl.SYNC_STATUS) !== gl.SIGNALED) await turn();
  gl.deleteSync(fence);
}

/** Blocks until the GPU has drawn. */
function readOnePixel(gl: WebGL2RenderingContext): void {
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

/** The plain way: each frame the viewport is sampled from the array (nearest cell) and put as image data. */
export function canvasViewer(size: Viewport): Viewer {
  const canvas = canvasOf(size);
  const context = canvas.getContext('2d') as CanvasRenderingContext2D;
  const image = context.createImageData(size.width, size.height);
  const pixels = new Uint32Array(image.data.buffer);
  const lut = new Uint32Array(lutOf('blueOrange').buffer);
  let matrix: BenchMatrix | null = null;
  const draw = (camera: Camera): void => {
    if (matrix) sample(matrix, camera, size, lut, pixels);
    context.putImageData(image, 0, 0);
    context.getImageData(0, 0, 1, 1);
  };
  return {
    async open(opened) {
      matrix = opened;
      await nextFrame();
      draw(wholeOf(opened.side, size));
    },
    async frame(camera) {
      await nextFrame();
      draw(camera);
    },
    forced: draw,
    facts: () => ({}),
    close: () => undefined,
  };
}

function sample(
  { side, columns, groups, values }: BenchMatrix,
  camera: Camera,
  { width, height }: Viewport,
  lut: Uint32Array,
  out: Uint32Array,
): void {
  const blockRows = side / groups;
  const columnAt = Int32Array.from({ length: width }, (_, x) => Math.floor(camera.x + (x + 0.5 - width / 2) / camera.zoom));
  const gain = LUT_LENGTH / (2 * LIMIT);
  for (let y = 0; y < height; y++) {
    const row = Math.floor(camera.y + (y + 0.5 - height / 2) / camera.zoom);
    const first = Math.floor(row / blockRows) * columns;
    for (let x = 0; x < width; x++) {
      const column = columnAt[x] - first;
      const inside = row >= 0 && row < side && columnAt[x] >= 0 && columnAt[x] < side;
      const value = inside && column >= 0 && column < columns ? values[row * columns + column] : 0;
      out[y * width + x] = inside ? lut[Math.max(0, Math.min(LUT_LENGTH - 1, ((value + LIMIT) * gain) | 0))] : 0;
    }
  }
}

/** One float texture for the whole matrix and a colour-table shader, nearest cell per pixel. */
export function untiledViewer(size: Viewport): Viewer {
  return new UntiledViewer(size);
}

class UntiledViewer implements Viewer {
  private readonly renderer: WebGLRenderer;
  private readonly scene = new Scene();
  private readonly view = new OrthographicCamera(-1, 1, 1, -1, -1, 1);
  private readonly corner = new Vector2();
  private readonly perPixel = { value: 1 };
  private side = 0;

  constructor(private readonly size: Viewport) {
    this.renderer = new WebGLRenderer({ canvas: canvasOf(size), antialias: false, depth: false, stencil: false });
    this.renderer.outputColorSpace = LinearSRGBColorSpace;
    this.renderer.setSize(size.width, size.height, false);
  }

  async open({ side, groups, values }: BenchMatrix): Promise<void> {
    const limit = this.renderer.capabilities.maxTextureSize;
    if (groups > 1 || side > limit) throw new Error(`one texture holds at most ${limit} x ${limit}`);
    this.side = side;
    const { corner, perPixel, size } = this;
    const material = untiledMaterial(values, side, { corner: { value: corner }, perPixel, height: { value: size.height } });
    this.scene.add(new Mesh(new PlaneGeometry(2, 2), material));
    await this.frame(wholeOf(side, size));
  }

  async frame(camera: Camera): Promise<void> {
    await nextFrame();
    this.render(camera);
    await drawnBy(this.gl);
  }

  forced(camera: Camera): void {
    this.render(camera);
    readOnePixel(this.gl);
  }

  facts(): Record<string, number | string> {
    return { tileMiB: this.side ** 2 / 2 ** 18 };
  }

  close(): void {
    this.scene.traverse((object) => object instanceof Mesh && (object.material as RawShaderMaterial).uniforms.cells.value.dispose());
    this.renderer.dispose();
  }

  private get gl(): WebGL2RenderingContext {
    return this.renderer.getContext() as WebGL2RenderingContext;
  }

  private render(camera: Camera): void {
    const { side, size } = this;
    this.perPixel.value = 1 / camera.zoom / side;
    this.corner.set((camera.x - size.width / 2 / camera.zoom) / side, (camera.y - size.height / 2 / camera.zoom) / side);
    this.renderer.render(this.scene, this.view);
  }
}

function untiledMaterial(values: Float32Array, side: number, uniforms: Record<string, { value: unknown }>): RawShaderMaterial {
  const cells = new DataTexture(values, side, side, RedFormat, FloatType);
  cells.internalFormat = 'R32F';
  const lut = new DataTexture(lutOf('blueOrange'), LUT_LENGTH, 1, RGBAFormat);
  for (const texture of [cells, lut]) Object.assign(texture, { minFilter: NearestFilter, magFilter: NearestFilter, needsUpdate: true });
  return new RawShaderMaterial({
    glslVersion: GLSL3,
    depthTest: false,
    uniforms: { ...uniforms, cells: { value: cells }, lut: { value: lut }, gain: { value: 1 / (2 * LIMIT) } },
    vertexShader: 'in vec3 position; void main() { gl_Position = vec4(position, 1.0); }',
    fragmentShader: `precision highp float; precision highp sampler2D;
      uniform sampler2D cells, lut; uniform vec2 corner; uniform float perPixel, height, gain; out vec4 color;
      void main() {
        vec2 at = corner + vec2(gl_FragCoord.x, height - gl_FragCoord.y) * perPixel;
        if (any(lessThan(at, vec2(0.0))) || any(greaterThan(at, vec2(1.0)))) { color = vec4(0.0); return; }
        color = texture(lut, vec2(texture(cells, at).r * gain + 0.5, 0.5));
      }`,
  });
}
