// Loss and metric curves of the shown runs: steps faint, their smoothed course and the epochs' train
// means solid, validation dashed; every run has one colour in both plots.
import { SaveFigureButton } from '../../../studio/SaveFigureButton';
import { useMemo } from 'react';
import { z } from 'zod';
import { useStore } from 'zustand';
import type { TrainingConfig } from '@shared/training/recipe/recipe';
import { smooth, type RunCurves } from '../../../studio/runs/curve-series';
import { useLook } from '../../../studio/looks';
import { curveAxisName, curveMetricName } from '@shared/run/metric-names';
import { runs } from '../../../studio/runs/runs';
import { Plot, type PlotSeries } from '../../../ui/Plot';
import { Panel } from '../../../studio/Stage';
import { runColour } from './colours';

const SMOOTHING = { stage: 'training', name: 'smoothing', schema: z.number().min(0).max(1), first: 0.8 as number } as const;
const LOG_LOSS = { stage: 'training', name: 'log-loss', schema: z.boolean(), first: false as boolean } as const;

export function Curves() {
  const { shown, curves, version, list } = useStore(runs);
  const configs = list.filter(({ name }) => shown.includes(name)).map(({ config }) => config);
  const tasks = configs.map(({ spec }) => spec.task);
  const [smoothing, setSmoothing] = useLook(SMOOTHING);
  const [logY, setLogY] = useLook(LOG_LOSS);
  const lines = useMemo(
    () => ({ loss: seriesOf(shown, curves, smoothing, 'loss'), metric: seriesOf(shown, curves, smoothing, 'metric') }),
    // `version` stands for the curves, which grow in place.

    [shown, curves, version, smoothing],
  );
  const folders = list.filter(({ name }) => shown.includes(name)).map(({ folder }) => folder);
  const tools = (
    <>
      <CurveTools smoothing={smoothing} onSmoothing={setSmoothing} logY={logY} onLogY={setLogY} />
      <SaveFigure folders={folders} logY={logY} />
    </>
  );
  return (
    <Panel title="Curves" tools={tools} testId="curves">
      {shown.length === 0 ? (
        <p className="empty">Start a training, or choose runs below, to see their curves.</p>
      ) : (
        <div className="stack">
          <div className="plots">
            <Plot series={lines.loss} xLabel="epoch" yLabel="loss" logY={logY} testId="loss-plot" />
            <Plot series={lines.metric} xLabel="epoch" yLabel={curveAxisName(tasks)} shareY testId="metric-plot" />
          </div>
          <CurveNotes configs={configs} />
        </div>
      )}
    </Panel>
  );
}

/** What the axes do not say: several metrics in one plot, and losses that are no measure for each other. */
function CurveNotes({ configs }: { readonly configs: readonly TrainingConfig[] }) {
  const tasks = configs.map(({ spec }) => spec.task);
  const notes = [
    ...(curveAxisName(tasks) === curveMetricName(tasks) ? [] : [`Metric: ${curveMetricName(tasks)}.`]),
    ...(configs.some(({ recipe }) => recipe.loss === 'amSoftmax')
      ? [
          'Of faces, the loss in training has the margin of AM-Softmax, the loss on validation has not: the two are no measure for each other.',
        ]
      : []),
  ];
  return notes.length > 0 && <p className="faint">{notes.join(' ')}</p>;
}

/** The curves of the shown runs as a figure: each by itself, as the plots have them. */
function SaveFigure({ folders, logY }: { readonly folders: readonly string[]; readonly logY: boolean }) {
  const lossAxis = logY ? 'logarithmic' : undefined;
  return (
    <SaveFigureButton
      testId="figure-of-curves"
      what="these curves"
      more="draw the runs of several seeds as mean and spread"
      disabled={folders.length === 0}
      asked={() => ({ kind: 'run-curves', change: { runs: [...folders], seeds: 'apart', shown: 'both', lossAxis } })}
    />
  );
}

interface ToolsProps {
  readonly smoothing: number;
  readonly onSmoothing: (value: number) => void;
  readonly logY: boolean;
  readonly onLogY: (value: boolean) => void;
}

function CurveTools({ smoothing, onSmoothing, logY, onLogY }: ToolsProps) {
  return (
    <>
      <label className="row">
        <span className="faint">{`Smoothing ${smoothing.toFixed(2)}`}</span>
        <input
          type="range"
          min="0"
          max="0.99"
          step="0.01"
          value={smoothing}
          data-testid="smoothing"
          onChange={(event) => onSmoothing(Number(event.target.value))}
        />
      </label>
      <label className="row">
        <input type="checkbox" checked={logY} data-testid="log-axis" onChange={(event) => onLogY(event.target.checked)} />
        <span className="faint">log loss</span>
      </label>
    </>
  );
}

function seriesOf(
  shown: readonly string[],
  curves: ReadonlyMap<string, RunCurves>,
  smoothing: number,
  what: 'loss' | 'metric',
): PlotSeries[] {
  return shown.flatMap((run) => {
    const own = curves.get(run);
    if (!own) return [];
    const colour = runColour(shown, run);
    const label = (part: string): string => (shown.length === 1 ? part : `${run} ${part}`);
    const steps = what === 'loss' ? own.stepLoss : own.stepMetric;
    const train = what === 'loss' ? own.trainLoss : own.trainMetric;
    const validation = what === 'loss' ? own.validationLoss : own.validationMetric;
    const smoothed: PlotSeries = {
      label: label(smoothing > 0 && own.stepX.length > 0 ? 'training, smoothed' : 'training'),
      colour,
      x: own.stepX,
      y: smooth(steps, smoothing),
      points: own.stepX.length === 1,
    };
    return [
      ...(own.stepX.length > 0 && smoothing > 0 && shown.length === 1
        ? [{ label: label('every step'), colour, x: own.stepX, y: steps, faint: true }]
        : []),
      own.stepX.length > 0 ? smoothed : { ...smoothed, x: own.epochX, y: train },
      { label: label('validation'), colour, x: own.epochX, y: validation, dashed: true, points: true },
      ...(what === 'metric' && own.verification.length > 0
        ? [{ label: label('face pairs'), colour, x: own.verificationX, y: own.verification, points: true, dotted: true }]
        : []),
    ];
  });
}
