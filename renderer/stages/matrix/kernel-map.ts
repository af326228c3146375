// The map that a kernel is seen on as a matrix, and weights that groups of families have once they are merged: both are views of
// the weights in focus that no file holds.
import type { OpenedCheckpoint } from '@shared/link/studio';
import { parseInputSize } from '@shared/model/input-size';
import { createStore } from '../../studio/state';
import { weights } from '../../studio/network/weights';
import { openGroups } from '../../studio/families/families';

export interface KernelMap {
  /** `N` or `HxW`; empty: a kernel as it is, O x C*K*L; null: as is usual for a merged kernel, and a weight of the file as it is. */
  readonly text: string | null;
}

export const kernelMap = createStore<KernelMap>(() => ({ text: null }));

// A map was chosen for one weight: the next one is of another size.
weights.subscribe(({ tensor }, before) => {
  if (tensor !== before.tensor) kernelMap.setState({ text: null });
});

/** Before the name of a weight that is there once its group is merged: no weight's name has a space. */
const MERGED = 'merged ';

/** The name to put in focus for a weight that a group has once it is merged. */
export function mergedWeight(name: string): string {
  return `${MERGED}${name}`;
}

/** Which weight a name in focus means. */
export function nameInFocus(tensor: string): { readonly name: string; readonly merged: boolean } {
  const merged = tensor.startsWith(MERGED);
  return { name: merged ? tensor.slice(MERGED.length) : tensor, merged };
}

/** Names to put in focus for the weights that a file's groups have once they are merged. */
export function mergedWeightsOf(file: OpenedCheckpoint | null): string[] {
  return file === null ? [] : openGroups(file).flatMap((group) => group.weights.map(mergedWeight));
}

/** The map to ask for. Throws UserError for a text that is no size. */
export function askedMap(tensor: string): [height: number, width: number] | 'usual' | undefined {
  const { text } = kernelMap.getState();
  if (text === null) return nameInFocus(tensor).merged ? 'usual' : undefined;
  if (text === '') return undefined;
  const { height, width } = parseInputSize('the map', text);
  return [height, width];
}
