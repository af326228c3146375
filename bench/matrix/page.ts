// Runs in the browser: opens a matrix in a viewer, moves it about, and reports times.
import type { Camera, Viewport } from '@shared/matrix/camera';
import { ourViewer } from './studio-viewer';
import { turn, waits, wholeOf, type BenchMatrix, type Viewer } from './viewer';
import { canvasViewer, untiledViewer } from './simple-viewers';

export type ViewerName = 'studio' | 'putImageData' | 'untiled';
const VIEWERS: Readonly<Record<ViewerName, (size: Viewport) => Viewer>> = {
  studio: ourViewer,
  putImageData: canvasViewer,
  untiled: untiledViewer,
};

/** Frames per second are counted over this long, in ms. */
const MOVE_MS = 2000;
/** Moving before the counting starts, in ms. */
const WARM_UP_MS = 500;

export interface Measured {
  readonly firstPictureMs: number;
  readonly panFps: number;
  readonly zoomFps: number;
  /** Cost of a frame while panning and zooming, no display's rate capping it, in ms. */
  readonly panCostMs: number;
  readonly zoomCostMs: number;
  /** From the last moving frame to the full picture, in ms. */
  readonly restMs: number;
  readonly longestTaskMs: number;
  readonly facts: Record<string, number | string>;
}

/** Measures one viewer on a matrix of `side` cells; block-diagonal with `groups` blocks. The viewer stays open. Throws what it throws. */
export async function measure(name: ViewerName, side: number, groups: number, size: Viewport): Promise<Measured> {
  const longestTaskMs = await longestTaskOfOpening(name, makeMatrix(side, groups), size);
  const matrix = makeMatrix(side, groups);
  const viewer = await madeViewer(name, size);
  const start = performance.now();
  await viewer.open(matrix);
  const firstPictureMs = performance.now() - start;
  await pause(700);
  const panFps = await framesPerSecond(viewer, (t) => panned(side, size, t));
  const zoomFps = await framesPerSecond(viewer, (t) => zoomed(side, size, t));
  const panCostMs = await frameCost(viewer, (t) => panned(side, size, t));
  const zoomCostMs = await frameCost(viewer, (t) => zoomed(side, size, t));
  await viewer.frame(zoomed(side, size, 0));
  const rested = performance.now();
  await viewer.rest?.();
  const restMs = performance.now() - rested;
  return { firstPictureMs, panFps, zoomFps, panCostMs, zoomCostMs, restMs, longestTaskMs, facts: viewer.facts() };
}

const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** A viewer whose start-up is over. */
async function madeViewer(name: ViewerName, size: Viewport): Promise<Viewer> {
  const viewer = VIEWERS[name](size);
  await pause(500);
  return viewer;
}

/** Opens without waiting for the GPU, so that only the viewer's own tasks are seen. */
async function longestTaskOfOpening(name: ViewerName, matrix: BenchMatrix, size: Viewport): Promise<number> {
  const viewer = await madeViewer(name, size);
  const longest = longestTask();
  waits.enabled = false;
  try {
    await viewer.open(matrix);
    await pause(700);
    return longest();
  } finally {
    waits.enabled = true;
    viewer.close();
  }
}

/** Normal values from a small generator; the same for every viewer. */
function makeMatrix(side: number, groups: number): BenchMatrix {
  const columns = side / groups;
  const values = new Float32Array(side * columns);
  let state = 1;
  for (let k = 0; k < values.length; k++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    values[k] = (state / 4294967296 - 0.5) * 4;
  }
  return { side, columns, groups, values };
}

/** A circle at 0.8 pixels per cell (or the whole matrix, if that is closer). */
function panned(side: number, size: Viewport, t: number): Camera {
  const zoom = Math.max(wholeOf(side, size).zoom, 0.8);
  const reach = side / 5;
  return { x: side / 2 + reach * Math.cos(t * 2), y: side / 2 + reach * Math.sin(t * 2), zoom };
}

/** In and out between the whole matrix and 8 pixels per cell. */
function zoomed(side: number, size: Viewport, t: number): Camera {
  const whole = wholeOf(side, size);
  const share = (1 - Math.cos(t * 3)) / 2;
  return { ...whole, zoom: whole.zoom * (8 / whole.zoom) ** share };
}

async function framesPerSecond(viewer: Viewer, cameraAt: (seconds: number) => Camera): Promise<number> {
  await moveFor(WARM_UP_MS, viewer, cameraAt);
  return moveFor(MOVE_MS, viewer, cameraAt);
}

/** Moves for a while; frames per second. */
async function moveFor(milliseconds: number, viewer: Viewer, cameraAt: (seconds: number) => Camera): Promise<number> {
  const start = performance.now();
  let frames = 0;
  while (performance.now() - start < milliseconds) {
    await viewer.frame(cameraAt((performance.now() - start) / 1000));
    frames++;
  }
  return (frames / (performance.now() - start)) * 1000;
}

/** Mean time of forced frames along the same path, in ms; other work gets its turn between them and is not counted. */
async function frameCost(viewer: Viewer, cameraAt: (seconds: number) => Camera): Promise<number> {
  const start = performance.now();
  let [frames, spent] = [0, 0];
  while (performance.now() - start < MOVE_MS) {
    const before = performance.now();
    viewer.forced(cameraAt((before - start) / 1000));
    spent += performance.now() - before;
    frames++;
    await turn();
  }
  return spent / frames;
}

/** Starts watching main-thread tasks; the returned function stops and gives the longest, 0 if none took 50 ms. */
function longestTask(): () => number {
  let longest = 0;
  const observer = new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) longest = Math.max(longest, entry.duration);
  });
  observer.observe({ entryTypes: ['longtask'] });
  return () => {
    for (const entry of observer.takeRecords()) longest = Math.max(longest, entry.duration);
    observer.disconnect();
    return longest;
  };
}

Object.assign(window, { measure });
