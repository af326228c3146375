// The figure of the pattern verb: its options, the recipe they make, and the drawing of it.
import { dirname, relative } from 'node:path';
import { Option, type Command } from 'commander';
import { parseDatasetReference } from '@shared/dataset/reference';
import {
  PATTERN_KINDS,
  type FigureSource,
  type PatternFigure,
  type PatternKind,
  type PatternRecipe,
  type PictureSource,
} from '@shared/figure/recipe';
import { assertNever } from '@shared/base/assert-never';
import { UserError } from '@shared/base/user-error';
import { refuseExisting, writeFileAtomically } from '../../files';
import { namedInRecipe } from '../../app/figure/recipe-paths';
import { figureFormat, renderShown } from '../figure/figure';
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

/** Which figures an option is for. */
const GOES_WITH = {
  group: ['position-maps', 'row-kinds', 'rest-vectors', 'overlay'],
  outputChannel: ['projection'],
  inputChannel: ['projection'],
  map: ['overlay'],
  picture: ['overlay'],
  class: ['overlay'],
  sample: ['overlay'],
  partitions: ['overlay'],
} as const satisfies Partial<Record<keyof PatternFigureOptions, readonly PatternKind[]>>;

/** Adds --out and everything that says what it draws. */
export function withPatternFigure(command: Command): Command {
  return command
    .option('--out <figure>', 'also draw a figure as .svg, .pdf or .png; with --against or --epochs too')
    .addOption(new Option('--figure <kind>', 'what --out draws; the locality profile when not given').choices(PATTERN_KINDS))
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
  const asked = (Object.keys(GOES_WITH) as (keyof typeof GOES_WITH)[]).filter((key) => options[key] !== undefined);
  if (out === undefined && options.figure !== undefined) throw new UserError('--figure says what --out draws; give --out FIGURE too');
  const idle = asked.find(
    (key) => !(out !== undefined && GOES_WITH[key].some((kind) => kind === figure)) && !(key === 'group' && options.closer),
  );
  if (idle)
    throw new UserError(
      `${optionName(idle)} goes with --out FIGURE --figure ${GOES_WITH[idle].join('|')}${idle === 'group' ? ' or with --closer' : ''}`,
    );
  if (out === undefined) return;
  figureOf(options);
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
    ...(partitions.length > 0 && { partitions }),
    ...(eps !== null && { eps }),
    ...(options.inputSize !== undefined && { inputSize: options.inputSize }),
  };
  const layout = { widthMm: 120, fontPt: 8, title: null };
  const subject = {
    source,
    ...againstOf(options, folder),
    ...(epochs && { epochs }),
  };
  const recipe: PatternRecipe = { format: 'repmlp-figure', version: 1, layout, ...relativePicture(figureOf(options), folder), ...subject };
  await writeFileAtomically(out, await renderShown(recipe, figureFormat(out), folder), { force });
  remark(out);
}

function againstOf({ against, againstLayer }: PatternFigureOptions, folder: string): { readonly against?: FigureSource } {
  if (against === undefined) return {};
  return { against: { path: namedInRecipe(folder, against), ...(againstLayer !== undefined && { layer: againstLayer }) } };
}

/** What is drawn, by the options. */
function figureOf(options: PatternFigureOptions): PatternFigure {
  const { figure: kind = 'locality', map = 'input', partitions } = options;
  const group = options.group === undefined ? null : wholeNumber('--group', options.group, 0);
  switch (kind) {
    case 'locality':
      return { kind };
    case 'projection': {
      const [outputChannel, inputChannel] = [options.outputChannel ?? '0', options.inputChannel ?? '0'];
      return {
        kind,
        outputChannel: wholeNumber('--output-channel', outputChannel, 0),
        inputChannel: wholeNumber('--input-channel', inputChannel, 0),
      };
    }
    case 'position-maps':
    case 'row-kinds':
      return { kind, group };
    case 'rest-vectors':
      return { kind, group: group ?? 0 };
    case 'overlay': {
      const repeated = partitions === undefined ? {} : { partitions: wholeNumber('--partitions', partitions, 1) };
      return { kind, group, map, picture: pictureOf(options), ...repeated };
    }
    default:
      return assertNever(kind);
  }
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

/** The figure with the paths of its picture relative to the figure's folder. */
function relativePicture(figure: PatternFigure, folder: string): PatternFigure {
  if (figure.kind !== 'overlay') return figure;
  const { picture } = figure;
  if ('file' in picture) return { ...figure, picture: { file: relative(folder, picture.file) } };
  if (picture.dataset.kind === 'embedded') return figure;
  const { path } = picture.dataset;
  return { ...figure, picture: { ...picture, dataset: { ...picture.dataset, path: relative(folder, path) || '.' } } };
}
