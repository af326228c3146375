// What a prepared stage shows, as a figure for paper: the ledger's bars, the matrices of the network that comes along, where they look.
// Stages whose picture is no figure have none; the convolution stage's scene is drawn by scene-picture.ts.
import type { FigureRecipe } from '../../figure/registry';
import { figureRecipe } from '../picture';
import type { PreparedState } from '../prepared-state';
import { BUNDLED_MODEL } from '../world';

/** The figure of a state's stage; null where there is none. */
export function stageFigure({ stage, network, planted }: PreparedState): FigureRecipe | null {
  const source = { path: `bundled:${BUNDLED_MODEL}` };
  const isBundled = network?.model === BUNDLED_MODEL && Object.keys(network.set).length === 0;
  if (stage === 'cost' && network) return figureRecipe({ kind: 'cost-bars', model: network.model, set: network.set, metric: 'macs' });
  // A merge with a mistake in it is to be found out, not shown.
  if (!isBundled || planted) return null;
  if (stage === 'merge' || stage === 'matrix')
    return figureRecipe({ kind: 'matrices', source, colours: 'blue-orange', transform: 'symlog' });
  return stage === 'pattern' ? figureRecipe({ kind: 'position-maps', source, group: null }) : null;
}
