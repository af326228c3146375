// Runs in the browser: the two viewers that the studio's is compared with. Each draws the same matrix with the same
// colours: sampled into image data for each frame, or as one texture without tiles.
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
import type { Camera, Viewport } from '@shared/matrix/camera';
import { LUT_LENGTH, lutOf } from '@shared/colour/table';
import { canvasOf, drawnBy, LIMIT, readOnePixel, wholeOf, type BenchMatrix, type Viewer } from './viewer';

const nextFrame = (): Promise<number> => new Promise((resolve) => requestAnimationFrame(resolve));

/** The plain way: each frame the viewport is sampled from the array (nearest cell) and put as image data. */
export function canvasViewer(size: Viewport): Viewer {
  const canvas = canvasOf(size);
  const context = canvas.getContext('2d') as CanvasRenderingContext2D;
  const image = context.createImageData(size.width, size.height);
  const pixels = new Uint32Array(image.data.buffer);
  const lut = new Uint32Array(lutOf('blue-orange').buffer);
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
  const lut = new DataTexture(lutOf('blue-orange'), LUT_LENGTH, 1, RGBAFormat);
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
