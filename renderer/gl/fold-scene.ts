// The fold on the GPU: a small plate for every cell of the six-axis tensor, at the places that matrix/fold.ts gives; zeros are dots.
// Invariant: it draws what it was given and knows no scene; what it holds on the GPU is given back by dispose.
import {
  Color,
  DoubleSide,
  EdgesGeometry,
  Group,
  InstancedMesh,
  LinearSRGBColorSpace,
  LineBasicMaterial,
  LineSegments,
  Matrix4,
  MeshBasicMaterial,
  PerspectiveCamera,
  PlaneGeometry,
  Scene,
  Vector3,
  WebGLRenderer,
} from 'three';
import type { Rgb } from '@shared/colour/table';
import type { Point } from '@shared/matrix/fold';

/** A cell to draw. */
export interface Plate {
  readonly colour: Rgb;
  /** Whether its value is 0: then it is a dot. */
  readonly zero: boolean;
}

export interface FoldView {
  readonly width: number;
  readonly height: number;
  readonly ratio: number;
  /** Turn to the right and up, in radians. */
  readonly yaw: number;
  readonly pitch: number;
  /** Half of what must fit, in cells. */
  readonly extent: { readonly x: number; readonly y: number };
  readonly background: Rgb;
}

const PLATE = 0.9;
const DOT = 0.26;
/** Sizes of the frame of the marked cell, which stands out. */
const FRAME = 1.5;
const FIELD_OF_VIEW = 24;
const MARGIN = 1.12;

export class FoldScene {
  private readonly renderer: WebGLRenderer;
  private readonly scene = new Scene();
  private readonly world = new Group();
  private readonly camera = new PerspectiveCamera(FIELD_OF_VIEW, 1, 1, 4000);
  private readonly plate = new PlaneGeometry(1, 1);
  private readonly material = new MeshBasicMaterial({ side: DoubleSide });
  private readonly frames: LineSegments<EdgesGeometry, LineBasicMaterial>[];
  private cells: InstancedMesh | null = null;
  private plates: readonly Plate[] = [];
  private readonly place = new Matrix4();
  private size = { width: 1, height: 1 };

  /** Throws an Error when WebGL cannot be had. */
  constructor(canvas: HTMLCanvasElement) {
    this.renderer = new WebGLRenderer({ canvas, antialias: true, alpha: false });
    this.renderer.outputColorSpace = LinearSRGBColorSpace;
    // Lines are a pixel wide whatever one asks for: three frames in one another are seen.
    this.frames = [0, 0.16, 0.32].map((more) => {
      const edges = new EdgesGeometry(new PlaneGeometry(FRAME + more, FRAME + more));
      return new LineSegments(edges, new LineBasicMaterial({ depthTest: false }));
    });
    this.world.add(...this.frames);
    this.scene.add(this.world);
  }

  /** The cells, in the order in which places are given. */
  setPlates(plates: readonly Plate[]): void {
    this.plates = plates;
    if (this.cells?.count !== plates.length) {
      if (this.cells) this.world.remove(this.cells);
      this.cells?.dispose();
      this.cells = new InstancedMesh(this.plate, this.material, plates.length);
      this.cells.frustumCulled = false;
      this.world.add(this.cells);
    }
    const colour = new Color();
    plates.forEach((plate, k) => this.cells?.setColorAt(k, colour.setRGB(...unit(plate.colour), LinearSRGBColorSpace)));
    if (this.cells?.instanceColor) this.cells.instanceColor.needsUpdate = true;
  }

  /** Draws the cells at their places, and a frame about the marked one. */
  draw(places: readonly Point[], marked: Point, mark: Rgb, view: FoldView): void {
    this.plates.forEach(({ zero }, k) => {
      const { x, y, z } = places[k];
      const side = zero ? DOT : PLATE;
      this.cells?.setMatrixAt(k, this.place.makeScale(side, side, 1).setPosition(x, y, z));
    });
    if (this.cells) this.cells.instanceMatrix.needsUpdate = true;
    for (const frame of this.frames) {
      frame.position.set(marked.x, marked.y, marked.z + 0.3);
      frame.material.color.setRGB(...unit(mark), LinearSRGBColorSpace);
    }
    this.aim(view);
    this.renderer.render(this.scene, this.camera);
  }

  /** Where a point was drawn last, in CSS pixels of the canvas. */
  project({ x, y, z }: Point): { readonly x: number; readonly y: number } {
    const at = new Vector3(x, y, z).applyMatrix4(this.world.matrixWorld).project(this.camera);
    return { x: ((at.x + 1) / 2) * this.size.width, y: ((1 - at.y) / 2) * this.size.height };
  }

  dispose(): void {
    this.cells?.dispose();
    this.plate.dispose();
    this.material.dispose();
    for (const { geometry, material } of this.frames) {
      geometry.dispose();
      material.dispose();
    }
    this.renderer.dispose();
    // A page has few contexts, and the matrices want one, too.
    this.renderer.forceContextLoss();
  }

  private aim({ width, height, ratio, yaw, pitch, extent, background }: FoldView): void {
    this.size = { width, height };
    this.renderer.setPixelRatio(ratio);
    this.renderer.setSize(width, height, false);
    this.renderer.setClearColor(new Color().setRGB(...unit(background), LinearSRGBColorSpace), 1);
    const { camera } = this;
    camera.aspect = width / height;
    const half = Math.max(extent.y, extent.x / camera.aspect) * MARGIN;
    camera.position.set(0, 0, half / Math.tan((FIELD_OF_VIEW * Math.PI) / 360));
    camera.updateProjectionMatrix();
    camera.updateMatrixWorld();
    this.world.rotation.set(pitch, yaw, 0);
    this.world.updateMatrixWorld();
  }
}

function unit([red, green, blue]: Rgb): [number, number, number] {
  return [red / 255, green / 255, blue / 255];
}
