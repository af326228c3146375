// The three.js scene of one pane: a quad per tile, later ones above.
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
  type DataTexture,
  type WebGLRenderer,
} from 'three';
import { VOID } from '@shared/colour/cell-value';
import { cameraOf, type FrameView, type PaneView, type PlacedTile } from '@shared/matrix/pane';
import { TILE_SIDE } from '@shared/matrix/pyramid';
import { ScaleTextures } from './scale-textures';
import { FRAGMENT_SHADER, VERTEX_SHADER, type ShaderDefinitions } from './shader';
import { textureOf } from './tile-texture';

type TexturedTile = PlacedTile<DataTexture>;

/** What a scene draws a frame with. */
interface SceneView extends FrameView {
  /** Left and upper edge of the pane in drawn pixels, the latter from below. */
  readonly corner: readonly [number, number];
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

  /** Places the quads of a frame. */
  update(pane: PaneView, tiles: readonly TexturedTile[], view: SceneView): void {
    const { rect } = pane;
    Object.assign(this.view, { left: 0, right: rect.width, top: 0, bottom: rect.height });
    this.view.updateProjectionMatrix();
    this.textures.set(pane.scale);
    this.define({ MODE: this.textures.mode, SPECIAL: pane.special ? 1 : 0 });
    this.show(tiles, pane, view);
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

  private show(tiles: readonly TexturedTile[], pane: PaneView, view: SceneView): void {
    while (this.quads.length < tiles.length) this.addQuad();
    this.quads.forEach((quad, n) => {
      quad.visible = n < tiles.length;
      if (quad.visible) place(quad, tiles[n], pane, view, n);
    });
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

function place(quad: Mesh<BufferGeometry, RawShaderMaterial>, tile: TexturedTile, pane: PaneView, view: SceneView, order: number): void {
  const side = 2 ** tile.level;
  const { zoom, x, y } = cameraOf(pane, view.camera);
  const { rows: matrixRows, columns: matrixColumns } = pane.size;
  const left = x - pane.rect.width / 2 / zoom;
  const top = y - pane.rect.height / 2 / zoom;
  const x0 = tile.x * TILE_SIDE * side;
  const y0 = tile.y * TILE_SIDE * side;
  const { rows, columns } = tile.tile;
  const width = Math.min(columns * side, matrixColumns - x0);
  const height = Math.min(rows * side, matrixRows - y0);
  const margin = 1 / view.ratio;
  quad.matrix.makeScale(width * zoom + 2 * margin, height * zoom + 2 * margin, 1);
  quad.matrix.setPosition((x0 - left) * zoom - margin, (y0 - top) * zoom - margin, 0);
  quad.matrixWorld.copy(quad.matrix);
  quad.renderOrder = order;
  const { uniforms } = quad.material;
  uniforms.cells.value = tile.content;
  uniforms.tileSize.value.set(columns, rows);
  uniforms.tileExtent.value.set(width / side, height / side);
  uniforms.cellOffset.value.set((left - x0) / side, (top - y0) / side);
  uniforms.cellsPerPixel.value = 1 / (zoom * view.ratio * side);
  uniforms.paneCorner.value.set(view.corner[0], view.corner[1]);
}
