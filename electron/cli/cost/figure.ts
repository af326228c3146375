// The ledger's figure: drawn from a recipe that names a zoo model, or holds the network's description where no
// entry builds it, so that it can be drawn again.
import { dirname } from 'node:path';
import type { CostBarsRecipe } from '@shared/figure/kinds/cost-bars';
import { RECIPE_FORMAT } from '@shared/figure/recipe';
import type { FigureRecipe } from '@shared/figure/registry';
import type { NetworkSpec } from '@shared/model/spec';
import { buildModel, zoo, type SettingTexts } from '@shared/model/zoo';
import { writeFileAtomically } from '../../files';
import { figureFormat, renderShown } from '../figure/figure';
import { settingsFrom } from '../verb';

interface CostFigureOptions extends Pick<CostBarsRecipe, 'metric' | 'convention' | 'form' | 'level' | 'chart'> {
  readonly settings: readonly string[];
  readonly force: boolean;
}

/** Writes the bars or the icicle of a network's cost, in the convention and of the forms asked for. */
export async function writeCostFigure(out: string, spec: NetworkSpec, { settings, force, ...what }: CostFigureOptions): Promise<void> {
  const set = settingsFrom(settings);
  const layout = { widthMm: 170, fontPt: 8, title: null };
  const network = isBuiltBy(spec, set) ? { model: spec.name, set } : { network: spec };
  const recipe: FigureRecipe = { ...RECIPE_FORMAT, layout, kind: 'cost-bars', ...network, ...what };
  await writeFileAtomically(out, await renderShown(recipe, figureFormat(out), dirname(out)), { force });
}

function isBuiltBy(spec: NetworkSpec, set: SettingTexts): boolean {
  return zoo.some(({ name }) => name === spec.name) && JSON.stringify(buildModel(spec.name, set)) === JSON.stringify(spec);
}
