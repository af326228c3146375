// Contact sheet: the matrices of all blocks of one checkpoint on one page, on one scale, each with its block's name and size.
import type { z } from 'zod';
import { UserError } from '../../base/user-error';
import { blockMatrices } from '../../merge/mathematics/matrices';
import { isRepBlock } from '../../model/spec';
import { leavesOf } from '../../model/walk';
import { figureKind } from '../kind';
import type { DisplayList } from '../page/display-list';
import { assemble, figureNumber, note, pageOf, panelLetter, titleBlock } from '../page/layout';
import { colourBar } from '../page/legend';
import { tileGrid, type Tile } from '../page/tiles';
import { scaleOf } from '../page/sharing';
import { recipeSchema, sourceSchema } from '../recipe';
import { reductionText, STAGE_START, stageFields, stageForm, stagePicture, stageText, type StagePicture } from './stage-matrices';

const schema = recipeSchema('contact-sheet', { source: sourceSchema, ...stageFields });
type ContactSheetRecipe = z.infer<typeof schema>;

export const contactSheet = figureKind(schema)({
  kind: 'contact-sheet',
  title: 'All blocks on one page',
  says: 'the matrix of every block of a checkpoint, one scale',
  about: 'block',
  start: (head, { source }) => ({ ...head, kind: 'contact-sheet', source, ...STAGE_START }),
  form: stageForm,
  read: async ({ source, stage }, sources): Promise<SheetBlocks> => {
    const { spec, weights } = await sources.network(source);
    const paths = leavesOf(spec).flatMap(({ layer, path }) => (isRepBlock(layer) ? [path] : []));
    if (paths.length === 0) throw new UserError(`${source.path} holds ${spec.name}, which has no RepMLP block to draw`);
    // One after the other: the matrices of a block are let go when its picture is made.
    return {
      network: spec.name,
      blocks: paths.map((path) => ({ path, picture: stagePicture(blockMatrices(spec, weights, path), stage) })),
    };
  },
  draw: drawSheet,
});

interface SheetBlocks {
  readonly network: string;
  readonly blocks: readonly { readonly path: string; readonly picture: StagePicture }[];
}

/** Tiles beside each other where the page is wide enough, and how many times longer than wide one is at most. */
const PER_ROW = 6;
const MOST_ASPECT = 2;

/** Draws the sheet. Throws RangeError where a matrix holds NaN or infinity. */
function drawSheet(recipe: ContactSheetRecipe, { network, blocks }: SheetBlocks): DisplayList {
  const page = pageOf(recipe.layout);
  const pictures = blocks.map(({ picture }) => picture);
  const arrays = pictures.map(({ data }) => data);
  const scale = scaleOf(recipe, { quantity: 'weights', arrays, colours: recipe.colours, transform: recipe.transform });
  const tiles = blocks.map(({ path, picture }, i): Tile => {
    const { whole, rows, columns, data, largest } = picture;
    const name = path === '' ? network : path;
    const captions = [`${whole.rows} x ${whole.columns}`, `largest |w| ${figureNumber(largest)}`];
    return { rows, columns, data, name, heading: `${panelLetter(page, i)}${name}`, captions };
  });
  const title = titleBlock(page, recipe.layout.title);
  const grid = tileGrid(page, title.bottom + 2, tiles, { perRow: PER_ROW, scale, colours: recipe.colours, mostAspect: MOST_ASPECT });
  const bar = colourBar(page, grid.bottom + page.size * 0.3, scale, recipe.colours);
  const stretched = pictures.some(({ rows, columns }) => rows / columns > MOST_ASPECT || columns / rows > MOST_ASPECT);
  const what = `${stageText(recipe.stage)}, ${blocks.length} block${blocks.length === 1 ? '' : 's'} of ${network}`;
  const text = `${what.charAt(0).toUpperCase()}${what.slice(1)}. Colour: ${scale.rule}; one scale for all. ${reductionText(pictures)}${stretched ? ' Cells are not all square.' : ''}`;
  const sizes = blocks.map(
    ({ path, picture }) =>
      `${path || network} ${picture.whole.rows} x ${picture.whole.columns}, largest |w| ${figureNumber(picture.largest)}`,
  );
  const description = `${text} Blocks: ${sizes.join('; ')}.`;
  return assemble(page, { title: recipe.layout.title ?? `Blocks of ${network}`, description }, [
    title,
    grid,
    bar,
    note(page, bar.bottom + 2, text),
  ]);
}
