// Measured time per layer beside its count: median and spread in both forms, the rate reached, and what
// speaks against trusting the clock.
import { useLook } from '../../studio/looks';
import { z } from 'zod';
import { useStore } from 'zustand';
import { TIMING_METHOD, timedForm, timesPerBatch, type FormRate, type TimedForm, type TimedLayer } from '@shared/cost/timing';
import type { BothForms } from '@shared/cost/both-forms';
import { measure, measurement, stopMeasurement, type BatchForm } from './measurement';
import { connection } from '../../studio/studio';
import { exact, measured } from '../../ui/format';
import { Panel } from '../../studio/Stage';
import { StartOrStop } from '../../studio/StartOrStop';
import { NumberHeads } from '../../ui/NumberHeads';

const BATCHES = [1, 4, 16, 64];

export function MeasuredTimes({ forms }: { readonly forms: BothForms }) {
  const state = useStore(measurement);
  const all = state.spec === forms.train ? timedForms(forms, state.forms) : [];
  const timed = all.filter(({ batch }) => batch === state.batch);
  return (
    <Panel title="Measured time" says={placeText(timed)} tools={<Tools forms={forms} busy={state.busy} />} bare testId="measured">
      {state.busy && (
        <p className="panel-body faint" role="status">
          {timed.length === 0 ? 'Measuring the train form.' : 'Measuring the merged form.'}
        </p>
      )}
      {timed.length > 0 && <TimesTable timed={timed} />}
      {all.length > timed.length && <BatchTable timed={all} />}
      <div className="panel-body stack times-notes">
        {timed.flatMap(({ form, doubts }) =>
          doubts.map((doubt) => <p key={`${form} ${doubt}`} className="more">{`Not trustworthy, ${form} form: ${doubt}.`}</p>),
        )}
        <p className="faint">{`How: ${TIMING_METHOD}. Weights are noise; the time does not depend on their values.`}</p>
      </div>
    </Panel>
  );
}

interface PlacedForm extends TimedForm {
  readonly place: string;
}

function timedForms(forms: BothForms, found: readonly BatchForm[]): PlacedForm[] {
  return found.map(({ form, place, report, batch }) => ({
    ...timedForm(form === 'train' ? forms.trainLedger : forms.mergedLedger, report, batch),
    place,
  }));
}

function placeText(timed: readonly PlacedForm[]): string {
  if (timed.length === 0) return 'per layer, on the backend in use';
  const [{ batch, backend, device, place, clockMs }] = timed;
  return `batch ${batch}, ${backend} (${device}), ${place}; the clock moves in steps of ${measured(clockMs)} ms`;
}

const BATCH = { stage: 'cost', name: 'measured-batch', schema: z.number(), first: 1 as number } as const;

function Tools({ forms, busy }: { readonly forms: BothForms; readonly busy: boolean }) {
  const [batch, setBatch] = useLook(BATCH);
  const connected = useStore(connection, ({ client }) => client !== null);
  return (
    <>
      <label className="row">
        batch
        <select value={batch} data-testid="measure-batch" onChange={(event) => setBatch(Number(event.target.value))}>
          {BATCHES.map((size) => (
            <option key={size}>{size}</option>
          ))}
        </select>
      </label>
      <StartOrStop
        busy={busy}
        label="Measure"
        testId="measure"
        disabled={!connected}
        onStart={() => measure(forms.train, batch)}
        onStop={stopMeasurement}
        stopTestId="measure-stop"
      />
    </>
  );
}

/** Train form against merged form per batch size. */
function BatchTable({ timed }: { readonly timed: readonly TimedForm[] }) {
  const rate = (form: FormRate | null): string[] => (form ? [measured(form.msPerImage), measured(form.gflops ?? 0)] : ['–', '–']);
  const lines = timesPerBatch(timed)
    .sort((a, b) => a.batch - b.batch)
    .map(({ batch, train, merged, speedUp }) => [
      String(batch),
      ...rate(train),
      ...rate(merged),
      speedUp === null ? '–' : measured(speedUp),
    ]);
  return (
    <table className="runs" data-testid="batch-times">
      <thead>
        <tr>
          <NumberHeads
            titles={['Batch', 'train, ms per image', 'GFLOP/s', 'merged, ms per image', 'GFLOP/s ', 'merged is … times as fast']}
          />
        </tr>
      </thead>
      <tbody>
        {lines.map((cells) => (
          <tr key={cells[0]}>
            {cells.map((cell, index) => (
              <td key={index} className="number">
                {cell}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function TimesTable({ timed }: { readonly timed: readonly PlacedForm[] }) {
  const [train, merged] = (['train', 'merged'] as const).map((form) => timed.find((one) => one.form === form));
  const after = new Map(merged?.layers.map((layer) => [layer.layer, layer]));
  return (
    <div className="table-frame times-frame">
      <table className="runs" data-testid="times">
        <thead>
          <tr>
            <th>Layer</th>
            {(['train', 'merged'] as const).flatMap((form) => [
              <th key={`${form} macs`} className="number">{`MACs, ${form}`}</th>,
              <th key={`${form} ms`} className="number">
                median ± spread, ms
              </th>,
              <th key={`${form} rate`} className="number">
                GFLOP/s
              </th>,
            ])}
            <th>Trust</th>
          </tr>
        </thead>
        <tbody>
          {train?.layers.map((layer) => (
            <TimesRow key={layer.layer} train={layer} merged={after.get(layer.layer)} />
          ))}
          <TotalRow train={train} merged={merged} />
        </tbody>
      </table>
    </div>
  );
}

function TimesRow({ train, merged }: { readonly train: TimedLayer; readonly merged: TimedLayer | undefined }) {
  const doubts = [train.doubt && `train: ${train.doubt}`, merged?.doubt && `merged: ${merged.doubt}`].filter(Boolean).join('; ');
  return (
    <tr>
      <td className="mono">{train.layer}</td>
      <TimeCells layer={train} />
      <TimeCells layer={merged} />
      <td className="more" title={doubts}>
        {doubts && 'doubtful'}
      </td>
    </tr>
  );
}

function TimeCells({ layer }: { readonly layer: TimedLayer | undefined }) {
  if (!layer) return <td colSpan={3} className="number faint" />;
  return (
    <>
      <td className="number">{exact(layer.macs)}</td>
      <td className="number">{`${measured(layer.medianMs)} ± ${measured(layer.spreadMs)}`}</td>
      <td className="number">{layer.gflops === null ? '–' : measured(layer.gflops)}</td>
    </>
  );
}

function TotalRow({ train, merged }: { readonly train: TimedForm | undefined; readonly merged: TimedForm | undefined }) {
  const cells = [train, merged].map((form) => (form ? [measured(form.totalMs), measured(form.gflops ?? 0)] : ['', '']));
  const ratio = train && merged && merged.totalMs > 0 ? `merged form is ${measured(train.totalMs / merged.totalMs)} times as fast` : '';
  return (
    <tr className="total">
      <td>Sum of the layers</td>
      {cells.flatMap(([time, rate], index) => [
        <td key={`space ${index}`} />,
        <td key={`time ${index}`} className="number">
          {time}
        </td>,
        <td key={`rate ${index}`} className="number">
          {rate}
        </td>,
      ])}
      <td>{ratio}</td>
    </tr>
  );
}
