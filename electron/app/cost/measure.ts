// Measured times of a network's forms on an engine, whoever asks: one form after the other, at one batch size after the other.
import type { Engine, MeasureReport, MeasureRequest } from '@shared/compute/engine';
import { mergeNetwork } from '@shared/merge/merge-network';
import type { Form, NetworkSpec } from '@shared/model/spec';
import type { NamedTensors } from '@shared/tensor/tensor';

/** What is measured. Without weights noise runs: the time does not depend on values. */
export interface Measured extends Pick<MeasureRequest, 'repetitions' | 'backend'> {
  readonly spec: NetworkSpec;
  readonly weights: NamedTensors | null;
  /** Of `countedForms`. */
  readonly forms: readonly NetworkSpec[];
  readonly batches: readonly number[];
}

/** One measurement: `start` runs it; a caller that leaves ends it within a layer. */
export interface Measurement {
  readonly form: Form;
  readonly batch: number;
  readonly start: (signal?: AbortSignal) => Promise<MeasureReport>;
}

/** The measurements of `forms`, each to be started when the one before has ended. */
export function* measurements(engine: Engine, { spec, weights, forms, batches, ...how }: Measured): Generator<Measurement, void> {
  for (const counted of forms) {
    const network = weights && counted.form !== spec.form ? mergeNetwork(spec, weights) : { spec: counted, weights };
    for (const batch of batches)
      yield { form: counted.form, batch, start: (signal) => engine.measure({ ...network, batch, ...how }, signal) };
  }
}
