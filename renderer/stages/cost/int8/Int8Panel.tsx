// What int8 weights would cost each layer, before and after the merge, and which weight is to blame.
import { useLook } from '../../../studio/looks';
import { z } from 'zod';
import { useStore } from 'zustand';
import type { Int8Layer, Int8Report } from '@shared/cost/int8/report';
import type { Int8Scales } from '@shared/tensor/int8';
import { askForFigure } from '../../../studio/asked-figure';
import { figureSource, weights } from '../../../studio/network/weights';
import { connection } from '../../../studio/studio';
import { Panel } from '../../../studio/Stage';
import { StartOrStop } from '../../../studio/StartOrStop';
import { Segments } from '../../../ui/controls';
import { measured, percent } from '../../../ui/format';
import { NumberHeads } from '../../../ui/NumberHeads';
import { forecast, foreseeInt8, stopForecast } from './forecast';

export function Int8Panel() {
  const { busy, report } = useStore(forecast);
  const inFocus = useStore(weights, (state) => state.inFocus);
  return (
    <Panel
      title="What int8 would cost"
      says="signal to noise with int8 weights, before and after merging"
      tools={<Tools busy={busy} />}
      testId="int8"
    >
      <div className="stack">
        {!inFocus && <p className="faint">The network has no weights yet: train it, or open a file of them.</p>}
        {busy && (
          <p className="faint" role="status">
            Rounding every weight, and running each layer with its own rounded alone, in both forms.
          </p>
        )}
        {inFocus && !busy && !report && <p className="faint">Rounds weights alone; activations stay as they are. Seconds to a minute.</p>}
        {report && <Found report={report} />}
      </div>
    </Panel>
  );
}

function Tools({ busy }: { readonly busy: boolean }) {
  const connected = useStore(connection, ({ client }) => client !== null);
  const inFocus = useStore(weights, (state) => state.inFocus);
  return (
    <StartOrStop
      busy={busy}
      label="Forecast"
      testId="int8-run"
      disabled={!connected || !inFocus}
      onStart={foreseeInt8}
      onStop={stopForecast}
      stopTestId="int8-stop"
    />
  );
}

const SCALES = [
  ['tensor', 'one scale per weight'],
  ['channel', 'one per output channel'],
] as const satisfies readonly (readonly [Int8Scales, string])[];

const SCALE = { stage: 'cost', name: 'int8-scales', schema: z.enum(['tensor', 'channel']), first: 'tensor' as Int8Scales } as const;

function Found({ report }: { readonly report: Int8Report }) {
  const [scales, setScales] = useLook(SCALE);
  const figure = () =>
    askForFigure({
      kind: 'int8',
      change: { source: figureSource(weights.getState().reference), batch: report.inputs.shape[0], seed: report.inputs.seed ?? 1, scales },
    });
  return (
    <>
      <div className="row">
        <Segments label="Scales of int8" value={scales} options={SCALES} onChange={setScales} testId="int8-scales" />
        <button type="button" className="button" data-testid="figure-of-int8" onClick={figure}>
          Save figure
        </button>
      </div>
      {report.forms.map(({ form, snr, changed }) => (
        <p key={form} data-testid={`int8-${form}`}>
          {`${form} form, all layers rounded: ${decibelText(snr[scales])}${changed === null ? '' : `, ${percent(changed[scales])} of the inputs answered otherwise`}`}
        </p>
      ))}
      <LayerTable report={report} scales={scales} />
      <Outliers report={report} />
      <p className="faint">{`${report.method}. ${report.inputs.shape[0]} inputs of ${report.inputs.source} values, seed ${report.inputs.seed}; ${report.backend}.`}</p>
    </>
  );
}

interface LayerTableProps {
  readonly report: Int8Report;
  readonly scales: Int8Scales;
}

/** A row per layer; cells of a form that has no such layer are empty. */
function LayerTable({ report: { forms }, scales }: LayerTableProps) {
  const paths = [...new Set(forms.flatMap(({ layers }) => layers.map(({ path }) => path)))];
  return (
    <div className="table-frame" tabIndex={0} role="region" aria-label="Cost of int8 layer by layer">
      <table className="runs" data-testid="int8-layers">
        <thead>
          <tr>
            <th>Layer</th>
            <NumberHeads titles={forms.flatMap(({ form }) => [`dB, ${form}`, `outputs changed, ${form}`])} />
          </tr>
        </thead>
        <tbody>
          {paths.map((path) => (
            <tr key={path}>
              <td className="mono">{path}</td>
              {forms.map(({ form, layers }) => (
                <LayerCells key={form} layer={layers.find((one) => one.path === path)} scales={scales} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function LayerCells({ layer, scales }: { readonly layer: Int8Layer | undefined; readonly scales: Int8Scales }) {
  if (!layer) return <td colSpan={2} />;
  return (
    <>
      <td className="number">{decibelText(layer.snr[scales])}</td>
      <td className="number">{percent(layer.changed[scales])}</td>
    </>
  );
}

function Outliers({ report: { forms } }: { readonly report: Int8Report }) {
  const found = forms.flatMap(({ form, layers }) =>
    layers.flatMap(({ weights: own }) => own.flatMap(({ name, outlier }) => (outlier === null ? [] : [{ form, name, outlier }]))),
  );
  if (found.length === 0) return <p>No channel stands out: every weight makes good use of one scale.</p>;
  return (
    <details data-testid="int8-outliers">
      <summary>{`Channels that stand out, and what made them: ${found.length}`}</summary>
      <ul>
        {found.map(({ form, name, outlier }) => (
          <li key={`${form} ${name}`}>
            {`${form} form, `}
            <span className="mono">{name}</span>
            {`, channel ${outlier.channel}, ${measured(outlier.times)} times the median channel's range: ${outlier.cause}`}
          </li>
        ))}
      </ul>
    </details>
  );
}

function decibelText(value: number): string {
  return Number.isFinite(value) ? `${value.toFixed(1)} dB` : 'exact';
}
