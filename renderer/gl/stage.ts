// Draws matrices with three.js: panes side by side on one canvas, float tiles, colours in the shader, a frame
// only when something changed. While moving, the drawing resolution (and with it the pooling level) drops on
// slow renderers; at rest every pixel is true. Invariant: no frame is drawn without a change.
import { Color, LinearSRGBColorSpace, WebGLRenderer } from 'three';
import type { Camera, Viewport } from '@shared/matrix/camera';
import { FrameStage } from './frame-stage';
import { isSoftwareRenderer, MotionQuality } from './motion';
import { PaneScene } from './pane-scene';
import type { PaneFrame } from './pane-tiles';
import type { PoolRule } from '@shared/matrix/pool';
import type { ColorScale } from '@shared/colour/scale';
import type { MatrixClient } from '../workers/matrix/matrix-client';

/** A rectangle of the canvas in CSS pixels, from the upper left corner. */
export interface Rect extends Viewport {
  readonly x: number;
  readonly y: number;
}

/** A matrix and where to draw it. Panes may overlap; later ones lie above. */
export interface Pane {
  readonly id: string;
  readonly matrix: MatrixClient;
  readonly rect: Rect;
  /** Centre of the camera relates to this rectangle (the split slider clips panes but not their cameras). */
  readonly frame: Rect;
  readonly scale: ColorScale;
}

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

/** What draws panes on a canvas. */
export interface Stage {
  /** Canvas size in CSS pixels. */
  setSize(size: Viewport): void;
  setPanes(panes: readonly Pane[]): void;
  /** `moving` says that more movement is expected at once. */
  setCamera(camera: Camera, moving: boolean): void;
  setRule(rule: PoolRule): void;
  /** Colour around the matrices and of cells that do not exist, 0xrrggbb. */
  setBackground(background: number): void;
  /** Asks for a frame; any number of calls make one. */
  readonly invalidate: () => void;
  /** Draws at once; for tests and measurements. Returns what was drawn. */
  drawNow(): FrameInfo;
  dispose(): void;
}

export class MatrixStage extends FrameStage {
  /** The renderer's name says that the CPU draws. */
  readonly software: boolean;
  protected readonly cpu = false;
  private readonly renderer: WebGLRenderer;
  private readonly quality: MotionQuality;
  private readonly scenes = new Map<string, PaneScene>();
  private readonly clearColor = new Color();
  private lastFrame = 0;
  private appliedRatio = 0;
  private readonly compilers = [new PaneScene(), new PaneScene()];
  private compiled = false;

  /** Throws an Error when WebGL2 cannot be had. `onFrame` is called after each drawn frame. */
  constructor(
    private readonly canvas: HTMLCanvasElement,
    private readonly onFrame: (info: FrameInfo) => void,
  ) {
    super();
    this.renderer = new WebGLRenderer({ canvas, antialias: false, depth: false, stencil: false, alpha: false });
    this.renderer.autoClear = false;
    this.renderer.outputColorSpace = LinearSRGBColorSpace;
    this.renderer.setScissorTest(true);
    this.software = isSoftwareRenderer(rendererName(this.renderer.getContext()));
    this.quality = new MotionQuality(this.software ? 2 : 1);
    canvas.addEventListener('webglcontextrestored', this.invalidate);
    // A failing shader shows in the tests; asking the driver here would wait for it.
    this.renderer.debug.checkShaderErrors = false;
    void this.compile();
  }

  override setSize(size: Viewport): void {
    this.appliedRatio = 0;
    super.setSize(size);
  }

  override setPanes(panes: readonly Pane[]): void {
    for (const [id, scene] of this.scenes) {
      if (panes.some((pane) => pane.id === id)) continue;
      scene.dispose();
      this.scenes.delete(id);
    }
    super.setPanes(panes);
  }

  /** RGBA of the last drawn frame, rows from the bottom; call right after drawNow(). */
  readPixels(): { width: number; height: number; pixels: Uint8Array } {
    const gl = this.renderer.getContext();
    const { drawingBufferWidth: width, drawingBufferHeight: height } = gl;
    const pixels = new Uint8Array(width * height * 4);
    gl.readPixels(0, 0, width, height, gl.RGBA, gl.UNSIGNED_BYTE, pixels);
    return { width, height, pixels };
  }

  override dispose(): void {
    this.canvas.removeEventListener('webglcontextrestored', this.invalidate);
    for (const scene of this.scenes.values()) scene.dispose();
    for (const compiler of this.compilers) compiler.dispose();
    super.dispose();
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

  protected onDisplay(time: number): void {
    if (!this.compiled) return;
    const info = this.drawNow();
    if (info.moving && this.lastFrame > 0 && time - this.lastFrame < 500) this.quality.record(time - this.lastFrame);
    this.lastFrame = info.moving ? time : 0;
    this.onFrame(info);
  }

  protected movingDivisor(): number {
    return this.quality.divisor;
  }

  protected startFrame(ratio: number): void {
    this.clearColor.setHex(this.background, LinearSRGBColorSpace);
    this.applyRatio(ratio);
  }

  private applyRatio(ratio: number): void {
    if (ratio === this.appliedRatio) return;
    this.appliedRatio = ratio;
    this.renderer.setPixelRatio(ratio);
    this.renderer.setSize(this.size.width, this.size.height, false);
  }

  protected drawPane(pane: Pane, ratio: number): PaneFrame {
    const { rect } = pane;
    const bottom = this.size.height - rect.y - rect.height;
    this.renderer.setViewport(rect.x, bottom, rect.width, rect.height);
    this.renderer.setScissor(rect.x, bottom, rect.width, rect.height);
    this.renderer.setClearColor(this.clearColor, 1);
    this.renderer.clear(true, false, false);
    const corner: readonly [number, number] = [Math.floor(rect.x * ratio), Math.floor(bottom * ratio) + Math.floor(rect.height * ratio)];
    const scene = this.sceneOf(pane.id);
    const frame = scene.update(pane, { camera: this.camera, rule: this.rule, ratio, corner }, this.loader);
    this.renderer.render(scene.scene, scene.view);
    return frame;
  }

  private sceneOf(id: string): PaneScene {
    const known = this.scenes.get(id);
    if (known) return known;
    const scene = new PaneScene();
    this.scenes.set(id, scene);
    return scene;
  }
}

function rendererName(gl: WebGLRenderingContext | WebGL2RenderingContext): string {
  const info = gl.getExtension('WEBGL_debug_renderer_info');
  return String(gl.getParameter(info ? info.UNMASKED_RENDERER_WEBGL : gl.RENDERER));
}
