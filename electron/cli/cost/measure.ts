// Times of a network's layers in the forms counted, on the engine of the command line.
import { alignedColumns } from '@shared/base/aligned-columns';
import { TIMING_METHOD, timedForm, timesPerBatch, type FormRate, type TimedForm, type TimedLayer } from '@shared/cost/timing';
import type { Ledger } from '@shared/cost/ledger';
import type { MeasureRequest } from '@shared/compute/engine';
import { mergeNetwork } from '@shared/merge/merge-network';
import { mergedSpec } from '@shared/model/merged-spec';
import type { NetworkSpec } from '@shared/model/spec';
import type { NamedTensors } from '@shared/tensor/tensor';
import { withEngine } from '../engine';
import { remark } from '../verb';

/** Measures every form that has a ledger at every batch size. Without weights noise runs: the time does not depend on values. */
export async function measureForms(
  { spec, weights }: { readonly spec: NetworkSpec; readonly weights: NamedTensors | null },
  ledgers: readonly Ledger[],
  { batches, ...how }: Pick<MeasureRequest, 'repetitions' | 'backend'> & { readonly batches: readonly number[] },
): Promise<TimedForm[]> {
  return withEngine(async (engine) => {
    const timed: TimedForm[] = [];
    for (const counted of ledgers) {
      const network = counted.form === spec.form ? { spec, weights } : mergedForm(spec, weights);
      for (const batch of batches) {
        remark(`measuring the ${counted.form} form, batch ${batch}`);
        timed.push(timedForm(counted, await engine.measure({ ...network, batch, ...how }), batch));
      }
    }
    return timed;
  });
}

function mergedForm(spec: NetworkSpec, weights: NamedTensors | null): { spec: NetworkSpec; weights: NamedTensors | null } {
  return weights ? mergeNetwork(spec, weights) : { spec: mergedSpec(spec), weights };
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
  const width = Math.max(5, ...layers.map(({ layer }) => layer.length));
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
