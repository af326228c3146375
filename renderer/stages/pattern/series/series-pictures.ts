// What is drawn of each weights of a series, two networks or the epochs of a run: maps after the merge, with
// the cell of the matrices that each place leads to.
import { z } from 'zod';
import type { FcShape, MatrixCell } from '@shared/matrix/geometry';
import type { MatrixDetail } from '@shared/pattern/detail';
import type { PatternKind } from '@shared/figure/registry';
import { assertNever } from '@shared/base/assert-never';
import type { AnalysedBlock } from '../pattern';
import { percent } from '../../../ui/format';
import type { Picture } from '../../../ui/HeatMap';
import { cellAt, cellOfDisplacement } from '../../matrix';
import { displacementPicture, pictureOf } from '../picture';

export const WHATS = [
  ['displacement', 'Energy by displacement'],
  ['output', 'Where it writes'],
  ['input', 'Where it looks'],
  ['kernel', 'Translation-invariant kernel'],
  ['kinds', 'Kinds of rows'],
  ['vectors', 'Singular vectors of the rest'],
] as const;
export type What = (typeof WHATS)[number][0];

/** The choice of what is drawn, kept under the name of its panel. */
export const WHAT = { stage: 'pattern', schema: z.enum(WHATS.map(([what]) => what)), first: 'displacement' as What } as const;

/** The figure that shows the same. */
export const FIGURE_OF: Readonly<Record<What, PatternKind>> = {
  displacement: 'locality',
  output: 'position-maps',
  input: 'position-maps',
  kernel: 'projection',
  kinds: 'row-kinds',
  vectors: 'rest-vectors',
};

/** A picture of a series with its words and where its places lead. */
export interface SeriesPicture {
  readonly picture: Picture;
  readonly caption: string;
  readonly cell: (y: number, x: number) => MatrixCell;
}

/** What is known of one subject; detail and kernel only where they were asked for. */
export interface Known {
  readonly pattern: AnalysedBlock;
  readonly detail: MatrixDetail | undefined;
  readonly kernel: Float32Array | undefined;
  readonly outputChannel: number;
  readonly inputChannel: number;
}

/** The pictures of one subject; none while they are not known. */
export function seriesPictures(what: What, { pattern, detail, kernel, outputChannel: o, inputChannel: c }: Known): SeriesPicture[] {
  const { shape, after } = pattern;
  const { h, w } = shape;
  const away = (y: number, x: number): MatrixCell => cellOfDisplacement(shape, o, y - h + 1, x - w + 1, c);
  const same = (y: number, x: number): MatrixCell => cellAt(shape, [o, y, x], [0, y, x]);
  switch (what) {
    case 'displacement':
      return [{ picture: displacementPicture(pattern, 'after'), caption: '', cell: away }];
    case 'output':
    case 'input':
      return [{ picture: pictureOf(after.positions[what], h, w), caption: '', cell: same }];
    case 'kernel':
      return kernel ? [{ picture: pictureOf(kernel, 2 * h - 1, 2 * w - 1), caption: `in ${c}, out ${o}`, cell: away }] : [];
    case 'kinds':
      return detail ? kindPictures(detail, shape) : [];
    case 'vectors':
      return detail ? vectorPictures(detail, shape) : [];
    default:
      return assertNever(what);
  }
}

function kindPictures({ kinds }: MatrixDetail, shape: FcShape): SeriesPicture[] {
  const rows = kinds.reduce((sum, { size }) => sum + size, 0);
  return kinds.map(({ map, size, exampleRow }) => ({
    picture: pictureOf(map, shape.h, shape.w),
    caption: percent(size / rows),
    cell: (a, b) => ({ ...cellAt(shape, [0, 0, 0], [0, a, b]), row: exampleRow }),
  }));
}

function vectorPictures({ restVectors }: MatrixDetail, shape: FcShape): SeriesPicture[] {
  return restVectors.flatMap(({ input, output, inputChannel: c, outputChannel: o, energyShare }) => [
    {
      picture: pictureOf(input, shape.h, shape.w),
      caption: `${percent(energyShare)}, in ${c}`,
      cell: (a: number, b: number) => cellAt(shape, [o, 0, 0], [c, a, b]),
    },
    {
      picture: pictureOf(output, shape.h, shape.w),
      caption: `out ${o}`,
      cell: (i: number, j: number) => cellAt(shape, [o, i, j], [c, 0, 0]),
    },
  ]);
}
