// Measured time beside the count: each layer's median and spread with the rate it reaches, and the reasons
// to distrust a time. Invariant: a rate is given only where there is counted work and a time above zero.
import { z } from 'zod';
import { computed, type Stored } from '../base/sent';
import type { Form } from '../model/spec';
import type { Ledger } from './ledger';

const layerTiming = z.object({ path: z.string(), medianMs: computed, spreadMs: computed });
/** Measured time of one leaf. */
export type LayerTiming = Stored<z.infer<typeof layerTiming>>;

export const measuredTimesSchema = z.object({
  backend: z.string(),
  /** GPU or CPU as the backend names it. */
  device: z.string(),
  /** The "GPU" is drawn by the CPU: its times say nothing about a GPU. */
  software: z.boolean(),
  /** Smallest step of the clock the times were read from, in milliseconds. */
  clockMs: computed,
  layers: z.array(layerTiming),
});
/** Measured times of a network's leaves, and what they were measured on. */
export type MeasuredTimes = Stored<z.infer<typeof measuredTimesSchema>>;

/** A measured stretch lasts at least this long; browser clocks are coarsened to a tenth of a millisecond. */
export const SHORTEST_STRETCH_MS = 3;

/** How the engine times layers, to be said beside every table of times. */
export const TIMING_METHOD =
  'each layer runs alone on random input of its own shape; one run warms up, a second sizes the stretch; ' +
  `a stretch lasts at least ${SHORTEST_STRETCH_MS} ms and ends by reading a value back, so that the backend has finished; ` +
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
  /** Smallest step of the clock, in milliseconds. */
  readonly clockMs: number;
  readonly layers: readonly TimedLayer[];
  /** Sum of the medians: layers alone, without additions and activations between them. */
  readonly totalMs: number;
  readonly gflops: number | null;
  /** Reasons to distrust every time of the table. */
  readonly doubts: readonly string[];
}

/** A clock whose steps are a larger share of a stretch than this blurs the times. */
const COARSE_CLOCK = 0.05;
/** A spread above this share of the median is called out: neighbours on the machine were heard. */
const WIDE_SPREAD = 0.25;

/** Puts measured times beside the counts of the same form. */
export function timedForm(ledger: Ledger, report: MeasuredTimes, batch: number): TimedForm {
  const layers = report.layers.map((timing) => timedLayer(timing, timing.path || ledger.model, batch * macsOf(ledger, timing.path)));
  const totalMs = layers.reduce((sum, { medianMs }) => sum + medianMs, 0);
  const macs = layers.reduce((sum, layer) => sum + layer.macs, 0);
  const { backend, device, clockMs } = report;
  return {
    form: ledger.form,
    batch,
    backend,
    device,
    clockMs,
    layers,
    totalMs,
    gflops: rateOf(macs, totalMs),
    doubts: doubtsOf(report, layers),
  };
}

/** Both forms at one batch size. */
export interface BatchTimes {
  readonly batch: number;
  /** Milliseconds per image of each form, and the rate reached; null where a form was not measured. */
  readonly train: FormRate | null;
  readonly merged: FormRate | null;
  /** How many times as fast the merged form is; null without both times. */
  readonly speedUp: number | null;
}

export interface FormRate {
  readonly msPerImage: number;
  readonly gflops: number | null;
}

/** Train form against merged form per batch size, in the order measured. */
export function timesPerBatch(forms: readonly TimedForm[]): BatchTimes[] {
  return [...new Set(forms.map(({ batch }) => batch))].map((batch) => {
    const [train, merged] = (['train', 'merged'] as const).map((form) => {
      const timed = forms.find((one) => one.form === form && one.batch === batch);
      return timed ? { msPerImage: timed.totalMs / batch, gflops: timed.gflops } : null;
    });
    return { batch, train, merged, speedUp: train && merged && merged.msPerImage > 0 ? train.msPerImage / merged.msPerImage : null };
  });
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

function doubtsOf({ software, device, clockMs }: MeasuredTimes, layers: readonly TimedLayer[]): string[] {
  const wide = layers.filter(({ doubt }) => doubt !== null).length;
  return [
    ...(software ? [`${device} draws graphics on the CPU: these times say nothing about a GPU`] : []),
    ...(clockMs > COARSE_CLOCK * SHORTEST_STRETCH_MS
      ? [`the clock moves in steps of ${Number(clockMs.toPrecision(2))} ms, too coarse for stretches of ${SHORTEST_STRETCH_MS} ms`]
      : []),
    ...(wide > 0 ? [`${wide} of ${layers.length} layers have a spread above ${100 * WIDE_SPREAD} % of their median`] : []),
  ];
}
