import { beforeEach, describe, expect, it } from 'vitest';
import type { MatrixStatus } from '../../workers/matrix/matrix-client';
import { denseSource } from '@shared/matrix/source';
import { gatherStatistics, type MatrixStatistics } from '@shared/matrix/statistics';
import { lessonMatrix } from './panels/KernelLesson';
import { theme } from '../../studio/theme';
import {
  cameraNow,
  chooseTransform,
  explorer,
  followTheme,
  layoutOf,
  moveCursor,
  panBy,
  resetCamera,
  standAt,
  startPicture,
  zoomBy,
} from './explorer';
import { frameSentence } from './panes/Legend';
import { columnText, rowText, valueText } from './panels/meaning';
import { geometryOf } from '@shared/matrix/geometry';
import { cellsInView, cellText, inkOn } from './panes/overlay';
import { GAP, placePanes } from './panes/panes';
import { scalesOf } from './panes/scales';

const viewport = { width: 300, height: 400 };

beforeEach(() => {
  explorer.setState({ viewport, size: { rows: 1, columns: 1 }, camera: null, cursor: null, pinned: null });
  startPicture({ rows: 512, columns: 256 }, 'stored');
});

describe('the explorer', () => {
  it('shows the whole matrix until one moves, and again after reset', () => {
    const whole = cameraNow();
    expect(whole).toMatchObject({ x: 128, y: 256 });
    panBy(30, 0);
    zoomBy(2);
    expect(cameraNow()).not.toEqual(whole);
    resetCamera();
    expect(cameraNow()).toEqual(whole);
  });

  it('keeps the cursor inside the matrix', () => {
    moveCursor(-5, 9999, true);
    expect(explorer.getState().cursor).toEqual({ row: 0, column: 255 });
  });

  it('follows the cursor with the camera when zoomed in', () => {
    zoomBy(20);
    moveCursor(511, 255, true);
    const { x, y, zoom } = cameraNow();
    expect(Math.abs(255.5 - x) * zoom).toBeLessThan(viewport.width / 2);
    expect(Math.abs(511.5 - y) * zoom).toBeLessThan(viewport.height / 2);
  });

  it('stays where it is for the next epoch of the same matrix, and starts over for another size or layout', () => {
    zoomBy(3);
    moveCursor(7, 8, false);
    const camera = cameraNow();
    startPicture({ rows: 512, columns: 256 }, 'stored');
    expect(cameraNow()).toEqual(camera);
    startPicture({ rows: 512, columns: 256 }, 'gridOfGrids');
    expect(explorer.getState()).toMatchObject({ camera: null, cursor: null });
  });
});

describe('the scale', () => {
  it('brings the colours of magnitudes with the log ratio, and those of signed weights back after it', () => {
    chooseTransform('log-ratio');
    expect(explorer.getState()).toMatchObject({ transform: 'log-ratio', map: 'paper-green' });
    chooseTransform('symlog');
    expect(explorer.getState()).toMatchObject({ transform: 'symlog', map: 'blue-orange' });
    chooseTransform('linear');
  });

  it('leaves colours that were chosen for magnitudes', () => {
    explorer.setState({ map: 'paper-green', magnitude: true });
    chooseTransform('log-ratio');
    chooseTransform('linear');
    expect(explorer.getState()).toMatchObject({ transform: 'linear', map: 'paper-green', magnitude: true });
    explorer.setState({ map: 'blue-orange', magnitude: false });
  });
});

describe('panes', () => {
  it('side by side are three equal frames in whole pixels', () => {
    const panes = placePanes({ mode: 'side', splitAt: 0.5, flickerShows: 'before' }, { width: 1000, height: 500 });
    expect(panes.map(({ id }) => id)).toEqual(['before', 'added', 'after']);
    expect(new Set(panes.map(({ rect }) => rect.width)).size).toBe(1);
    expect(panes[1].rect.x).toBe(panes[0].rect.width + GAP);
  });

  it('split shows both matrices in one frame, cut at the slider', () => {
    const [left, right] = placePanes({ mode: 'split', splitAt: 0.3, flickerShows: 'before' }, { width: 1000, height: 500 });
    expect(left.frame).toEqual(right.frame);
    expect([left.rect.width, right.rect.x, right.rect.width]).toEqual([300, 300, 700]);
  });

  it('list exactly the cells they show', () => {
    const pane = { rect: { x: 0, y: 0, width: 100, height: 50 }, rows: 512, columns: 256 };
    expect(cellsInView(pane, { x: 10, y: 10, zoom: 10 })).toEqual({ rows: [7, 13], columns: [5, 15] });
  });
});

describe('meaning', () => {
  it('names group, channels and positions of a v1 block', () => {
    const geometry = geometryOf({
      kind: 'repmlp',
      name: 'b',
      C: 8,
      O: 8,
      H: 8,
      W: 8,
      h: 4,
      w: 4,
      kernels: [1, 3],
      reduction: 1,
      groups: 2,
      form: 'train',
    });
    expect(rowText(geometry, 5 * 16 + 2 * 4 + 3)).toBe('group 1, output channel 5, y 2, x 3');
    expect(columnText(geometry, 5 * 16, 1 * 16 + 3 * 4)).toBe('input channel 5, y 3, x 0');
  });

  it('names share-sets of a RepMLPNet block', () => {
    const geometry = geometryOf({
      kind: 'repmlpNetBlock',
      name: 'b',
      C: 12,
      h: 4,
      w: 2,
      kernels: [3],
      reduction: 4,
      shareSets: 3,
      form: 'train',
    });
    expect(rowText(geometry, 2 * 8 + 3)).toBe('share-set 2, y 1, x 1');
    expect(columnText(geometry, 0, 5)).toBe('y 2, x 1');
  });

  it('offers only layouts that mean something without the paper words', () => {
    expect(layoutOf('gridOfGrids', null)).toEqual({ kind: 'stored' });
  });

  it('prints values readably', () => {
    expect([0, NaN, -Infinity, 0.012345678, 1.5e-7].map(valueText)).toEqual(['0', 'NaN', '-infinity', '0.0123457', '1.5000e-7']);
    expect([-0.0123, 0, 12.3, NaN].map((value) => cellText(value, 34))).toEqual(['-.012', '0', '12', 'NaN']);
    expect([inkOn([255, 255, 255]), inkOn([8, 48, 107])]).toEqual(['#101417', '#ffffff']);
  });
});

describe('the legend', () => {
  const frame = { level: 3, wanted: 3, divisor: 1, moving: false, complete: true, tileBytes: 0, cpu: false };
  it('names the pooling rule and the size of what is pooled', () => {
    expect(frameSentence(frame, 'mean')).toBe('Each dot is the mean of 8 x 8 cells');
    expect(frameSentence({ ...frame, level: 0 }, 'mean')).toBe('Every cell is shown');
  });

  it('says when the picture is coarser than it will be', () => {
    expect(frameSentence({ ...frame, moving: true, divisor: 2 }, 'max')).toContain('moving: level 3, 1/2 resolution');
    expect(frameSentence({ ...frame, cpu: true }, 'max')).toContain('drawn on the CPU: no WebGL2 here');
    expect(frameSentence({ ...frame, level: 5, complete: false }, 'max')).toContain('level 3 is loading');
  });
});

describe('scales', () => {
  const counted = (values: number[]): MatrixStatistics => {
    const source = denseSource(Float32Array.from(values), 1, values.length);
    const work = gatherStatistics(source, { min: Math.min(...values), max: Math.max(...values) });
    for (let step = work.next(); ; step = work.next()) if (step.done) return step.value;
  };
  const statuses = [
    [1, -2],
    [4, 3],
  ].map((values) => ({ statistics: counted(values), extremes: { min: Math.min(...values), max: Math.max(...values) } }) as MatrixStatus);
  const settings = {
    map: 'blue-orange',
    transform: 'linear',
    magnitude: false,
    limits: { kind: 'percentile', percent: 100 },
    markClipped: true,
  } as const;

  it('are one and the same for all panes unless asked otherwise', () => {
    const [a, b] = scalesOf({ ...settings, shared: true }, statuses);
    expect(a).toBe(b);
    expect([a.low, a.high]).toEqual([-4, 4]);
    const [own] = scalesOf({ ...settings, shared: false }, statuses);
    expect([own.low, own.high]).toEqual([-2, 2]);
  });

  it('start at zero for magnitudes', () => {
    const [scale] = scalesOf({ ...settings, magnitude: true, shared: true }, statuses);
    expect([scale.low, scale.high]).toEqual([0, 4]);
  });
});

describe('the kernel lesson', () => {
  it('moves a whole family of diagonals with one weight', () => {
    const before = lessonMatrix([0, 0, 0, 0, 1, 0, 0, 0, 0], 4);
    const after = lessonMatrix([0, 0, 0, 0, 1, 2, 0, 0, 0], 4);
    const changed = [...after].flatMap((value, at) => (value === before[at] ? [] : [[Math.floor(at / 16), at % 16]]));
    expect(changed).toHaveLength(12);
    expect(changed.every(([row, column]) => column === row + 1)).toBe(true);
  });
});

describe('a kept view', () => {
  it('has the signed scale of the theme that is shown, whichever theme brought the one that was kept', () => {
    expect(theme.getState().shown).toBe('light');
    explorer.setState({ map: 'blue-orange-night', mapIn: 'dark' });
    followTheme();
    expect(explorer.getState()).toMatchObject({ map: 'blue-orange', mapIn: 'light' });
  });

  it('keeps colours that were chosen', () => {
    explorer.setState({ map: 'viridis', mapIn: 'dark' });
    followTheme();
    expect(explorer.getState().map).toBe('viridis');
    explorer.setState({ map: 'blue-orange-night', mapIn: 'light' });
    followTheme();
    expect(explorer.getState().map).toBe('blue-orange-night');
    explorer.setState({ map: 'blue-orange' });
  });

  it('of another picture waits until that one is shown', () => {
    startPicture({ rows: 512, columns: 256 }, 'stored');
    const cursor = { row: 3, column: 4 };
    const camera = { x: 10, y: 20, zoom: 5 };
    standAt({ size: { rows: 64, columns: 32 }, pictured: 'stored', camera, whole: false, cursor, pinned: null });
    expect(explorer.getState().cursor).not.toEqual(cursor);
    startPicture({ rows: 64, columns: 32 }, 'stored');
    expect(explorer.getState()).toMatchObject({ cursor, camera });
    startPicture({ rows: 512, columns: 256 }, 'stored');
    startPicture({ rows: 64, columns: 32 }, 'stored');
    expect(explorer.getState()).toMatchObject({ cursor: null, camera: null });
  });
});
