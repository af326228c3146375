// Runs in the browser for gpu-picture.test.ts: draws a matrix with the stage and compares every pixel with
// the CPU reference.
import type { Camera } from '@shared/matrix/camera';
import { GpuPainter } from '../../renderer/gl/gpu-painter';
import { CpuPainter } from '../../renderer/stages/matrix/picture/cpu-painter';
import type { Layout } from '@shared/matrix/layout';
import { MatrixClient } from '../../renderer/workers/matrix/matrix-client';
import type { PoolRule } from '@shared/matrix/pool';
import { buildPyramid, TILE_SIDE, tileOf, type Pyramid } from '@shared/matrix/pyramid';
import { renderReference, type EncodedLevel } from './reference';
import { defaultScale, type Colouring } from '@shared/colour/colouring';
import { RANK_LENGTH } from '@shared/colour/transform';
import { sourceOf } from '@shared/matrix/source';
import { MatrixStage, type FrameInfo, type Stage } from '../../renderer/stages/matrix/picture/stage';
import { gatherStatistics, magnitudeShares } from '@shared/matrix/statistics';

/** One picture to compare; sizes in pixels, the matrix is made from `rows` x `columns` by makeValues. */
export interface PictureCase {
  readonly rows: number;
  readonly columns: number;
  readonly layout: Layout;
  readonly camera: Camera;
  readonly rule: PoolRule;
  readonly scale: Partial<Colouring>;
  /** Who draws; the GPU unless said. */
  readonly by?: 'gpu' | 'cpu';
}

export interface PictureDifference {
  readonly level: number;
  /** Largest difference of a colour channel over the compared pixels, 0..255. */
  readonly largest: number;
  /** Pixels whose centre is so close to a cell's border that either neighbour is right. */
  readonly onBorder: number;
  readonly compared: number;
  readonly colors: number;
  /** Whether the picture was still the same just after another matrix of its form was opened. */
  readonly stood: boolean;
}

const WIDTH = 320;
const HEIGHT = 240;
/** Pixel to cell is a float32 product of up to 512: its error stays below this share of a cell. */
const BORDER = 5e-4;
const BACKGROUND = 0x123456;

/** Normal-ish values with a NaN, both infinities and zeros in known places. */
export function makeValues(rows: number, columns: number): Float32Array {
  let state = 7;
  const next = (): number => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 4294967296;
  const values = Float32Array.from({ length: rows * columns }, () => (next() + next() + next() - 1.5) * 2);
  values[3] = NaN;
  values[2 * columns + 9] = Infinity;
  values[5 * columns + 4] = -Infinity;
  values[7 * columns + 7] = 0;
  return values;
}

/** Draws a case on the GPU and on the CPU and compares them. */
export async function comparePicture({
  rows,
  columns,
  layout,
  camera,
  rule,
  scale: change,
  by = 'gpu',
}: PictureCase): Promise<PictureDifference> {
  const values = makeValues(rows, columns);
  const pyramid = finish(buildPyramid(sourceOf(values, rows, columns, layout)));
  const statistics = finish(gatherStatistics(pyramid.source, { min: -3, max: 3 }));
  const scale = { ...defaultScale(2.5), shares: magnitudeShares(statistics, RANK_LENGTH), rankMax: statistics.maxAbs, ...change };
  const { info, pixels, stood } = await draw(by, values, rows, columns, layout, camera, rule, scale);
  const picture = wholeLevel(pyramid, info.level, rule);
  const expected = renderReference(picture, camera, { width: WIDTH, height: HEIGHT }, scale);
  return { ...difference(pixels, expected, camera, info.level), stood };
}

async function draw(
  by: 'gpu' | 'cpu',
  values: Float32Array,
  rows: number,
  columns: number,
  layout: Layout,
  camera: Camera,
  rule: PoolRule,
  scale: Colouring,
): Promise<{ info: FrameInfo; pixels: Uint8Array; stood: boolean }> {
  const canvas = document.createElement('canvas');
  document.body.replaceChildren(canvas);
  const client = new MatrixClient(new Worker('/worker.js', { type: 'module' }));
  let settle: (info: FrameInfo) => void = () => undefined;
  const complete = new Promise<FrameInfo>((resolve) => (settle = resolve));
  const onFrame = (info: FrameInfo): void => {
    if (info.complete) settle(info);
  };
  const { stage, pixelsNow } = by === 'gpu' ? onGpu(canvas, onFrame) : onCpu(canvas, onFrame);
  const rect = { x: 0, y: 0, width: WIDTH, height: HEIGHT };
  stage.setSize(rect);
  stage.setBackground(BACKGROUND);
  stage.setRule(rule);
  stage.setPanes([{ id: 'matrix', matrix: client, rect, frame: rect, scale }]);
  stage.setCamera(camera, false);
  client.subscribe(stage.invalidate);
  client.open({ rows, columns, layout, origin: { kind: 'values', values: values.slice() } });
  await complete;
  const info = stage.drawNow();
  const pixels = pixelsNow();
  // Another matrix of the same form begins to come in: the picture must stay.
  client.open({ rows, columns, layout, origin: { kind: 'values', values: values.map((value) => value + 1) } });
  stage.drawNow();
  const stood = pixelsNow().every((byte, k) => byte === pixels[k]);
  stage.dispose();
  client.dispose();
  return { info, pixels, stood };
}

interface Drawn {
  readonly stage: Stage;
  /** RGBA of the last frame, rows from the top. */
  readonly pixelsNow: () => Uint8Array;
}

function onGpu(canvas: HTMLCanvasElement, onFrame: (info: FrameInfo) => void): Drawn {
  let painter: GpuPainter | null = null;
  const stage = new MatrixStage((invalidate) => (painter = new GpuPainter(canvas, invalidate)), onFrame);
  return { stage, pixelsNow: () => upsideDown(painter?.readPixels().pixels ?? new Uint8Array()) };
}

function onCpu(canvas: HTMLCanvasElement, onFrame: (info: FrameInfo) => void): Drawn {
  const stage = new MatrixStage(() => new CpuPainter(canvas), onFrame);
  const context = canvas.getContext('2d') as CanvasRenderingContext2D;
  return { stage, pixelsNow: () => new Uint8Array(context.getImageData(0, 0, WIDTH, HEIGHT).data.buffer) };
}

function upsideDown(pixels: Uint8Array): Uint8Array {
  const out = new Uint8Array(pixels.length);
  for (let y = 0; y < HEIGHT; y++) out.set(pixels.subarray(y * WIDTH * 4, (y + 1) * WIDTH * 4), (HEIGHT - 1 - y) * WIDTH * 4);
  return out;
}

function difference(pixels: Uint8Array, expected: Uint8ClampedArray, camera: Camera, level: number): Omit<PictureDifference, 'stood'> {
  const background = [BACKGROUND >> 16, (BACKGROUND >> 8) & 255, BACKGROUND & 255];
  const colors = new Set<number>();
  let [largest, onBorder, compared] = [0, 0, 0];
  for (let k = 0; k < WIDTH * HEIGHT; k++) {
    if (
      nearBorder(camera.x, k % WIDTH, WIDTH, camera.zoom, level) ||
      nearBorder(camera.y, Math.floor(k / WIDTH), HEIGHT, camera.zoom, level)
    ) {
      onBorder++;
      continue;
    }
    compared++;
    colors.add((pixels[4 * k] << 16) | (pixels[4 * k + 1] << 8) | pixels[4 * k + 2]);
    for (let channel = 0; channel < 3; channel++) {
      const wanted = expected[4 * k + 3] === 0 ? background[channel] : expected[4 * k + channel];
      largest = Math.max(largest, Math.abs(pixels[4 * k + channel] - wanted));
    }
  }
  return { level, largest, onBorder, compared, colors: colors.size };
}

function nearBorder(center: number, pixel: number, pixels: number, zoom: number, level: number): boolean {
  const cell = (center + (pixel + 0.5 - pixels / 2) / zoom) / 2 ** level;
  return Math.abs(cell - Math.round(cell)) < BORDER;
}

function wholeLevel(pyramid: Pyramid, level: number, rule: PoolRule): EncodedLevel {
  const side = 2 ** level;
  const rows = Math.ceil(pyramid.source.rows / side);
  const columns = Math.ceil(pyramid.source.columns / side);
  const cells = new Float32Array(rows * columns);
  for (let y = 0; y * TILE_SIDE < rows; y++) {
    for (let x = 0; x * TILE_SIDE < columns; x++) {
      const tile = tileOf(pyramid, level, x, y, rule);
      for (let row = 0; row < tile.rows; row++) {
        const from = tile.cells.subarray(row * tile.columns, (row + 1) * tile.columns);
        cells.set(from, (y * TILE_SIDE + row) * columns + x * TILE_SIDE);
      }
    }
  }
  return { level, rows, columns, cells, size: pyramid.source };
}

function finish<T>(work: Generator<number, T>): T {
  for (let step = work.next(); ; step = work.next()) if (step.done) return step.value;
}

Object.assign(window, { comparePicture });
