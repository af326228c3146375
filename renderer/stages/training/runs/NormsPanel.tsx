// Weight and gradient norms of each layer of a shown run at the last step of an epoch, and the course of one
// layer's over the epochs.
import { z } from 'zod';
import { useStore } from 'zustand';
import type { NormsEvent } from '@shared/run/norms';
import { useLook } from '../../../studio/looks';
import { runs } from '../../../studio/runs/runs';
import { Choice } from '../../../ui/controls';
import { measured } from '../../../ui/format';
import { Plot } from '../../../ui/Plot';
import { Panel } from '../../../studio/Stage';
import type { ParameterNorm } from '@shared/training/recipe/event';

const NAME = { stage: 'training', schema: z.string().nullable(), first: null } as const;
const EPOCH = { stage: 'training', name: 'norms-epoch', schema: z.number().nullable(), first: null } as const;

export function NormsPanel() {
  const { shown, norms } = useStore(runs);
  const [chosenRun, setRun] = useLook({ ...NAME, name: 'norms-run' });
  const [chosenEpoch, setEpoch] = useLook(EPOCH);
  const [layer, setLayer] = useLook({ ...NAME, name: 'norms-layer' });
  const measuredRuns = shown.filter((run) => norms.has(run));
  const run = measuredRuns.find((name) => name === chosenRun) ?? measuredRuns.at(-1);
  const events = run === undefined ? [] : (norms.get(run) ?? []);
  const event = events.find(({ epoch }) => epoch === chosenEpoch) ?? events.at(-1);
  if (run === undefined || event === undefined) return null;
  const tools = (
    <>
      {measuredRuns.length > 1 && (
        <Choice label="Run" value={run} options={measuredRuns.map((name) => [name, name])} testId="norms-run" onChange={setRun} />
      )}
      <EpochSlider events={events} epoch={event.epoch} onEpoch={setEpoch} />
    </>
  );
  const rows = layerNorms(event.parameters);
  const followed = rows.find((row) => row.layer === layer)?.layer;
  return (
    <Panel
      title="Norms"
      says={`${run}, last step of epoch ${event.epoch}; gradients before clipping. Choose a layer to see its course.`}
      tools={tools}
      bare
      testId="norms"
    >
      <NormsTable rows={rows} chosen={followed ?? null} onChoose={(name) => setLayer(name === layer ? null : name)} />
      {followed !== undefined && <Course events={events} layer={followed} />}
    </Panel>
  );
}

interface SliderProps {
  readonly events: readonly NormsEvent[];
  readonly epoch: number;
  readonly onEpoch: (epoch: number | null) => void;
}

/** At the last epoch it follows the training. */
function EpochSlider({ events, epoch, onEpoch }: SliderProps) {
  const last = events.length - 1;
  const place = events.findIndex((event) => event.epoch === epoch);
  return (
    <label className="row">
      <span className="faint">{`Epoch ${epoch}`}</span>
      <input
        type="range"
        min="0"
        max={last}
        value={place}
        aria-label="Epoch of the norms"
        data-testid="norms-epoch"
        onChange={({ target }) => onEpoch(Number(target.value) === last ? null : events[Number(target.value)].epoch)}
      />
    </label>
  );
}

interface TableProps {
  readonly rows: readonly LayerNorm[];
  readonly chosen: string | null;
  readonly onChoose: (layer: string) => void;
}

function NormsTable({ rows, chosen, onChoose }: TableProps) {
  return (
    <div className="table-frame norms-frame">
      <table>
        <thead>
          <tr>
            <th>Layer</th>
            <th className="number">Weights</th>
            <th className="number">Gradient</th>
            <th className="number">Gradient / weights</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ layer, weight, gradient }) => (
            <tr key={layer} aria-selected={layer === chosen}>
              <td className="mono">
                <button type="button" className="row-link" aria-pressed={layer === chosen} onClick={() => onChoose(layer)}>
                  {layer}
                </button>
              </td>
              <td className="number">{measured(weight)}</td>
              <td className="number">{measured(gradient)}</td>
              <td className="number">{weight === 0 ? '–' : measured(gradient / weight)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Both norms of a layer over the epochs, on one logarithmic axis. */
function Course({ events, layer }: { readonly events: readonly NormsEvent[]; readonly layer: string }) {
  const { epochs, weights, gradients } = layerCourse(events, layer);
  const series = [
    { label: 'weights', colour: '#0072b2', x: epochs, y: weights, points: true },
    { label: 'gradient', colour: '#d55e00', x: epochs, y: gradients, points: true, dashed: true },
  ];
  return <Plot series={series} xLabel="epoch" yLabel={`norm of ${layer}`} logY wholeX testId="norms-plot" />;
}

interface LayerNorm {
  readonly layer: string;
  readonly weight: number;
  readonly gradient: number;
}

/** One entry per layer (a parameter's name without its last part), in the order of the parameters. */
function layerNorms(parameters: readonly ParameterNorm[]): LayerNorm[] {
  const layers = new Map<string, LayerNorm>();
  for (const { name, weight, gradient } of parameters) {
    const layer = name.split('.').slice(0, -1).join('.');
    const before = layers.get(layer) ?? { layer, weight: 0, gradient: 0 };
    layers.set(layer, { layer, weight: Math.hypot(before.weight, weight), gradient: Math.hypot(before.gradient, gradient) });
  }
  return [...layers.values()];
}

/** The norms of one layer, epoch by epoch. */
function layerCourse(
  events: readonly NormsEvent[],
  layer: string,
): { readonly epochs: number[]; readonly weights: number[]; readonly gradients: number[] } {
  const rows = events.flatMap(({ epoch, parameters }) => {
    const own = layerNorms(parameters).find((row) => row.layer === layer);
    return own === undefined ? [] : [{ epoch, ...own }];
  });
  return {
    epochs: rows.map(({ epoch }) => epoch),
    weights: rows.map(({ weight }) => weight),
    gradients: rows.map(({ gradient }) => gradient),
  };
}
