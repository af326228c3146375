// Whole tiny networks and blocks of several layers of the reference cases, in merged form and double precision.
import type { NamedTensors } from '@shared/tensor/tensor';
import type { FamilyCase } from './cases';
import type { Map64 } from './direct';

/** How a case's network runs on its merged weights; null where it is not written here. */
export function networkOutput(_one: FamilyCase): ((x: Map64, weights: NamedTensors) => Map64) | null {
  return null;
}
