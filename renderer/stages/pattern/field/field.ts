// The receptive field of the weights in focus: asked for, since it takes the way back through the whole network, and thrown away when
// other weights come into focus.
import type { ReceptiveFieldReport } from '@shared/pattern/receptive-field';
import { keyOf, weights } from '../../../studio/network/weights';
import { createStore } from '../../../studio/state';
import { studio } from '../../../studio/studio';

export interface FieldState {
  readonly busy: boolean;
  readonly report: ReceptiveFieldReport | null;
  /** Random inputs the gradient is averaged over. */
  readonly count: number;
}

export const field = createStore<FieldState>(() => ({ busy: false, report: null, count: 8 }));

let running: AbortController | null = null;

/** Computes the field of the weights in focus, from the last map. */
export async function seeField(): Promise<void> {
  stopField();
  const own = (running = new AbortController());
  field.setState({ busy: true, report: null });
  try {
    const asked = { weights: weights.getState().reference, layer: null, count: field.getState().count, seed: 1 };
    const report = await studio().pattern.receptiveField(asked, { signal: own.signal });
    if (running === own) field.setState({ report });
  } finally {
    if (running === own) field.setState({ busy: false });
  }
}

export function stopField(): void {
  running?.abort();
  running = null;
  field.setState({ busy: false });
}

const about = ({ reference, inFocus, reading, opened }: ReturnType<typeof weights.getState>): string =>
  JSON.stringify([keyOf(reference), inFocus, reading, opened.map(({ id, recognised }) => [id, recognised?.spec.input])]);
weights.subscribe((now, before) => {
  if (now === before || about(now) === about(before)) return;
  stopField();
  field.setState({ report: null });
});
