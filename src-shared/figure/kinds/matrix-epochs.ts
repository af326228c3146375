// The matrix of one block over the epochs of a run, merged anew at every checkpoint, all on one scale: on a page, epochs evenly
// chosen; as a film, all of them.
import type { z } from 'zod';
import { UserError } from '../../base/user-error';
import { blockOf } from '../block-of';
import { figureKind, type FigureSources, type Reading } from '../kind';
import type { DisplayList } from '../page/display-list';
import { heatMap } from '../page/heat-map';
import { assemble, figureNumber, note, pageOf, panelLetter, paragraph, titleBlock } from '../page/layout';
import { colourBar } from '../page/legend';
import { blockName } from '../page/pattern-sheet';
import { tileGrid, type Tile } from '../page/tiles';
import type { ValueScale } from '../page/scale';
import { scaleOf } from '../page/sharing';
import { recipeSchema, sourceSchema } from '../recipe';
import { evenly } from './pattern-data';
import { reductionText, STAGE_START, stageFields, stageForm, stagePicture, stageText, type StagePicture } from './stage-matrices';

const schema = recipeSchema('matrix-epochs', { source: sourceSchema, ...stageFields });
type MatrixEpochsRecipe = z.infer<typeof schema>;

/** More pictures than this do not fit on a page, nor, reduced as they are, into a few hundred megabytes. */
const MOST = { page: 12, film: 600 } as const;

export const matrixEpochs = figureKind(schema)({
  kind: 'matrix-epochs',
  title: 'Matrix over the epochs',
  says: 'FC3 as it would be merged, epoch by epoch',
  about: 'run',
  isOfBlock: true,
  // A block of other weights than the run's says nothing of the run.
  start: (head, { source, run }) => {
    const layer = run !== '' && source.path.startsWith(run) ? { layer: source.layer } : {};
    return { ...head, kind: 'matrix-epochs', source: { path: run, ...layer }, ...STAGE_START };
  },
  form: stageForm,
  lacks: ({ source }) => (source.path === '' ? 'There is no run yet whose epochs could be drawn; train one, or open its folder.' : null),
  read: readEpochs,
  draw: drawPage,
  frames: (recipe, data) => {
    const scale = commonScale(recipe, data);
    return data.epochs.map((_, at) => () => drawFrame(recipe, data, at, scale));
  },
});

interface EpochPictures {
  readonly run: string;
  readonly block: string;
  readonly epochs: readonly { readonly epoch: number; readonly picture: StagePicture }[];
  /** How many checkpoints of whole epochs the run has. */
  readonly all: number;
}

async function readEpochs({ source, stage }: MatrixEpochsRecipe, sources: FigureSources, reading: Reading): Promise<EpochPictures> {
  const { name, checkpoints } = await sources.run(source.path);
  const whole = checkpoints.filter(({ form, step }) => form === 'train' && step === 0);
  if (whole.length === 0) throw new UserError(`run ${name} has no checkpoint of a whole epoch yet`);
  const shown = evenly(whole, MOST[reading.purpose]);
  const epochs: { epoch: number; picture: StagePicture }[] = [];
  let block = '';
  for (const [at, { epoch, file }] of shown.entries()) {
    reading.signal?.throwIfAborted();
    const path = await sources.fileOfRun(source.path, file);
    const found = await blockOf({ ...source, path }, sources);
    block = found.path;
    epochs.push({ epoch, picture: stagePicture(found.matrices, stage) });
    reading.progress?.(at + 1, shown.length);
  }
  return { run: name, block, epochs, all: whole.length };
}

/** The one scale of all epochs. Throws RangeError where a matrix holds NaN or infinity. */
function commonScale(recipe: MatrixEpochsRecipe, { epochs }: EpochPictures): ValueScale {
  const { colours, transform } = recipe;
  return scaleOf(recipe, { quantity: 'weights', arrays: epochs.map(({ picture }) => picture.data), colours, transform });
}

function drawPage(recipe: MatrixEpochsRecipe, data: EpochPictures): DisplayList {
  const page = pageOf(recipe.layout);
  const scale = commonScale(recipe, data);
  // Of a film's many epochs, a page shows what it has room for.
  const shown = evenly(data.epochs, MOST.page);
  const tiles = shown.map(({ epoch, picture }, i): Tile => {
    const { rows, columns, largest } = picture;
    return {
      rows,
      columns,
      data: picture.data,
      name: `epoch ${epoch}`,
      heading: `${panelLetter(page, i)}epoch ${epoch}`,
      captions: [`largest |w| ${figureNumber(largest)}`],
    };
  });
  const title = titleBlock(page, recipe.layout.title);
  const grid = tileGrid(page, title.bottom + 2, tiles, { perRow: 4, scale, colours: recipe.colours, mostAspect: MOST_ASPECT });
  const bar = colourBar(page, grid.bottom + page.size * 0.3, scale, recipe.colours);
  const few = shown.length === data.all ? '' : ` ${shown.length} of its ${data.all} checkpoints, evenly chosen.`;
  const text = `${sentence(recipe, data)}${few} Colour: ${scale.rule}; one scale for all. ${sizeText(data)}`;
  const course = shown.map(({ epoch, picture }) => `epoch ${epoch}: ${figureNumber(picture.largest)}`).join(', ');
  const description = `${text} Largest |w| ${course}.`;
  return assemble(page, { title: titleOf(recipe, data), description }, [title, grid, bar, note(page, bar.bottom + 2, text)]);
}

const MOST_ASPECT = 2;

/** One epoch, as wide as the page; every frame has the same words and numbers at the same places. */
function drawFrame(recipe: MatrixEpochsRecipe, data: EpochPictures, at: number, scale: ValueScale): DisplayList {
  const page = pageOf(recipe.layout);
  const { epoch, picture } = data.epochs[at];
  const room = page.right - page.left;
  const title = titleBlock(page, recipe.layout.title);
  const heading = paragraph(page.left, title.bottom, `epoch ${epoch}: largest |w| ${figureNumber(picture.largest)}`, page.size, room, {
    bold: true,
  });
  const aspect = Math.min(MOST_ASPECT, Math.max(1 / MOST_ASPECT, picture.rows / picture.columns));
  const width = aspect > 1 ? room / aspect : room;
  const box = { x: page.left + (room - width) / 2, y: heading.bottom + 2, width, height: width * aspect };
  const { rows, columns } = picture;
  const map = {
    marks: heatMap({ name: `epoch ${epoch}`, rows, columns, data: picture.data }, box, scale, recipe.colours),
    bottom: box.y + box.height,
  };
  const bar = colourBar(page, map.bottom + page.size * 0.6, scale, recipe.colours);
  const text = `${sentence(recipe, data)} Colour: ${scale.rule}; one scale for all frames. ${sizeText(data)}`;
  const description = `Epoch ${epoch}, largest |w| ${figureNumber(picture.largest)}. ${text}`;
  return assemble(page, { title: `${titleOf(recipe, data)}, epoch ${epoch}`, description }, [
    title,
    heading,
    map,
    bar,
    note(page, bar.bottom + 2, text),
  ]);
}

function titleOf({ layout }: MatrixEpochsRecipe, { block, run }: EpochPictures): string {
  return layout.title ?? `FC3 of ${blockName(block)} over the epochs of ${run}`;
}

function sentence({ stage }: MatrixEpochsRecipe, { run, block }: EpochPictures): string {
  const what = stageText(stage);
  return `${what.charAt(0).toUpperCase()}${what.slice(1)}, ${blockName(block)}, at every checkpoint of run ${run}.`;
}

function sizeText({ epochs }: EpochPictures): string {
  const pictures = epochs.map(({ picture }) => picture);
  const { rows, columns } = pictures[0].whole;
  const stretched = rows / columns > MOST_ASPECT || columns / rows > MOST_ASPECT ? ' Cells are not square.' : '';
  return `The matrix is ${rows} x ${columns}. ${reductionText(pictures)}${stretched}`;
}
