// The demo's figures: each with its recipe beside it, so that `repmlp figure` draws it again.
import { join, relative } from 'node:path';
import { RECIPE_FORMAT } from '@shared/figure/recipe';
import { figure5Choice } from '@shared/matrix/figure5';
import type { FigureRecipe } from '@shared/figure/registry';
import { isRepBlock, type NetworkSpec } from '@shared/model/spec';
import { leavesOf } from '@shared/model/walk';
import { FIGURE_FOLDER } from '../../runs/read';
import { writeFileAtomically } from '../../files';
import { pathInside } from '../../files/inside';
import { datasetsHere } from '../../app/dataset/datasets-here';
import { renderFigure } from '../../app/figure/render';

/** A drawn figure: its SVG for the report, its files. */
export interface DrawnFigure {
  readonly name: string;
  readonly caption: string;
  readonly svg: string;
  readonly files: readonly string[];
}

interface Planned {
  readonly name: string;
  readonly caption: string;
  readonly recipe: FigureRecipe;
}

/** Draws every figure of the demo as SVG and PNG into the run's figure folder. */
export async function writeDemoFigures(runFolder: string, spec: NetworkSpec): Promise<DrawnFigure[]> {
  const folder = join(runFolder, FIGURE_FOLDER);
  const drawn: DrawnFigure[] = [];
  for (const { name, caption, recipe } of planned(spec, relative(folder, runFolder) || '..')) {
    const stem = await pathInside(runFolder, `${FIGURE_FOLDER}/${name}`);
    const readers = { base: folder, datasets: datasetsHere };
    const svg = new TextDecoder().decode((await renderFigure(recipe, 'svg', readers)).bytes);
    for (const ending of ['svg', 'png', 'json']) await pathInside(runFolder, `${FIGURE_FOLDER}/${name}.${ending}`);
    await writeFileAtomically(`${stem}.svg`, new TextEncoder().encode(svg), { force: true });
    await writeFileAtomically(`${stem}.png`, (await renderFigure(recipe, 'png', readers)).bytes, { force: true });
    await writeFileAtomically(`${stem}.json`, `${JSON.stringify(recipe, null, 2)}\n`, { force: true });
    drawn.push({ name, caption, svg, files: [`${stem}.svg`, `${stem}.png`] });
  }
  return drawn;
}

const WIDE = { widthMm: 180, fontPt: 7, title: null } as const;
const NARROW = { ...WIDE, widthMm: 120 } as const;

function planned(spec: NetworkSpec, path: string): Planned[] {
  const blocks = leavesOf(spec).flatMap(({ path: layer, layer: block }) => (isRepBlock(block) ? [{ layer, block }] : []));
  const { layer, block } = blocks[0];
  const source = { path, layer };
  const { o, i: row, j: column, c } = figure5Choice(block);
  return [
    {
      name: 'matrices',
      caption: `FC3 of ${layer}: with its BN folded in, what the conv branches add, and their sum, on one zero-centred symmetric logarithmic scale.`,
      recipe: { ...RECIPE_FORMAT, kind: 'matrices', layout: WIDE, source, colours: 'blue-orange', transform: 'symlog' },
    },
    {
      name: 'figure5',
      caption: `Figure 5 of the paper for ${layer}: ln(|w| / min |w|) of output channel ${o} at row ${row}, column ${column}, over the input grid.`,
      recipe: { ...RECIPE_FORMAT, kind: 'figure5', layout: WIDE, source, outputChannel: o, row, column, inputChannel: c },
    },
    {
      name: 'cost',
      caption: 'Multiply-accumulates per layer in both forms.',
      recipe: { ...RECIPE_FORMAT, kind: 'cost-bars', layout: WIDE, model: spec.name, set: {}, metric: 'macs' },
    },
    {
      name: 'locality',
      caption: `Energy of FC3 of ${layer} against displacement, before and after the merge.`,
      recipe: { ...RECIPE_FORMAT, kind: 'locality', layout: NARROW, source },
    },
    {
      name: 'curves',
      caption: 'Loss and accuracy over the training.',
      recipe: { ...RECIPE_FORMAT, kind: 'curves', layout: NARROW, source: { path } },
    },
  ];
}
