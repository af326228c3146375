// The window and the figure show one matrix in the same colours: every scale under every transform, byte for byte.
import { describe, expect, it } from 'vitest';
import { encodeCell } from '@shared/colour/cell-value';
import { shaderTwin } from '@shared/colour/colouring';
import { COLOUR_SCALE_NAMES, type ColourScaleName } from '@shared/colour/scales';
import { colourAt, hex, LUT_LENGTH, lutOf } from '@shared/colour/table';
import { VALUE_TRANSFORMS, type ValueTransform } from '@shared/colour/transform';
import { matrices } from '@shared/figure/kinds/matrices';
import { plainMarks } from '@shared/figure/page/cells';
import { heatMap } from '@shared/figure/page/heat-map';
import { valueScale } from '@shared/figure/page/value-scale';
import { WHOLE } from '@shared/matrix/colouring';
import { buildPyramid, extremesOf } from '@shared/matrix/pyramid';
import { denseSource } from '@shared/matrix/source';
import { statisticsOf } from '@shared/matrix/statistics';
import { MATRICES, small } from '../../../../testing/figure/figure-examples';
import { scalesOf } from './scales';

/** A matrix as the explorer's worker reports it once all is counted. */
function statusOf(values: Float32Array, rows: number, columns: number): Parameters<typeof scalesOf>[1][number] {
  const source = denseSource(values, rows, columns);
  const work = buildPyramid(source);
  for (let step = work.next(); ; step = work.next()) {
    if (!step.done) continue;
    const extremes = extremesOf(step.value);
    return { phase: 'done', extremes, statistics: statisticsOf(source, extremes) };
  }
}

/** Colours of values in the explorer: all panes on one scale that clips nothing. */
function onScreen(statuses: Parameters<typeof scalesOf>[1], map: ColourScaleName, transform: ValueTransform) {
  const [scale] = scalesOf({ map, transform, magnitude: false, limits: WHOLE, markClipped: false, shared: true }, statuses);
  const colourOf = shaderTwin(scale);
  return (value: number) => colourOf(encodeCell(value), 0, 0);
}

const { rows, columns, before, added, after } = small.matrices;
const panels = [before, added, after];
const statuses = panels.map((values) => statusOf(values, rows, columns));

const cases = COLOUR_SCALE_NAMES.flatMap((map) => VALUE_TRANSFORMS.map((transform) => ({ map, transform })));

describe('the window and the exported figure', () => {
  it.each(cases)('colour large matrices alike: $map, $transform', ({ map, transform }) => {
    const figure = matrices.draw({ ...MATRICES, colours: map, transform }, small.matrices);
    const images = plainMarks(figure.marks).filter((mark) => mark.kind === 'image');
    const colourOf = onScreen(statuses, map, transform);
    expect(images).toHaveLength(panels.length);
    images.forEach((image, panel) => {
      const zoom = image.rows / rows;
      for (let k = 0; k < rows * columns; k += 97) {
        const at = 4 * (Math.floor(k / columns) * zoom * image.columns + (k % columns) * zoom);
        expect([k, ...image.rgba.subarray(at, at + 3)]).toEqual([k, ...colourOf(panels[panel][k])]);
      }
    });
  });

  it.each(cases)('colour the cells of a small matrix alike: $map, $transform', ({ map, transform }) => {
    // Magnitudes over seven decades of both signs, zeros among them.
    const values = Float32Array.from({ length: 900 }, (_, k) => (k % 9 === 0 ? 0 : (-1) ** k * 10 ** ((k % 71) / 10 - 6)));
    const box = { x: 0, y: 0, width: 30, height: 30 };
    const marks = heatMap({ name: 'cells', rows: 30, columns: 30, data: values }, box, valueScale([values], transform), map);
    const fills = plainMarks(marks).flatMap((mark) => (mark.kind === 'rect' && mark.fill !== null ? [mark.fill] : []));
    const colourOf = onScreen([statusOf(values, 30, 30)], map, transform);
    expect(fills).toEqual([...values].map((value) => hex(colourOf(value))));
  });

  it.each(COLOUR_SCALE_NAMES)('read one table: %s at every entry', (map) => {
    const lut = lutOf(map);
    for (let k = 0; k < LUT_LENGTH; k++)
      expect([k, ...colourAt(map, k / (LUT_LENGTH - 1))]).toEqual([k, ...lut.subarray(4 * k, 4 * k + 3)]);
  });
});
