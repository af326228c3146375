// --out of a verb that computes one figure's numbers: what it draws is what the verb printed.
import { dirname } from 'node:path';
import type { Command } from 'commander';
import { RECIPE_FORMAT, type FigureSource } from '@shared/figure/recipe';
import { parseFigureRecipe } from '@shared/figure/registry';
import { refuseExisting } from '../../files';
import { namedInRecipe } from '../../app/figure/source';
import { choicesFrom, describedSpec } from '../network';
import { remark, type NetworkOptions } from '../verb';
import { drawInto, figureFormat, type ComputedAlready } from './written';

export interface FigureOut {
  readonly out?: string;
  readonly force?: boolean;
}

/** Adds --out and --force. */
export function withFigureOut(command: Command): Command {
  return command.option('--out <figure>', 'also draw it as .svg, .pdf, .png or .pgf').option('--force', 'replace an existing figure');
}

/** Refuses a figure that cannot be written, before anything is computed. */
export async function checkFigure({ out, force = false }: FigureOut): Promise<void> {
  if (out === undefined) return;
  figureFormat(out);
  await refuseExisting(out, { force });
}

/** How the figure's recipe names the weights at `path`, with what the options say of them. */
export async function figureSourceOf(path: string, options: NetworkOptions & FigureOut): Promise<FigureSource> {
  const { partitions, eps } = choicesFrom(options);
  const network = await describedSpec({ ...options, form: undefined, inputSize: undefined });
  return {
    path: options.out === undefined ? path : namedInRecipe(dirname(options.out), path),
    ...(options.weights !== undefined && { weights: options.weights }),
    ...(network && { network }),
    ...(partitions.length > 0 && { partitions: partitions.map(([h, w]): [number, number] => [h, w]) }),
    ...(eps !== null && { eps }),
    ...(options.inputSize !== undefined && { inputSize: options.inputSize }),
  };
}

const LAYOUT = { widthMm: 120, fontPt: 8, title: null } as const;

/** Writes the figure of a recipe's own fields where --out asks for one; `computed` has what the verb computed. */
export async function writeFigure(
  { out, force = false }: FigureOut,
  fields: Readonly<Record<string, unknown>>,
  computed?: ComputedAlready,
): Promise<void> {
  if (out === undefined) return;
  const recipe = parseFigureRecipe({ ...RECIPE_FORMAT, layout: LAYOUT, ...fields }, 'the figure');
  await drawInto(out, recipe, dirname(out), { force, computed });
  remark(out);
}
