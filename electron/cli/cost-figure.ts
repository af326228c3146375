// The ledger's figure: drawn from a recipe that names a zoo model, so that it can be drawn again.
import { dirname } from 'node:path';
import type { FigureRecipe } from '@shared/figure/recipe';
import type { NetworkSpec } from '@shared/model/spec';
import { buildModel, zoo, type SettingTexts } from '@shared/model/zoo';
import { UserError } from '@shared/user-error';
import { writeFileAtomically } from '../service/files';
import { figureFormat, renderFigure } from './figure';
import { settingsFrom } from './verb';

interface CostFigure {
  readonly spec: NetworkSpec;
  readonly settings: readonly string[];
  readonly chart: 'bars' | 'icicle';
  readonly force: boolean;
}

/** Writes the bars or the icicle of both forms. Throws UserError for a network that no zoo entry builds. */
export async function writeCostFigure(out: string, { spec, settings, chart, force }: CostFigure): Promise<void> {
  const set = settingsFrom(settings);
  if (!isBuiltBy(spec, set))
    throw new UserError(`a cost figure is made from a zoo model, so that its recipe can be drawn again; no entry builds this ${spec.name}`);
  const layout = { widthMm: 170, fontPt: 8, title: null };
  const recipe: FigureRecipe = {
    format: 'repmlp-figure',
    version: 1,
    layout,
    kind: 'cost-bars',
    model: spec.name,
    set,
    metric: 'macs',
    chart,
  };
  await writeFileAtomically(out, await renderFigure(recipe, figureFormat(out), dirname(out)), { force });
}

function isBuiltBy(spec: NetworkSpec, set: SettingTexts): boolean {
  return zoo.some(({ name }) => name === spec.name) && JSON.stringify(buildModel(spec.name, set)) === JSON.stringify(spec);
}
