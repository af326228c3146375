// Times of a network's layers in the forms counted, on the engine of the command line.
import { largestOf } from '@shared/base/extremes';
import { alignedColumns } from '@shared/base/aligned-columns';
import { TIMING_METHOD, timedForm, timesPerBatch, type FormRate, type TimedForm, type TimedLayer } from '@shared/cost/timing';
import type { Ledger } from '@shared/cost/ledger';
import { measurements, type Measured } from '../../app/cost/measure';
import { withEngine } from '../engine';
import { remark } from '../verb';

/** Measures every form at every batch size against its ledger. */
export async function measureForms(asked: Measured, ledgers: readonly Ledger[]): Promise<TimedForm[]> {
  return withEngine(async (engine) => {
    const timed: TimedForm[] = [];
    for (const { form, batch, start } of measurements(engine, asked)) {
      remark(`measuring the ${form} form, batch ${batch}`);
      const counted = ledgers.find((one) => one.form === form) as Ledger;
      timed.push(timedForm(counted, await start(), batch));
    }
    return timed;
  });
}

/** Tables for a terminal, with how the times were taken and what speaks against them. */
export function timesText(forms: readonly TimedForm[]): string[] {
  return [...forms.flatMap(formText), ...batchText(forms), `timing: ${TIMING_METHOD}`];
}

/** Train form against merged form, one line per batch size. */
function batchText(forms: readonly TimedForm[]): string[] {
  const rates = (form: FormRate | null): string[] => (form ? [form.msPerImage.toFixed(3), rateText(form.gflops).trim()] : ['-', '-']);
  const lines = timesPerBatch(forms).map(({ batch, train, merged, speedUp }) => [
    String(batch),
    ...rates(train),
    ...rates(merged),
    speedUp === null ? '-' : speedUp.toFixed(2),
  ]);
  const head = ['batch', 'train, ms/image', 'GFLOP/s', 'merged, ms/image', 'GFLOP/s', 'merged is x times as fast'];
  return [...alignedColumns([head, ...lines], 0), ''];
}

function formText({ form, batch, backend, device, clockMs, layers, totalMs, gflops, doubts }: TimedForm): string[] {
  const width = largestOf(
    layers.map(({ layer }) => layer.length),
    5,
  );
  return [
    `measured, ${form} form, batch ${batch}, ${backend} (${device}), clock steps of ${clockMs.toPrecision(2)} ms`,
    `${'layer'.padEnd(width)}  median ms  spread ms  GFLOP/s`,
    ...layers.map((layer) => layerText(layer, width)),
    `${'total'.padEnd(width)}  ${totalMs.toFixed(3).padStart(9)}  ${''.padStart(9)}  ${rateText(gflops)}`,
    ...doubts.map((doubt) => `not trustworthy: ${doubt}`),
    '',
  ];
}

function layerText({ layer, medianMs, spreadMs, gflops, doubt }: TimedLayer, width: number): string {
  const line = `${layer.padEnd(width)}  ${medianMs.toFixed(3).padStart(9)}  ${spreadMs.toFixed(3).padStart(9)}  ${rateText(gflops)}`;
  return doubt === null ? line : `${line}  (${doubt})`;
}

function rateText(gflops: number | null): string {
  return (gflops === null ? '-' : gflops.toFixed(2)).padStart(7);
}
