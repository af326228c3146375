// A convolution as a sparse matrix: the picture under its window, the matrix, the output, with what is followed outlined in all three.
// The recipe holds the whole scene of the convolution stage, so that the figure needs no file but where a layer or sample is named.
import { z } from 'zod';
import { largestOf } from '../../base/extremes';
import { UserError } from '../../base/user-error';
import { convolutionScene, convolutionSceneSchema, largestKernel, WHITE, type ConvolutionScene } from '../../matrix/convolution-scene';
import { repBlockAt } from '../../merge/block-at';
import { cellCounts } from '../../merge/convolution/arithmetic';
import { pictureText, shrunkPicture } from '../../merge/convolution/pictures';
import { marksOf, type Marks } from '../../merge/convolution/positions';
import { resolveScene, sceneOfLayer } from '../../merge/convolution/resolve';
import type { SceneModel } from '../../merge/convolution/scene-model';
import { followedText } from '../../merge/convolution/words';
import { figureKind, type FigureSources } from '../kind';
import { outlined, RULE, type CellsMark, type DisplayList, type Mark } from '../page/display-list';
import { longestWord } from '../page/font-metrics';
import { cellsOf, heatMap, type Box, type NamedMatrix } from '../page/heat-map';
import { assemble, figureNumber, note, pageOf, panelLetter, titleBlock, type Page, type Placed } from '../page/layout';
import { colourBar } from '../page/legend';
import { words } from '../page/tiles';
import { valueScale, type ValueScale } from '../page/value-scale';
import { recipeSchema } from '../recipe';

const VIEWS = ['picture', 'matrix', 'output'] as const;
const schema = recipeSchema('convolution', {
  scene: convolutionSceneSchema,
  /** One of its three pictures alone, as lessons show them; all where it is left out. */
  show: z.enum(VIEWS).optional(),
});
type Recipe = z.infer<typeof schema>;

export const convolution = figureKind(schema)({
  kind: 'convolution',
  title: 'A convolution as a matrix',
  says: 'picture, sparse matrix and output of the convolution stage',
  about: 'nothing',
  start: (head) => ({ ...head, kind: 'convolution', scene: convolutionScene() }),
  form: ({ show }) => [
    {
      field: 'show',
      widget: 'choice',
      label: 'Shown',
      value: show,
      options: [
        [undefined, 'picture, matrix and output'],
        ['picture', 'the picture'],
        ['matrix', 'the matrix'],
        ['output', 'the output'],
      ],
    },
  ],
  read: ({ scene }, sources) => sceneOf(scene, sources),
  draw,
});

/** The network that layers of scenes are of. */
const BUNDLED = 'bundled:pure-mlp-small';

/** The scene as numbers. Rejects with UserError for a layer or a sample that is not there. */
async function sceneOf(asked: ConvolutionScene, sources: FigureSources): Promise<SceneModel> {
  const loadBlock = async (path: string) => {
    const { spec, weights } = await sources.network({ path: BUNDLED, layer: path });
    const layer = repBlockAt(spec, path);
    if (layer.kind !== 'repmlp') throw new UserError(`${path} is no block of a pure MLP: scenes show those`);
    return { layer, path, weights };
  };
  const scene = await sceneOfLayer(asked, loadBlock);
  const loadDigits = () => Promise.reject(new TypeError('samples are read as pictures of a figure'));
  return resolveScene({ ...scene, picture: await pictureOf(scene, sources) }, { loadDigits, loadBlock });
}

/** The scene's picture without the name of a sample. */
async function pictureOf(scene: ConvolutionScene, sources: FigureSources): Promise<ConvolutionScene['picture']> {
  const { picture } = scene;
  if (picture.kind !== 'sample') return picture;
  const dataset = { kind: 'embedded', name: picture.of, seed: picture.seed } as const;
  const { pixels, width, height } = await sources.picture({ dataset, of: { sample: picture.index } });
  const sample = { pixels: Uint8Array.from(pixels), height, width, channels: 4, label: 0 };
  return { kind: 'values', values: Array.from(shrunkPicture(sample, scene)), from: pictureText(picture, scene).slice(0, 200) };
}

/** Colour of outlines, seen on every colour of both scales. */
const MARK = '#c2006b';
/** Widths of picture, matrix and output as shares of the room for the three; of one alone. */
const SHARES = { picture: 1 / 4.2, matrix: 2.2 / 4.2, output: 1 / 4.2 } as const;
const ALONE = 0.7;
/** Cells that are outlined one by one; more would hide what they outline. */
const MOST_OUTLINED = 100;

function draw({ layout, show }: Recipe, model: SceneModel): DisplayList {
  const page = pageOf(layout);
  const { sizes, shown, output } = model;
  const [matrix, result] = [Float32Array.from(shown.matrix), Float32Array.from(output)];
  const scale = valueScale([matrix], 'linear');
  const title = titleBlock(page, layout.title);
  const marks = marksOf(model);
  const panels: readonly Panel[] = [
    { view: 'picture', heading: `Input x, ${planes(sizes.C)}${sizes.h} × ${sizes.w}`, draw: inputPanel(model, marks) },
    { view: 'matrix', heading: `Matrix M, ${sizes.rows} × ${sizes.columns}`, draw: matrixPanel(model, matrix, marks, scale) },
    { view: 'output', heading: `Output y = M x, ${planes(sizes.O)}${sizes.Ho} × ${sizes.Wo}`, draw: outputPanel(model, result, marks) },
  ];
  const drawn = sideBySide(
    page,
    title.bottom + page.size * 0.5,
    panels.filter(({ view }) => show === undefined || view === show),
  );
  const barOf = { picture: null, matrix: scale, output: valueScale([result], 'linear') }[show ?? 'matrix'];
  const bar =
    barOf === null
      ? { marks: [], bottom: drawn.bottom + page.size * 0.3 }
      : colourBar(page, drawn.bottom + page.size * 0.6, barOf, 'blue-orange');
  const text = sentencesOf(model, result, show);
  const foot = note(page, bar.bottom, text);
  return assemble(page, { title: layout.title ?? 'A convolution as a sparse matrix', description: text }, [title, drawn, bar, foot]);
}

const planes = (channels: number): string => (channels > 1 ? `${channels} channels of ` : '');

type View = (typeof VIEWS)[number];

interface Panel {
  readonly view: View;
  readonly heading: string;
  /** Draws into a width from a corner down. */
  readonly draw: (left: number, top: number, width: number) => Placed;
}

function sideBySide(page: Page, top: number, panels: readonly Panel[]): Placed {
  const gap = page.size;
  const room = page.right - page.left - gap * (panels.length - 1);
  const widths = panels.map(({ view, heading }) =>
    Math.max(
      room * (panels.length === 1 ? ALONE : SHARES[view]) * page.scale,
      Math.min(room / panels.length, longestWord(heading, page.small, true)),
    ),
  );
  const lefts = widths.map((_, k) => widths.slice(0, k).reduce((sum, width) => sum + width + gap, page.left));
  const heads = panels.map(({ heading }, k) => words(lefts[k], top, `${panelLetter(page, k)}${heading}`, page.small, widths[k], true));
  const under = largestOf(heads.map(({ bottom }) => bottom)) + 1;
  const drawn = panels.map((panel, k) => panel.draw(lefts[k], under, widths[k]));
  return { marks: [...heads, ...drawn].flatMap(({ marks }) => marks), bottom: largestOf(drawn.map(({ bottom }) => bottom)) };
}

/** Channels one under the other, each with its zeros around it, and what is followed. */
function inputPanel({ sizes, picture }: SceneModel, { windows, pixels }: Marks): Panel['draw'] {
  const { C, h, w, pad } = sizes;
  return (left, top, width) => {
    const cell = width / (w + 2 * pad);
    const plane = (h + 2 * pad) * cell;
    const marks = Array.from({ length: C }, (_, c): Mark[] => {
      const y = top + c * (plane + cell);
      const box = { x: left + pad * cell, y: y + pad * cell, width: w * cell, height: h * cell };
      const data = Float32Array.from(picture.subarray(c * h * w, (c + 1) * h * w));
      const own = windows.filter((window) => window.c === c);
      const outlines = own.map((at) => cellBox(box, cell, at.top, at.left, at.size, at.size));
      const single = own.length > 0 ? [] : pixels.filter((pixel) => pixel.c === c).map(({ a, b }) => cellBox(box, cell, a, b));
      const zeros = pad > 0 ? [outlined(left, y, width, plane, RULE, 0.5, [2, 1.5])] : [];
      const name = C > 1 ? `input, channel ${c}` : 'input';
      return [inputCells({ name, rows: h, columns: w, data }, box, picture), ...zeros, ...outlines, ...single];
    });
    return { marks: marks.flat(), bottom: top + C * (plane + cell) - cell };
  };
}

/** How the picture's values are coloured, in words: black to white, or around zero where there are negative numbers. */
function inputRule(picture: Float64Array): string {
  if (picture.some((value) => value < 0)) return valueScale([Float32Array.from(picture)], 'linear').rule;
  return `from 0 (black) to ${figureNumber(brightestOf(picture))} (white)`;
}

const brightestOf = (picture: Float64Array): number => largestOf([WHITE, ...picture]);

/** One plane of the picture as cells; `picture` is all of it, which shares the scale. */
function inputCells(matrix: NamedMatrix, box: Box, picture: Float64Array): CellsMark {
  if (picture.some((value) => value < 0)) return cellsOf(matrix, box, valueScale([Float32Array.from(picture)], 'linear'), 'blue-orange');
  const { name, rows, columns, data } = matrix;
  const brightest = brightestOf(picture);
  const rgba = Uint8Array.from({ length: 4 * data.length }, (_, at) =>
    at % 4 === 3 ? 255 : Math.round((255 * data[at >> 2]) / brightest),
  );
  return { kind: 'cells', ...box, rows, columns, rgba, name, values: { rows, columns, data } };
}

function matrixPanel({ sizes, shown }: SceneModel, data: Float32Array, marks: Marks, scale: ValueScale): Panel['draw'] {
  const { rows, columns } = sizes;
  return (left, top, width) => {
    const cell = width / columns;
    const box = { x: left, y: top, width, height: rows * cell };
    const single = marks.cells.length > MOST_OUTLINED ? [] : marks.cells;
    const outlines = [
      ...marks.rows.map((row) => cellBox(box, cell, row, 0, 1, columns)),
      ...marks.columns.map((column) => cellBox(box, cell, 0, column, rows, 1)),
      ...single.map((at) => cellBox(box, cell, Math.floor(at / columns), at % columns)),
    ];
    const name = `matrix, ${String(shown.part)}`;
    return { marks: [...heatMap({ name, rows, columns, data }, box, scale, 'blue-orange'), ...outlines], bottom: top + box.height };
  };
}

function outputPanel({ sizes }: SceneModel, output: Float32Array, { outputs }: Marks): Panel['draw'] {
  const { O, Ho, Wo } = sizes;
  const scale = valueScale([output], 'linear');
  return (left, top, width) => {
    const cell = width / Wo;
    const marks = Array.from({ length: O }, (_, o): Mark[] => {
      const box = { x: left, y: top + o * (Ho + 1) * cell, width, height: Ho * cell };
      const data = output.slice(o * Ho * Wo, (o + 1) * Ho * Wo);
      const own = outputs.filter((one) => one.o === o).map(({ i, j }) => cellBox(box, cell, i, j));
      const name = O > 1 ? `output, channel ${o}` : 'output';
      const frame = outlined(box.x, box.y, box.width, box.height, RULE, 0.5);
      return [cellsOf({ name, rows: Ho, columns: Wo, data }, box, scale, 'blue-orange'), frame, ...own];
    });
    return { marks: marks.flat(), bottom: top + (O * (Ho + 1) - 1) * cell };
  };
}

function cellBox({ x, y }: Box, cell: number, row: number, column: number, height = 1, width = 1): Mark {
  return outlined(x + column * cell, y + row * cell, width * cell, height * cell, MARK, Math.min(1.2, Math.max(0.5, cell * 0.12)));
}

function sentencesOf(model: SceneModel, output: Float32Array, show: View | undefined): string {
  const { sizes, scene, shown } = model;
  const { all, reached } = cellCounts(model);
  const dense = shown.part === 'fc' || (shown.part === 'whole' && scene.fc !== null);
  const K = largestKernel(scene);
  const filled = dense
    ? `every one of its ${all} cells has a number`
    : `${reached} of its ${all} cells are reached by the kernel, all others are zero`;
  return [
    `A convolution of ${K} × ${K}, padding ${sizes.pad}, stride ${sizes.stride}${sizes.groups > 1 ? `, ${sizes.groups} groups` : ''}, as a matrix of ${sizes.rows} rows (one an output) and ${sizes.columns} columns (one a pixel): ${filled}.`,
    `Outlined: ${followedText(model)}`,
    ...(show === undefined || show === 'picture' ? [`Picture: ${pictureText(scene.picture, sizes)}, ${inputRule(model.picture)}.`] : []),
    ...(show === undefined ? [`Matrix: the bar's scale. Output: ${valueScale([output], 'linear').rule}.`] : []),
    ...(show === 'output' ? ['The picture above is the output: the matrix times the picture.'] : []),
  ].join(' ');
}
