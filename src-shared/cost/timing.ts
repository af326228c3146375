// Measured time beside the count: each layer's median and spread with the rate it reaches, and the reasons
// to distrust a time. Invariant: a rate is given only where there is counted work and a time above zero.
import type { LayerTiming, MeasureReport } from '../engine/engine';
import type { Form } from '../model/spec';
import type { Ledger } from './ledger';

/** How the engine times layers, to be said beside every table of times. */
export const TIMING_METHOD =
  'each layer runs alone on random input of its own shape; one run warms up, a second sizes the stretch; ' +
  'a stretch lasts at least 3 ms and ends by reading a value back, so that the backend has finished; ' +
  'median over the stretches, spread between their quartiles';

/** One layer's time for a whole batch. */
export interface TimedLayer {
  /** Its path; the network's name where the layer is all of it. */
  readonly layer: string;
  /** Multiply-accumulates of the whole batch. */
  readonly macs: number;
  readonly medianMs: number;
  /** Distance between the quartiles. */
  readonly spreadMs: number;
  /** Achieved GFLOP/s, 2 FLOPs per multiply-accumulate; null without counted work or a time. */
  readonly gflops: number | null;
  /** Why this time is not trustworthy; null if nothing speaks against it. */
  readonly doubt: string | null;
}

/** The times of one form. */
export interface TimedForm {
  readonly form: Form;
  readonly batch: number;
  readonly backend: string;
  readonly device: string;
  readonly layers: readonly TimedLayer[];
  /** Sum of the medians: layers alone, without additions and activations between them. */
  readonly totalMs: number;
  readonly gflops: number | null;
  /** Reasons to distrust every time of the table. */
  readonly doubts: readonly string[];
}

/** A spread above this share of the median is called out: neighbours on the machine were heard. */
const WIDE_SPREAD = 0.25;

/** Puts measured times beside the counts of the same form. */
export function timedForm(ledger: Ledger, report: MeasureReport, batch: number): TimedForm {
  const layers = report.layers.map((timing) => timedLayer(timing, timing.path || ledger.model, batch * macsOf(ledger, timing.path)));
  const totalMs = layers.reduce((sum, { medianMs }) => sum + medianMs, 0);
  const macs = layers.reduce((sum, layer) => sum + layer.macs, 0);
  const { backend, device } = report;
  return { form: ledger.form, batch, backend, device, layers, totalMs, gflops: rateOf(macs, totalMs), doubts: doubtsOf(report, layers) };
}

function macsOf({ layers }: Ledger, path: string): number {
  return layers.reduce((sum, row) => sum + (row.layer === path ? row.macs : 0), 0);
}

function timedLayer({ medianMs, spreadMs }: LayerTiming, layer: string, macs: number): TimedLayer {
  return { layer, macs, medianMs, spreadMs, gflops: rateOf(macs, medianMs), doubt: doubtOf(medianMs, spreadMs) };
}

function rateOf(macs: number, milliseconds: number): number | null {
  return macs > 0 && milliseconds > 0 ? (2 * macs) / (milliseconds * 1e6) : null;
}

function doubtOf(medianMs: number, spreadMs: number): string | null {
  if (medianMs <= 0) return 'below what the clock can tell';
  return spreadMs > WIDE_SPREAD * medianMs ? `spread is ${Math.round((100 * spreadMs) / medianMs)} % of the median` : null;
}

function doubtsOf({ software, device }: MeasureReport, layers: readonly TimedLayer[]): string[] {
  const wide = layers.filter(({ doubt }) => doubt !== null).length;
  return [
    ...(software ? [`${device} draws graphics on the CPU: these times say nothing about a GPU`] : []),
    ...(wide > 0 ? [`${wide} of ${layers.length} layers have a spread above ${100 * WIDE_SPREAD} % of their median`] : []),
  ];
}
