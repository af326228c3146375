// Runs in the browser: the viewer that is measured, the explorer's own stage with its worker.
import type { Camera, Viewport } from '@shared/matrix/camera';
import type { Layout } from '@shared/matrix/layout';
import { MatrixClient } from '../../renderer/workers/matrix/matrix-client';
import { defaultScale } from '@shared/colour/colouring';
import { GpuPainter } from '../../renderer/gl/gpu-painter';
import { MatrixStage, type FrameInfo, type Stage } from '../../renderer/stages/matrix/picture/stage';
import { canvasOf, drawnBy, LIMIT, readOnePixel, wholeOf, type BenchMatrix, type Viewer } from './viewer';

/** The explorer's own stage with its worker. */
export function ourViewer(size: Viewport): Viewer {
  return new StudioViewer(size);
}

class StudioViewer implements Viewer {
  private readonly canvas: HTMLCanvasElement;
  private readonly client = new MatrixClient(new Worker('/worker.js', { type: 'module' }));
  private readonly stage: Stage;
  private software = false;
  private waiting: ((info: FrameInfo) => void)[] = [];
  private last: FrameInfo | null = null;
  private coarsestDivisor = 1;
  private shown = '';

  constructor(private readonly size: Viewport) {
    this.canvas = canvasOf(size);
    const paintedBy = (invalidate: () => void): GpuPainter => {
      const painter = new GpuPainter(this.canvas, invalidate);
      this.software = painter.software;
      return painter;
    };
    this.stage = new MatrixStage(paintedBy, (info) => this.onFrame(info));
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
    const renderer = this.software ? 'software' : 'gpu';
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
