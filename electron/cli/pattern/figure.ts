// The figure of the pattern verb: its options, the recipe they make, and the drawing of it.
import { dirname, relative } from 'node:path';
import { Option, type Command } from 'commander';
import { parseDatasetReference } from '@shared/dataset/reference';
import { RECIPE_FORMAT, type FigureSource, type PictureSource } from '@shared/figure/recipe';
import { parseFigureRecipe, patternKinds, type FigureRecipe, type PatternKind } from '@shared/figure/registry';
import { UserError } from '@shared/base/user-error';
import { refuseExisting } from '../../files';
import { namedInRecipe } from '../../app/figure/source';
import { drawInto, figureFormat } from '../figure/written';
import { choicesFrom, describedSpec } from '../network';
import { remark, wholeNumber, type NetworkOptions } from '../verb';

/** What the figure shows. */
export interface PatternFigureOptions extends NetworkOptions {
  readonly figure?: PatternKind;
  readonly group?: string;
  readonly outputChannel?: string;
  readonly inputChannel?: string;
  readonly map?: 'input' | 'output';
  readonly picture?: string;
  readonly class?: string;
  readonly sample?: string;
  readonly partitions?: string;
  readonly layer?: string;
  readonly against?: string;
  readonly againstLayer?: string;
  readonly epochs?: boolean;
  readonly out?: string;
  readonly force?: boolean;
}

/** The field of a recipe that an option sets: it goes with the figures that have the field. */
const SETS = {
  group: 'group',
  outputChannel: 'outputChannel',
  inputChannel: 'inputChannel',
  map: 'map',
  picture: 'picture',
  class: 'picture',
  sample: 'picture',
  partitions: 'partitions',
} as const satisfies Partial<Record<keyof PatternFigureOptions, string>>;
type FigureOption = keyof typeof SETS;

const LAYOUT = { widthMm: 120, fontPt: 8, title: null } as const;

/** A recipe of a kind with its defaults. */
function started(kind: PatternKind, source: FigureSource, picture: PictureSource): FigureRecipe {
  const record = recordOf(kind);
  return record.start({ ...RECIPE_FORMAT, layout: LAYOUT }, { source, picture, network: {}, run: '', runs: [] });
}

function recordOf(kind: PatternKind): (typeof patternKinds)[number] {
  const found = patternKinds.find((one) => one.kind === kind);
  if (found === undefined) throw new UserError(`--figure takes ${patternKinds.map((one) => one.kind).join('|')}, got ${kind}`);
  return found;
}

/** The fields of a kind that a user sets. */
function fieldsOf(kind: PatternKind): string[] {
  return recordOf(kind)
    .form(started(kind, { path: '' }, { file: '' }))
    .map(({ field }) => field);
}

function goesWith(option: FigureOption): PatternKind[] {
  return patternKinds.map(({ kind }) => kind).filter((kind) => fieldsOf(kind).includes(SETS[option]));
}

/** Adds --out and everything that says what it draws. */
export function withPatternFigure(command: Command): Command {
  return command
    .option('--out <figure>', 'also draw a figure as .svg, .pdf or .png; with --against or --epochs too')
    .addOption(
      new Option('--figure <kind>', 'what --out draws; the locality profile when not given').choices(patternKinds.map(({ kind }) => kind)),
    )
    .option('--group <n>', 'rows of this group (RepMLPNet: share-set) alone, in figures and in --closer')
    .option('--output-channel <n>', 'projection: the kernel to this output channel')
    .option('--input-channel <n>', 'projection: the kernel from this input channel of its group')
    .addOption(new Option('--map <map>', 'overlay: where the layer looks (input) or writes (output)').choices(['input', 'output']))
    .option('--picture <what>', 'overlay: a .png or .jpg file, a data set folder, or an embedded data set')
    .option('--class <n>', 'overlay: the mean image of this class of the data set')
    .option('--sample <n>', 'overlay: this training sample of the data set')
    .option('--partitions <n>', "overlay: the map n times along each side; the network's own number when not given")
    .option('--force', 'replace an existing figure');
}

/** Refuses what cannot be drawn, before anything is computed. */
export async function checkFigureOptions(options: PatternFigureOptions & { readonly closer?: boolean }): Promise<void> {
  const { out, figure = 'locality', force = false } = options;
  const asked = (Object.keys(SETS) as FigureOption[]).filter((key) => options[key] !== undefined);
  if (out === undefined && options.figure !== undefined) throw new UserError('--figure says what --out draws; give --out FIGURE too');
  const idle = asked.find((key) => !(out !== undefined && goesWith(key).includes(figure)) && !(key === 'group' && options.closer));
  if (idle)
    throw new UserError(
      `${optionName(idle)} goes with --out FIGURE --figure ${goesWith(idle).join('|')}${idle === 'group' ? ' or with --closer' : ''}`,
    );
  if (out === undefined) return;
  recipeOf(options, { path: out }, dirname(out));
  figureFormat(out);
  await refuseExisting(out, { force });
}

function optionName(key: string): string {
  return `--${key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/** Draws the figure of `path`; `layer` is the block where the options name none. */
export async function writePatternFigure(path: string, layer: string, options: PatternFigureOptions): Promise<void> {
  const { out, epochs, force = false } = options;
  if (out === undefined) return;
  const folder = dirname(out);
  const { partitions, eps } = choicesFrom(options);
  const network = await describedSpec({ ...options, form: undefined, inputSize: undefined });
  const source: FigureSource = {
    path: namedInRecipe(folder, path),
    ...(options.weights !== undefined && { weights: options.weights }),
    layer: options.layer ?? layer,
    ...(network && { network }),
    ...(partitions.length > 0 && { partitions: partitions.map(([h, w]): [number, number] => [h, w]) }),
    ...(eps !== null && { eps }),
    ...(options.inputSize !== undefined && { inputSize: options.inputSize }),
  };
  const subject = { ...againstOf(options, folder), ...(epochs && { epochs }) };
  const recipe = recipeOf(options, source, folder, subject);
  await drawInto(out, recipe, folder, { force });
  remark(out);
}

function againstOf({ against, againstLayer }: PatternFigureOptions, folder: string): { readonly against?: FigureSource } {
  if (against === undefined) return {};
  return { against: { path: namedInRecipe(folder, against), ...(againstLayer !== undefined && { layer: againstLayer }) } };
}

/** The recipe that the options make, beside whose patterns it shows; paths in it are relative to `folder`. */
function recipeOf(options: PatternFigureOptions, source: FigureSource, folder: string, subject = {}): FigureRecipe {
  const { figure = 'locality' } = options;
  const recipe = started(figure, source, relativePicture(pictureOf(options), folder));
  // A group may have been named for --closer alone.
  const own = Object.entries(valuesOf(options)).filter(([field]) => fieldsOf(figure).includes(field));
  return parseFigureRecipe({ ...recipe, ...Object.fromEntries(own), ...subject }, 'the figure');
}

/** What the options set beside the picture. */
function valuesOf({ group, outputChannel, inputChannel, map, partitions }: PatternFigureOptions): Record<string, number | string> {
  return {
    ...(group !== undefined && { group: wholeNumber('--group', group, 0) }),
    ...(outputChannel !== undefined && { outputChannel: wholeNumber('--output-channel', outputChannel, 0) }),
    ...(inputChannel !== undefined && { inputChannel: wholeNumber('--input-channel', inputChannel, 0) }),
    ...(map !== undefined && { map }),
    ...(partitions !== undefined && { partitions: wholeNumber('--partitions', partitions, 1) }),
  };
}

function pictureOf({ picture = 'shapes', class: classMean, sample }: PatternFigureOptions): PictureSource {
  if (classMean !== undefined && sample !== undefined) throw new UserError('give either --class or --sample, not both');
  if (/\.(png|jpe?g)$/i.test(picture)) {
    if (classMean !== undefined || sample !== undefined)
      throw new UserError('--class and --sample choose from a data set; --picture names one picture');
    return { file: picture };
  }
  const dataset = parseDatasetReference(picture);
  if (sample !== undefined) return { dataset, of: { sample: wholeNumber('--sample', sample, 0) } };
  return { dataset, of: { classMean: wholeNumber('--class', classMean ?? '0', 0) } };
}

/** A picture with its path relative to the figure's folder. */
function relativePicture(picture: PictureSource, folder: string): PictureSource {
  if ('file' in picture) return { file: relative(folder, picture.file) };
  if (picture.dataset.kind === 'embedded') return picture;
  const { path } = picture.dataset;
  return { ...picture, dataset: { ...picture.dataset, path: relative(folder, path) || '.' } };
}
