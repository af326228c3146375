// The layers that the groups of the file in focus are once merged, for the stages that look at them, and the map they are seen on.
// Invariant: layers are only shown under the weights, and the reading of them, that they were found in.
import { messageOf } from '@shared/base/message-of';
import type { KernelsInFile, WeightsReference } from '@shared/link/studio';
import { parseInputSize } from '@shared/model/input-size';
import type { Pair } from '@shared/model/spec';
import { keyOf, weights } from '../network/weights';
import { createStore } from '../state';
import { studio } from '../studio';

export interface FoundKernels {
  /** Weights and reading; null before the first. */
  readonly key: string | null;
  readonly found: KernelsInFile | null;
  readonly problem: string | null;
}

const NOTHING: FoundKernels = { key: null, found: null, problem: null };

export const kernels = createStore<FoundKernels>(() => NOTHING);

/** The map of every merged kernel: `N` or `HxW`; empty: the usual one. */
export const kernelMapSize = createStore<{ readonly text: string }>(() => ({ text: '' }));

/** The map that was chosen; null for the usual one. */
export function chosenMap(text: string): Pair | null {
  if (text === '') return null;
  const { height, width } = parseInputSize('the map', text);
  return [height, width];
}

/** What the layers of some weights are kept under; `reading` counts what was said of them. */
export function kernelsKey(reference: WeightsReference, reading: number): string {
  return `${keyOf(reference)}|${reading}`;
}

/** The layers of the weights in focus as far as they are known. */
export function kernelsInFocus(known: FoundKernels, reference: WeightsReference, reading: number): FoundKernels {
  return known.key === kernelsKey(reference, reading) ? known : NOTHING;
}

/** Finds the layers of the weights in focus, unless they are there already. */
export async function loadKernels(): Promise<void> {
  const { reference, reading } = weights.getState();
  const key = kernelsKey(reference, reading);
  if (kernels.getState().key === key) return;
  kernels.setState({ key, found: null, problem: null });
  const result = await studio()
    .merge.kernels({ weights: reference })
    .then(
      (found) => ({ found }),
      (error: unknown) => ({ problem: messageOf(error) }),
    );
  if (kernels.getState().key === key) kernels.setState(result);
}
