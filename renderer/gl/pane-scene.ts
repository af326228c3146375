// The three.js scene of one pane: a quad per visible tile. Finest wanted tiles above, the coarsest whole
// picture below until they are there, so that a pane is never empty once a matrix is pooled.
import {
  BufferAttribute,
  BufferGeometry,
  GLSL3,
  Mesh,
  NoBlending,
  OrthographicCamera,
  RawShaderMaterial,
  Scene,
  Vector2,
  DoubleSide,
  type WebGLRenderer,
} from 'three';
import { VOID } from './cell-value';
import { levelFor, tilesInView, type Camera } from './camera';
import { coarsestLevel, TILE_SIDE } from './pyramid';
import type { PoolRule } from './pool';
import { ScaleTextures } from './scale-textures';
import { FRAGMENT_SHADER, VERTEX_SHADER, type ShaderDefinitions } from './shader';
import type { Pane } from './stage';
import { textureOf, type TileAddress, type TileLoader, type TileTexture } from './tile-loader';

/** What a pane needs to know of the frame. */
export interface FrameView {
  readonly camera: Camera;
  readonly rule: PoolRule;
  /** Drawn pixels per CSS pixel. */
  readonly ratio: number;
  /** Left and upper edge of the pane in drawn pixels, the latter from below. */
  readonly corner: readonly [number, number];
}

export interface PaneFrame {
  /** Coarsest level that is visible in the pane. */
  readonly level: number;
  readonly wanted: number;
  readonly complete: boolean;
}

interface Placed extends TileAddress {
  readonly content: TileTexture;
}

const UNIT_QUAD = new BufferGeometry().setAttribute(
  'position',
  new BufferAttribute(new Float32Array([0, 0, 0, 1, 0, 0, 1, 1, 0, 0, 0, 0, 1, 1, 0, 0, 1, 0]), 3),
);

/** A void cell for quads without a tile. */
const NO_CELLS = textureOf({ rows: 1, columns: 1, cells: Float32Array.of(VOID) });

export class PaneScene {
  readonly scene = new Scene();
  readonly view = new OrthographicCamera(0, 1, 0, 1, -1, 1);
  private readonly quads: Mesh<BufferGeometry, RawShaderMaterial>[] = [];

  private readonly textures = new ScaleTextures();
  private defined: ShaderDefinitions = { MODE: 0, SPECIAL: 0 };

  constructor() {
    this.scene.matrixWorldAutoUpdate = false;
  }

  /** Places the quads of a frame; asks the loader for what is missing. */
  update(pane: Pane, view: FrameView, loader: TileLoader): PaneFrame {
    const { rect } = pane;
    Object.assign(this.view, { left: 0, right: rect.width, top: 0, bottom: rect.height });
    this.view.updateProjectionMatrix();
    this.textures.set(pane.scale);
    this.define({ MODE: this.textures.mode, SPECIAL: pane.matrix.status.special ? 1 : 0 });
    const { size, extremes } = pane.matrix.status;
    const coarsest = coarsestLevel(size.rows, size.columns);
    const wanted = levelFor(view.camera.zoom * view.ratio, coarsest);
    const fine = this.tilesAt(wanted, pane, view, loader, false);
    if (!extremes) return this.show([], pane, view, { level: wanted, wanted, complete: false });
    if (!fine.missing) return this.show(fine.placed, pane, view, { level: wanted, wanted, complete: true });
    const stock = this.coarserTiles(wanted, coarsest, pane, view, loader);
    const level = Math.max(wanted, ...stock.map((tile) => tile.level));
    return this.show([...stock, ...fine.placed], pane, view, { level, wanted, complete: false });
  }

  /** Compiles the shader without holding the window up; resolves when it can be used at once. */
  async compile(renderer: WebGLRenderer, definitions: ShaderDefinitions): Promise<void> {
    this.addQuad();
    this.define(definitions);
    if (renderer.extensions.has('KHR_parallel_shader_compile')) await renderer.compileAsync(this.scene, this.view);
    else renderer.compile(this.scene, this.view);
    // The first draw asks the driver for every uniform: here it does so before a picture waits.
    renderer.render(this.scene, this.view);
  }

  dispose(): void {
    for (const quad of this.quads) quad.material.dispose();
    this.textures.dispose();
  }

  /** Ready tiles of the nearest coarser level that covers the view; the coarsest single tile is always asked for. */
  private coarserTiles(wanted: number, coarsest: number, pane: Pane, view: FrameView, loader: TileLoader): Placed[] {
    const whole = Math.max(0, coarsest - Math.log2(TILE_SIDE));
    for (let level = wanted + 1; level < whole; level++) {
      const { placed, missing } = this.tilesAt(level, pane, view, loader, true);
      if (!missing) return placed;
    }
    return whole > wanted ? this.tilesAt(whole, pane, view, loader, false).placed : [];
  }

  private tilesAt(
    level: number,
    pane: Pane,
    { camera, rule }: FrameView,
    loader: TileLoader,
    passive: boolean,
  ): { placed: Placed[]; missing: boolean } {
    const seen = cameraOf(pane, camera);
    const { x, y } = tilesInView(seen, pane.rect, pane.matrix.status.size, TILE_SIDE * 2 ** level);
    const placed: Placed[] = [];
    let missing = false;
    for (let row = y[0]; row < y[1]; row++) {
      for (let column = x[0]; column < x[1]; column++) {
        const content = loader.tile(pane.matrix, { level, x: column, y: row }, rule, passive);
        if (content) placed.push({ level, x: column, y: row, content });
        else missing = true;
      }
    }
    return { placed, missing };
  }

  private show(tiles: readonly Placed[], pane: Pane, view: FrameView, frame: PaneFrame): PaneFrame {
    while (this.quads.length < tiles.length) this.addQuad();
    this.quads.forEach((quad, n) => {
      quad.visible = n < tiles.length;
      if (quad.visible) place(quad, tiles[n], pane, view, n);
    });
    return frame;
  }

  private define(definitions: ShaderDefinitions): void {
    const { MODE, SPECIAL } = this.defined;
    if (definitions.MODE === MODE && definitions.SPECIAL === SPECIAL) return;
    this.defined = definitions;
    for (const { material } of this.quads) Object.assign(material, { defines: { ...definitions }, needsUpdate: true });
  }

  private addQuad(): void {
    const material = new RawShaderMaterial({
      vertexShader: VERTEX_SHADER,
      fragmentShader: FRAGMENT_SHADER,
      defines: { ...this.defined },
      glslVersion: GLSL3,
      depthTest: false,
      depthWrite: false,
      blending: NoBlending,
      side: DoubleSide,
    });
    const own = {
      cells: { value: NO_CELLS },
      tileSize: { value: new Vector2() },
      tileExtent: { value: new Vector2() },
      cellOffset: { value: new Vector2() },
      cellsPerPixel: { value: 1 },
      paneCorner: { value: new Vector2() },
    };
    material.uniforms = { ...this.textures.uniforms, ...own };
    const quad = new Mesh(UNIT_QUAD, material);
    quad.frustumCulled = false;
    quad.matrixAutoUpdate = false;
    this.quads.push(quad);
    this.scene.add(quad);
  }
}

/** The camera as seen from a pane whose rectangle is a part of its frame. */
export function cameraOf({ rect, frame }: Pick<Pane, 'rect' | 'frame'>, camera: Camera): Camera {
  const dx = rect.x + rect.width / 2 - (frame.x + frame.width / 2);
  const dy = rect.y + rect.height / 2 - (frame.y + frame.height / 2);
  return { x: camera.x + dx / camera.zoom, y: camera.y + dy / camera.zoom, zoom: camera.zoom };
}

function place(quad: Mesh<BufferGeometry, RawShaderMaterial>, tile: Placed, pane: Pane, view: FrameView, order: number): void {
  const side = 2 ** tile.level;
  const { zoom, x, y } = cameraOf(pane, view.camera);
  const { rows: matrixRows, columns: matrixColumns } = pane.matrix.status.size;
  const left = x - pane.rect.width / 2 / zoom;
  const top = y - pane.rect.height / 2 / zoom;
  const x0 = tile.x * TILE_SIDE * side;
  const y0 = tile.y * TILE_SIDE * side;
  const { rows, columns } = tile.content.tile;
  const width = Math.min(columns * side, matrixColumns - x0);
  const height = Math.min(rows * side, matrixRows - y0);
  const margin = 1 / view.ratio;
  quad.matrix.makeScale(width * zoom + 2 * margin, height * zoom + 2 * margin, 1);
  quad.matrix.setPosition((x0 - left) * zoom - margin, (y0 - top) * zoom - margin, 0);
  quad.matrixWorld.copy(quad.matrix);
  quad.renderOrder = order;
  const { uniforms } = quad.material;
  uniforms.cells.value = tile.content.texture;
  uniforms.tileSize.value.set(columns, rows);
  uniforms.tileExtent.value.set(width / side, height / side);
  uniforms.cellOffset.value.set((left - x0) / side, (top - y0) / side);
  uniforms.cellsPerPixel.value = 1 / (zoom * view.ratio * side);
  uniforms.paneCorner.value.set(view.corner[0], view.corner[1]);
}
