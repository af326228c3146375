// Measured times of the chosen network's layers, form by form, on the engine in use.
import { createStore } from '../../studio/state';
import type { MeasuredForm } from '@shared/link/studio';
import type { NetworkSpec } from '@shared/model/spec';
import { studio } from '../../studio/studio';

export interface Measurement {
  /** The train-form network the times belong to. */
  readonly spec: NetworkSpec | null;
  /** Batch size measured last. */
  readonly batch: number;
  /** Every form at every batch size measured so far, the newest measurement of each. */
  readonly forms: readonly BatchForm[];
  readonly busy: boolean;
}

export interface BatchForm extends MeasuredForm {
  readonly batch: number;
}

/** Stretches per layer: enough for quartiles. */
const REPETITIONS = 7;

export const measurement = createStore<Measurement>(() => ({ spec: null, batch: 1, forms: [], busy: false }));

let running: AbortController | null = null;

/** Measures both forms of a network at a batch size; what is finished shows at once. */
export async function measure(spec: NetworkSpec, batch: number): Promise<void> {
  stopMeasurement();
  const own = (running = new AbortController());
  const before = measurement.getState();
  const kept = before.spec === spec ? before.forms.filter((form) => form.batch !== batch) : [];
  measurement.setState({ spec, batch, forms: kept, busy: true });
  try {
    const events = await studio().cost.measure({ spec, batch, repetitions: REPETITIONS }, { signal: own.signal });
    for await (const form of events) {
      if (own.signal.aborted) return;
      measurement.setState(({ forms }) => ({ forms: [...forms, { ...form, batch }] }));
    }
  } finally {
    if (running === own) measurement.setState({ busy: false });
  }
}

/** Ends the measurement; a form that is finished stays. */
export function stopMeasurement(): void {
  running?.abort();
  running = null;
  measurement.setState({ busy: false });
}
