// The ledgers of a file of an unknown network, by its groups of families: what is shown and what is saved are the same numbers.
import { costCsv, costJson } from '@shared/cost/export';
import { familyLedgers, type FamilyLedgers } from '@shared/cost/family-ledgers';
import { mapAssumption, USUAL_COST_MAP } from '@shared/cost/kernel-ledger';
import type { Ledger } from '@shared/cost/ledger';
import type { KernelsInFile } from '@shared/link/studio';
import { chosenMap, kernelMapSize, kernels, kernelsInFocus } from '../../../studio/families/kernels';
import type { CostBarsRecipe } from '@shared/figure/kinds/cost-bars';
import { figureSource, weights } from '../../../studio/network/weights';
import { cost, type CostFile } from '../cost';

/** Both ledgers on the map in force, counted by the convention on screen. */
export function ledgersShown(found: KernelsInFile): FamilyLedgers {
  return familyLedgers(found, mapInForce(), cost.getState().convention);
}

/** The map that layers are counted on: the one chosen, else a usual one. */
export function mapInForce(): readonly [number, number] {
  return chosenMap(kernelMapSize.getState().text) ?? USUAL_COST_MAP;
}

/** The ledgers as the command line's `cost --csv` prints them; null where the file in focus has no merged layers. */
export function familyCsv(): CostFile | null {
  return fileOfLedgers('csv', 'text/csv', costCsv);
}

/** The ledgers as the command line's `cost --json` prints them; null where the file in focus has no merged layers. */
export function familyJson(): CostFile | null {
  const map = mapInForce();
  const said = { map, assumed: mapAssumption(map) };
  return fileOfLedgers('json', 'application/json', (ledgers) => `${JSON.stringify({ ...costJson(ledgers), ...said }, null, 2)}\n`);
}

/** What a figure of these ledgers is made from: the file and the map, in place of a network. */
export function familySource(): Pick<CostBarsRecipe, 'source' | 'map' | 'model' | 'network' | 'set' | 'inputSize'> {
  const [height, width] = mapInForce();
  const none = { model: undefined, network: undefined, set: undefined, inputSize: undefined };
  return { ...none, source: figureSource(weights.getState().reference), map: [height, width] };
}

/** Whether the file in focus has merged layers that are known by now. */
export function hasLedgers(): boolean {
  return found() !== null;
}

function found(): KernelsInFile | null {
  const { reference, reading, inFocus } = weights.getState();
  return inFocus ? kernelsInFocus(kernels.getState(), reference, reading).found : null;
}

function fileOfLedgers(ending: string, type: string, write: (ledgers: readonly Ledger[]) => string): CostFile | null {
  const file = found();
  if (file === null) return null;
  const { train, merged } = ledgersShown(file);
  return { fileName: `${file.fileName}-cost.${ending}`, content: new Blob([write(train ? [train, merged] : [merged])], { type }) };
}
