// The block in focus over the epochs of its run: curves of the headline numbers, and any measure's pictures at
// each epoch on one scale.
import { useMemo } from 'react';
import { z } from 'zod';
import { useStore } from 'zustand';
import { headlineOf, type Headline } from '@shared/pattern/compare';
import { useLook } from '../../../studio/looks';
import { analyseEpochs, series, seriesKey, stopEpochs, wholeEpochs, type EpochPattern } from './series';
import { runs } from '../../../studio/runs/runs';
import { runFolder, weights } from '../../../studio/network/weights';
import { Segments } from '../../../ui/controls';
import { Plot, type PlotSeries } from '../../../ui/Plot';
import { Panel } from '../../../studio/Stage';
import { StartOrStop } from '../../../studio/StartOrStop';
import { SeriesMaps, type SeriesSubject } from './SeriesMaps';
import { WHAT } from './series-pictures';

const NUMBERS = [
  ['invariantShare', 'Invariant share'],
  ['halfEnergyRadius', 'Half-energy radius'],
  ['longRangeShare', 'Long-range share'],
  ['leftRight', 'Left-right symmetry'],
  ['upDown', 'Up-down symmetry'],
] as const satisfies readonly (readonly [keyof Headline, string])[];

const NONE: readonly EpochPattern[] = [];
const NUMBER = {
  stage: 'pattern',
  name: 'epochs-number',
  schema: z.enum(NUMBERS.map(([key]) => key)),
  first: 'invariantShare' as (typeof NUMBERS)[number][0],
} as const;

export function Epochs({ block }: { readonly block: string }) {
  const reference = useStore(weights, (state) => state.reference);
  const list = useStore(runs, (state) => state.list);
  const state = useStore(series);
  const run = reference.kind === 'run' ? list.find(({ name }) => name === reference.run) : undefined;
  if (!run) return <p className="faint">Weights of a run, chosen at the top of the window, show this block over its epochs.</p>;
  const epochs = state.key === seriesKey(run.name, block) ? state.epochs : NONE;
  const says = `${epochs.length} of ${wholeEpochs(run.checkpoints).length} checkpoints of ${run.name}`;
  const tools = (
    <StartOrStop
      busy={state.busy}
      label="Analyse its epochs"
      testId="analyse-epochs"
      onStart={() => analyseEpochs(run.name, run.checkpoints, block)}
      onStop={stopEpochs}
    />
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
  const [number, setNumber] = useLook(NUMBER);
  const lines = useMemo(() => curvesOf(epochs, number), [epochs, number]);
  const title = NUMBERS.find(([key]) => key === number)?.[1] ?? '';
  return (
    <>
      <Segments label="Number" value={number} onChange={setNumber} testId="epoch-number" options={NUMBERS} />
      <Plot series={lines} xLabel="epoch" yLabel={title} wholeX height={220} testId="epoch-plot" />
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

/** Small multiples of whatever is chosen. */
function EpochMaps({ epochs, run, files, block }: MapsProps) {
  const [what, setWhat] = useLook({ ...WHAT, name: 'epochs-map' });
  const subjects = useMemo(
    () =>
      epochs.flatMap(({ epoch, pattern }): SeriesSubject[] => {
        const checkpoint = files.find((entry) => entry.epoch === epoch)?.file;
        return checkpoint === undefined ? [] : [{ label: `epoch ${epoch}`, reference: { kind: 'run', run, checkpoint }, pattern }];
      }),
    [epochs, files, run],
  );
  const figure = { source: { path: runFolder(run), layer: block }, epochs: true };
  return <SeriesMaps subjects={subjects} what={what} onWhat={setWhat} figure={figure} size={84} />;
}
