// What part of an image the centre of the last map depends on, before and after merging, with the input's size and the method, beside
// the locality of the blocks.
import { useStore } from 'zustand';
import { percentText } from '@shared/base/number-text';
import type { ReceptiveField, ReceptiveFieldReport } from '@shared/pattern/receptive-field';
import { askForFigure } from '../../../studio/asked-figure';
import { figureSource, weights } from '../../../studio/network/weights';
import { connection } from '../../../studio/studio';
import { Panel } from '../../../studio/Stage';
import { StartOrStop } from '../../../studio/StartOrStop';
import { Choice } from '../../../ui/controls';
import { measured, percent } from '../../../ui/format';
import { HeatMap, ScaleBar } from '../../../ui/HeatMap';
import { NumberHeads } from '../../../ui/NumberHeads';
import { field, seeField, stopField } from './field';

const COUNTS = [1, 4, 8, 16, 64];

export function FieldPanel() {
  const { busy, report } = useStore(field);
  return (
    <Panel
      title="Receptive field"
      says={report ? `inputs of ${report.inputSize.join('×')}; it changes with that size` : 'which pixels move the centre of the last map'}
      tools={<Tools busy={busy} />}
      testId="receptive-field"
    >
      <div className="stack">
        {busy && (
          <p className="faint" role="status">
            Differentiating the network, input by input, in both forms.
          </p>
        )}
        {!busy && !report && <p className="faint">Takes the way back through the whole network: seconds to a minute.</p>}
        {report && <Found report={report} />}
      </div>
    </Panel>
  );
}

function Tools({ busy }: { readonly busy: boolean }) {
  const count = useStore(field, (state) => state.count);
  const connected = useStore(connection, ({ client }) => client !== null);
  return (
    <>
      <Choice
        label="Inputs"
        value={String(count)}
        options={COUNTS.map((one) => [String(one), String(one)] as const)}
        onChange={(text) => field.setState({ count: Number(text) })}
        testId="field-inputs"
      />
      <StartOrStop
        busy={busy}
        label="See it"
        testId="field-run"
        disabled={!connected}
        onStart={seeField}
        onStop={stopField}
        stopTestId="field-stop"
      />
    </>
  );
}

function Found({ report }: { readonly report: ReceptiveFieldReport }) {
  const { from, map, pixel, inputs, method, backend, forms, locality } = report;
  return (
    <>
      <div className="row" data-testid="field-maps">
        {forms.map((one) => (
          <FieldMap key={one.form} field={one} inputSize={report.inputSize} />
        ))}
      </div>
      <ScaleBar range={[LEAST, 0]} scale="viridis" text={(power) => measured(10 ** power)} />
      <SquaresTable forms={forms} />
      <p className="faint" data-testid="field-method">
        {`From the centre of ${from} (${map.join('×')}), at pixel (${pixel.join(', ')}). ${method}; ${inputs.count} inputs of ${inputs.source} values, seed ${inputs.seed}; ${backend}. Colours are logarithmic, each map relative to its largest value; below ${10 ** LEAST} all is one colour.`}
      </p>
      {locality.length > 0 && <LocalityTable locality={locality} />}
      <div className="row">
        <button type="button" className="button" data-testid="figure-of-receptive-field" onClick={() => makeFigure(report)}>
          Save figure
        </button>
      </div>
    </>
  );
}

/** Power of ten at the lower end of the colours. */
const LEAST = -4;

function makeFigure({ inputs }: ReceptiveFieldReport): void {
  askForFigure({
    kind: 'receptive-field',
    change: { source: figureSource(weights.getState().reference), inputs: inputs.count, seed: inputs.seed ?? 1 },
  });
}

const formText = ({ form }: ReceptiveField): string => (form === 'train' ? 'before merging' : 'after merging');

function FieldMap({ field: own, inputSize: [rows, columns] }: { readonly field: ReceptiveField; readonly inputSize: readonly number[] }) {
  const data = Float32Array.from(own.map.flat(), (value) => Math.max(LEAST, Math.log10(value)));
  return (
    <HeatMap picture={{ rows, columns, data }} range={[LEAST, 0]} scale="viridis" label={`Receptive field ${formText(own)}`} size={240}>
      {`${formText(own)}; ${percent(own.reached)} of the pixels reached`}
    </HeatMap>
  );
}

function SquaresTable({ forms }: { readonly forms: readonly ReceptiveField[] }) {
  return (
    <table data-testid="field-squares">
      <thead>
        <tr>
          <th>Smallest square that holds</th>
          <NumberHeads titles={forms.map(formText)} />
        </tr>
      </thead>
      <tbody>
        {forms[0].squares.map(({ share }, at) => (
          <tr key={share}>
            <td>{percentText(share, 0)}</td>
            {forms.map(({ form, squares }) => (
              <td key={form} className="number">{`${squares[at].side} px, ${percent(squares[at].area)} of the image`}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function LocalityTable({ locality }: Pick<ReceptiveFieldReport, 'locality'>) {
  return (
    <div className="table-frame" tabIndex={0} role="region" aria-label="Locality of the blocks">
      <table data-testid="field-locality">
        <thead>
          <tr>
            <th>Block</th>
            <NumberHeads titles={['Half-energy radius', 'Long-range share', 'Translation-invariant']} />
          </tr>
        </thead>
        <tbody>
          {locality.map(({ path, before, after }) => (
            <tr key={path}>
              <td className="mono">{path || '(the network)'}</td>
              <td className="number">{`${measured(before.halfEnergyRadius)} → ${measured(after.halfEnergyRadius)}`}</td>
              <td className="number">{`${percent(before.longRangeShare)} → ${percent(after.longRangeShare)}`}</td>
              <td className="number">{`${percent(before.invariantShare)} → ${percent(after.invariantShare)}`}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
