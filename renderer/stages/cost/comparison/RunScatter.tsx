// Accuracy against cost: every run's best validation metric over the work of its merged form.
import { useMemo } from 'react';
import { useStore } from 'zustand';
import { askForFigure } from '../../../studio/asked-figure';
import { metricName } from '../../training';
import { goTo, stageName } from '../../../studio/navigation';
import { attempt } from '../../../studio/notices';
import { runs, toggleRun } from '../../../studio/runs/runs';
import { exact, percent, short } from '../../../ui/format';
import { TableBehind } from '../../../ui/TableBehind';
import { Panel } from '../../../studio/Stage';
import { showMatrices } from '../../matrix';
import { pressable } from '../press';
import { scatterOf, ticksOf, type ScatterPoint } from './scatter';

const [WIDTH, HEIGHT, LEFT, BOTTOM, TOP, RIGHT] = [720, 280, 56, 36, 12, 30];

export function RunScatter() {
  const list = useStore(runs, (state) => state.list);
  const scatter = useMemo(() => scatterOf(list), [list]);
  const metric = metricName(scatter.tasks);
  // The runs and the counting of the plot.
  const folders = list.filter(({ name }) => scatter.points.some(({ run }) => run === name)).map(({ folder }) => folder);
  return (
    <Panel
      title="Accuracy against cost"
      says={`best validation ${metric} of each run over the MACs of its merged form. Click or Enter leads to the run, with Shift to the matrices of its newest weights`}
      tools={
        <button
          type="button"
          className="button"
          onClick={() => askForFigure({ kind: 'accuracy-cost', change: { runs: folders, convention: undefined } })}
        >
          Save figure
        </button>
      }
      testId="run-scatter"
    >
      {scatter.points.length === 0 ? (
        <p className="empty">A run with a validated epoch appears here.</p>
      ) : (
        <svg className="scatter" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={`${metric} against MACs`}>
          <Axes macs={scatter.macs} metric={scatter.metric} name={metric} />
          {scatter.points.map((point) => (
            <Mark key={point.run} point={point} />
          ))}
        </svg>
      )}
      {scatter.points.length > 0 && (
        <TableBehind what={`${metric} against MACs`}>{() => <PointRows points={scatter.points} metric={metric} />}</TableBehind>
      )}
    </Panel>
  );
}

function PointRows({ points, metric: name }: { readonly points: readonly ScatterPoint[]; readonly metric: string }) {
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">Run</th>
          <th scope="col">Model</th>
          <th scope="col">MACs of the merged form</th>
          <th scope="col">{name}</th>
        </tr>
      </thead>
      <tbody>
        {points.map(({ run, model, macs, metric }) => (
          <tr key={run}>
            <th scope="row">
              <bdi>{run}</bdi>
            </th>
            <td>{model}</td>
            <td>{exact(macs)}</td>
            <td>{metric}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** The run's curves in the training stage; with Shift, the matrices of its newest weights. */
function lead({ run, newest }: ScatterPoint, withShift: boolean): void {
  if (withShift) {
    if (newest !== null) showMatrices({ kind: 'run', run, checkpoint: newest });
    return;
  }
  if (!runs.getState().shown.includes(run)) void attempt(() => toggleRun(run));
  goTo('training');
}

function Mark({ point }: { readonly point: ScatterPoint }) {
  const { run, model, newest, macs, metric, x, y } = point;
  const [cx, cy] = [atX(x), atY(y)];
  const end = x > 0.7;
  const matrices = newest === null ? 'it has no train-form weights to show' : `with Shift, the matrices of ${newest}`;
  return (
    <g
      {...pressable((withShift) => lead(point, withShift))}
      className="scatter-mark"
      data-testid={`scatter-${run}`}
      tabIndex={0}
      aria-label={`${run} in ${stageName('training')}; ${matrices}`}
    >
      <circle cx={cx} cy={cy} r={5} />
      <text x={end ? cx - 9 : cx + 9} y={cy + 4} textAnchor={end ? 'end' : 'start'}>
        {run}
      </text>
      <title>{`${run} (${model}): ${percent(metric)} at ${short(macs)} MACs; ${matrices}`}</title>
    </g>
  );
}

interface AxesProps {
  readonly macs: readonly [number, number];
  readonly metric: readonly [number, number];
  readonly name: string;
}

function Axes({ macs, metric, name }: AxesProps) {
  const ticks = ticksOf({ macs, metric });
  return (
    <g className="scatter-axes">
      {ticks.metric.map(({ value, share }) => (
        <g key={value}>
          <line x1={LEFT} x2={WIDTH - RIGHT} y1={atY(share)} y2={atY(share)} />
          <text x={LEFT - 6} y={atY(share) + 4} textAnchor="end">
            {percent(value)}
          </text>
        </g>
      ))}
      {ticks.macs.map(({ value, share }) => (
        <text key={value} x={atX(share)} y={HEIGHT - BOTTOM + 15} textAnchor="middle">
          {short(value)}
        </text>
      ))}
      <text x={(LEFT + WIDTH - RIGHT) / 2} y={HEIGHT - 4} textAnchor="middle">
        MACs of the merged form, logarithmic
      </text>
      <text x={LEFT + 6} y={TOP + 10}>
        {name}
      </text>
    </g>
  );
}

function atX(share: number): number {
  return LEFT + share * (WIDTH - LEFT - RIGHT);
}

function atY(share: number): number {
  return HEIGHT - BOTTOM - share * (HEIGHT - BOTTOM - TOP);
}
