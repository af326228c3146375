import { describe, expect, it } from 'vitest';
import { cellAt, fill, fit, LARGEST_CELL, levelFor, limited, pan, pixelOf, reveal, tilesInView, zoomAbout } from './camera';

const size = { rows: 4096, columns: 1024 };
const viewport = { width: 400, height: 600 };

describe('the camera', () => {
  it('fits the whole matrix into the viewport', () => {
    const camera = fit(size, viewport);
    const corner = pixelOf(camera, 0, 0, viewport);
    const opposite = pixelOf(camera, size.columns, size.rows, viewport);
    expect(Math.min(corner.x, corner.y)).toBeGreaterThanOrEqual(0);
    expect(opposite.x).toBeLessThanOrEqual(viewport.width);
    expect(opposite.y).toBeLessThanOrEqual(viewport.height);
  });

  it('zooms about a point: the cell under it stays there', () => {
    const before = { x: 300, y: 900, zoom: 2 };
    const after = zoomAbout(before, 3, 37, 512, viewport, size);
    expect(after.zoom).toBe(6);
    const [a, b] = [cellAt(before, 37, 512, viewport), cellAt(after, 37, 512, viewport)];
    expect(b.column).toBeCloseTo(a.column, 9);
    expect(b.row).toBeCloseTo(a.row, 9);
  });

  it('fills the viewport from the first row and column on, whichever side is the longer one', () => {
    for (const [rows, columns] of [
      [512, 256],
      [64, 1024],
    ]) {
      const camera = fill({ rows, columns }, viewport);
      const corner = cellAt(camera, 0, 0, viewport);
      const end = cellAt(camera, viewport.width, viewport.height, viewport);
      expect([corner.row, corner.column].map((at) => at + 1)).toEqual([expect.closeTo(1, 9), expect.closeTo(1, 9)]);
      expect(end.row).toBeLessThanOrEqual(rows + 1e-9);
      expect(end.column).toBeLessThanOrEqual(columns + 1e-9);
      expect(Math.min(rows - end.row, columns - end.column)).toBeCloseTo(0, 9);
    }
  });

  it('keeps zoom between half the fitting one and the largest cell', () => {
    const camera = fit(size, viewport);
    expect(zoomAbout(camera, 1e-9, 0, 0, viewport, size).zoom).toBeCloseTo(camera.zoom / 2, 12);
    expect(zoomAbout(camera, 1e9, 0, 0, viewport, size).zoom).toBe(LARGEST_CELL);
  });

  it('never lets the matrix leave the viewport', () => {
    const lost = pan(fit(size, viewport), 1e6, -1e6);
    expect(limited(lost, size)).toMatchObject({ x: 0, y: size.rows });
  });

  it('pixelOf undoes cellAt', () => {
    const camera = { x: 12.5, y: 70, zoom: 3.7 };
    const { column, row } = cellAt(camera, 123, 45, viewport);
    expect(pixelOf(camera, column, row, viewport).x).toBeCloseTo(123, 9);
    expect(pixelOf(camera, column, row, viewport).y).toBeCloseTo(45, 9);
  });

  it('reveals a cell by the smallest move, and stays when it is in view', () => {
    const camera = { x: 100, y: 100, zoom: 10 };
    expect(reveal(camera, 100, 100, viewport)).toEqual(camera);
    const moved = reveal(camera, 500, 100, viewport);
    expect(pixelOf(moved, 500.5, 100.5, viewport).x).toBeCloseTo(viewport.width - 24, 9);
  });
});

describe('levels and tiles', () => {
  it('chooses the finest level whose values cover a pixel: none falls between pixels', () => {
    for (let zoom = 0.01; zoom < 4; zoom *= 1.07) {
      const level = levelFor(zoom, 20);
      expect(zoom * 2 ** level).toBeGreaterThanOrEqual(1 - 1e-9);
      if (level > 0) expect(zoom * 2 ** (level - 1)).toBeLessThan(1);
    }
  });

  it('lists exactly the tiles that the viewport touches', () => {
    expect(tilesInView({ x: 512, y: 1024, zoom: 1 }, viewport, size, 512)).toEqual({ x: [0, 2], y: [1, 3] });
    expect(tilesInView({ x: 0, y: 0, zoom: 100 }, viewport, size, 512)).toEqual({ x: [0, 1], y: [0, 1] });
  });
});
