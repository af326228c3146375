// Draws panes of matrices with three.js: a scene a pane, float tiles as textures, colours in the shader. Becomes ready
// once its shaders are compiled, which holds nothing up.
import { Color, LinearSRGBColorSpace, WebGLRenderer, type DataTexture } from 'three';
import type { Viewport } from '@shared/matrix/camera';
import { isSoftwareRenderer, rendererName } from '@shared/base/software-renderer';
import { MotionQuality } from '@shared/matrix/motion';
import type { FrameView, Painter, PaneView, PlacedTile } from '@shared/matrix/pane';
import type { Tile } from '@shared/matrix/pyramid';
import { PaneScene } from './pane-scene';
import { textureOf } from './tile-texture';

export class GpuPainter implements Painter<DataTexture> {
  readonly cpu = false;
  /** The renderer's name says that the CPU draws. */
  readonly software: boolean;
  readonly motion: MotionQuality;
  private readonly renderer: WebGLRenderer;
  private readonly scenes = new Map<string, PaneScene>();
  private readonly clearColor = new Color();
  private applied: { readonly ratio: number; readonly size: Viewport } | null = null;
  private readonly compilers = [new PaneScene(), new PaneScene()];
  private compiled = false;

  /** Throws an Error when WebGL2 cannot be had. `invalidate` asks for a frame. */
  constructor(
    canvas: HTMLCanvasElement,
    private readonly invalidate: () => void,
  ) {
    this.renderer = new WebGLRenderer({ canvas, antialias: false, depth: false, stencil: false, alpha: false });
    this.renderer.autoClear = false;
    this.renderer.outputColorSpace = LinearSRGBColorSpace;
    this.renderer.setScissorTest(true);
    this.software = isSoftwareRenderer(rendererName(this.renderer.getContext()));
    this.motion = new MotionQuality(this.software ? 2 : 1);
    // A failing shader shows in the tests; asking the driver here would wait for it.
    this.renderer.debug.checkShaderErrors = false;
    void this.compile();
  }

  get ready(): boolean {
    return this.compiled;
  }

  contentOf(tile: Tile): DataTexture {
    return textureOf(tile);
  }

  release(texture: DataTexture): void {
    texture.dispose();
  }

  keepPanes(ids: readonly string[]): void {
    for (const [id, scene] of this.scenes) {
      if (ids.includes(id)) continue;
      scene.dispose();
      this.scenes.delete(id);
    }
  }

  startFrame(size: Viewport, ratio: number, background: number): void {
    this.clearColor.setHex(background, LinearSRGBColorSpace);
    if (this.applied?.ratio === ratio && this.applied.size === size) return;
    this.applied = { ratio, size };
    this.renderer.setPixelRatio(ratio);
    this.renderer.setSize(size.width, size.height, false);
  }

  drawPane(pane: PaneView, tiles: readonly PlacedTile<DataTexture>[], view: FrameView): void {
    const { rect } = pane;
    const { ratio } = view;
    const bottom = (this.applied?.size.height ?? rect.height) - rect.y - rect.height;
    this.renderer.setViewport(rect.x, bottom, rect.width, rect.height);
    this.renderer.setScissor(rect.x, bottom, rect.width, rect.height);
    this.renderer.setClearColor(this.clearColor, 1);
    this.renderer.clear(true, false, false);
    const corner: readonly [number, number] = [Math.floor(rect.x * ratio), Math.floor(bottom * ratio) + Math.floor(rect.height * ratio)];
    const scene = this.sceneOf(pane.id);
    scene.update(pane, tiles, { ...view, corner });
    this.renderer.render(scene.scene, scene.view);
  }

  /** RGBA of the last drawn frame, rows from the bottom; call right after it was drawn. */
  readPixels(): { width: number; height: number; pixels: Uint8Array } {
    const gl = this.renderer.getContext();
    const { drawingBufferWidth: width, drawingBufferHeight: height } = gl;
    const pixels = new Uint8Array(width * height * 4);
    gl.readPixels(0, 0, width, height, gl.RGBA, gl.UNSIGNED_BYTE, pixels);
    return { width, height, pixels };
  }

  dispose(): void {
    for (const scene of [...this.scenes.values(), ...this.compilers]) scene.dispose();
    this.renderer.dispose();
  }

  /** The linear shaders live as long as these scenes, so that no first picture waits for one. */
  private async compile(): Promise<void> {
    const [ordinary, special] = this.compilers;
    await ordinary.compile(this.renderer, { MODE: 0, SPECIAL: 0 });
    await special.compile(this.renderer, { MODE: 0, SPECIAL: 1 });
    this.compiled = true;
    this.invalidate();
  }

  private sceneOf(id: string): PaneScene {
    const known = this.scenes.get(id);
    if (known) return known;
    const scene = new PaneScene();
    this.scenes.set(id, scene);
    return scene;
  }
}
