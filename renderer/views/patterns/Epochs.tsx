// The block in focus over the epochs of its run: curves of the headline numbers and the displacement map at
// each epoch, all on one scale.
import { useMemo, useState } from 'react';
import { useStore } from 'zustand';
import { headlineOf, type Headline } from '@shared/pattern/compare';
import { attempt } from '../../state/notices';
import { analyseEpochs, series, seriesKey, stopEpochs, wholeEpochs, type EpochPattern } from '../../state/pattern-series';
import { runs } from '../../state/runs';
import { chooseWeights, focusBlock, weights } from '../../state/weights';
import { Segments } from '../../ui/controls';
import { HeatMap, ScaleBar } from '../../ui/HeatMap';
import { measured } from '../../ui/format';
import { Plot, type PlotSeries } from '../../ui/Plot';
import { Panel } from '../../ui/Stage';
import { displacementPicture, finiteRange } from './picture';

const NUMBERS = [
  ['invariantShare', 'Invariant share'],
  ['halfEnergyRadius', 'Half-energy radius'],
  ['longRangeShare', 'Long-range share'],
  ['leftRight', 'Left-right symmetry'],
  ['upDown', 'Up-down symmetry'],
] as const satisfies readonly (readonly [keyof Headline, string])[];

export function Epochs({ block }: { readonly block: string }) {
  const reference = useStore(weights, (state) => state.reference);
  const list = useStore(runs, (state) => state.list);
  const state = useStore(series);
  const run = reference.kind === 'run' ? list.find(({ name }) => name === reference.run) : undefined;
  if (!run) return <p className="faint">Weights of a run, chosen above, show this block over its epochs.</p>;
  const epochs = state.key === seriesKey(run.name, block) ? state.epochs : [];
  const says = `${epochs.length} of ${wholeEpochs(run.checkpoints).length} checkpoints of ${run.name}`;
  const tools = state.busy ? (
    <button type="button" className="button" onClick={stopEpochs}>
      Stop
    </button>
  ) : (
    <button
      type="button"
      className="button"
      data-testid="analyse-epochs"
      onClick={() => void attempt(() => analyseEpochs(run.name, run.checkpoints, block))}
    >
      Analyse its epochs
    </button>
  );
  return (
    <Panel title="Over the epochs" says={says} tools={tools} testId="pattern-epochs">
      {state.busy && <progress max={state.total} value={epochs.length} aria-label="Epochs" />}
      {epochs.length > 0 && <EpochCurves epochs={epochs} />}
      {epochs.length > 0 && <EpochMaps epochs={epochs} run={run.name} files={wholeEpochs(run.checkpoints)} block={block} />}
    </Panel>
  );
}

function EpochCurves({ epochs }: { readonly epochs: readonly EpochPattern[] }) {
  const [number, setNumber] = useState<keyof Headline>('invariantShare');
  const lines = useMemo(() => curvesOf(epochs, number), [epochs, number]);
  const title = NUMBERS.find(([key]) => key === number)?.[1] ?? '';
  return (
    <>
      <Segments label="Number" value={number} onChange={setNumber} testId="epoch-number" options={NUMBERS} />
      <Plot series={lines} xLabel="epoch" yLabel={title} height={220} testId="epoch-plot" />
    </>
  );
}

function curvesOf(epochs: readonly EpochPattern[], number: keyof Headline): PlotSeries[] {
  const x = epochs.map(({ epoch }) => epoch);
  const curve = (label: 'before' | 'after', colour: string): PlotSeries => ({
    label,
    colour,
    points: true,
    x,
    y: epochs.map(({ pattern }) => headlineOf(pattern[label])[number]),
  });
  return [curve('before', '--train'), curve('after', '--merged')];
}

interface MapsProps {
  readonly epochs: readonly EpochPattern[];
  readonly run: string;
  readonly files: readonly { readonly epoch: number; readonly file: string }[];
  readonly block: string;
}

/** Small multiples; a click brings that epoch's weights into focus. */
function EpochMaps({ epochs, run, files, block }: MapsProps) {
  const pictures = useMemo(() => epochs.map(({ epoch, pattern }) => ({ epoch, picture: displacementPicture(pattern, 'after') })), [epochs]);
  const range = finiteRange(pictures.map(({ picture }) => picture));
  const focus = (epoch: number): void => {
    const file = files.find((entry) => entry.epoch === epoch)?.file;
    if (file === undefined) return;
    chooseWeights({ kind: 'run', run, checkpoint: file });
    focusBlock(block);
  };
  return (
    <>
      <div className="row">
        <span className="faint">Energy by displacement after the merge</span>
        <ScaleBar range={range} scale="viridis" text={(power) => measured(10 ** power)} />
      </div>
      <div className="arrays">
        {pictures.map(({ epoch, picture }) => (
          <button key={epoch} type="button" className="plain-picture" title="Bring these weights into focus" onClick={() => focus(epoch)}>
            <HeatMap picture={picture} range={range} scale="viridis" label={`Energy by displacement at epoch ${epoch}`} size={84}>
              {`epoch ${epoch}`}
            </HeatMap>
          </button>
        ))}
      </div>
    </>
  );
}
