// Evaluation of the weights in focus on the chosen data set: the metric, the confusion matrix and each
// class's share of right predictions.
import { useMemo } from 'react';
import { useStore } from 'zustand';
import type { Evaluation } from '@shared/contract/studio';
import { agreement, classAccuracies, evaluation } from '../../state/evaluation';
import { CommandButton, Reading } from '../../ui/controls';
import { measured, percent } from '../../ui/format';
import { HeatMap, ScaleBar } from '../../ui/HeatMap';
import { Panel } from '../../ui/Stage';
import { WeightsPicker } from '../../ui/WeightsPicker';

export function EvaluatePanel() {
  const { busy, subject, train, merged } = useStore(evaluation);
  const tools = (
    <>
      <WeightsPicker />
      <CommandButton command="evaluate" />
    </>
  );
  return (
    <Panel title="Evaluation" says={busy ? 'running through the validation split' : subject} tools={tools} testId="evaluation">
      {busy && <progress aria-label="Evaluating" />}
      {!train && !busy && (
        <p className="faint">
          The validation split of the chosen data set, in train form, and in merged form once these weights were merged.
        </p>
      )}
      {train && <Result train={train} merged={merged} />}
    </Panel>
  );
}

function Result({ train, merged }: { readonly train: Evaluation; readonly merged: Evaluation | null }) {
  return (
    <div className="stack">
      <div className="figure-row">
        <Reading label="Metric, train form" value={percent(train.metric)} testId="evaluation-metric" />
        <Reading label="Loss, train form" value={measured(train.loss)} />
        <Reading label="Samples" value={train.samples} />
        {merged && <Reading label="Metric, merged form" value={percent(merged.metric)} />}
        {merged && (
          <Reading
            label="Same prediction in both forms"
            value={percent(agreement(train.predictions, merged.predictions))}
            testId="evaluation-agreement"
          />
        )}
      </div>
      {train.confusion.length > 0 && <Confusion evaluated={train} />}
    </div>
  );
}

function Confusion({ evaluated: { confusion, classes } }: { readonly evaluated: Evaluation }) {
  const picture = useMemo(() => ({ rows: confusion.length, columns: confusion.length, data: shares(confusion) }), [confusion]);
  const accuracies = classAccuracies(confusion);
  return (
    <div className="row confusion">
      <HeatMap picture={picture} range={[0, 1]} scale="viridis" size={280} label="Confusion matrix">
        Confusion: actual class down, predicted class across, as a share of the actual class
        <ScaleBar range={[0, 1]} scale="viridis" />
      </HeatMap>
      <div className="table-frame">
        <table data-testid="class-accuracies">
          <thead>
            <tr>
              <th>Class</th>
              <th className="number">Right</th>
              <th>Most often taken for</th>
            </tr>
          </thead>
          <tbody>
            {confusion.map((row, actual) => (
              <tr key={actual}>
                <td>{classes[actual] ?? actual}</td>
                <td className="number">{accuracies[actual] === null ? '–' : percent(accuracies[actual])}</td>
                <td>{mistakenFor(row, actual, classes)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </div>
  );
}

function shares(confusion: Evaluation['confusion']): Float32Array {
  return Float32Array.from(
    confusion.flatMap((row) => {
      const total = row.reduce((sum, count) => sum + count, 0);
      return row.map((count) => (total === 0 ? 0 : count / total));
    }),
  );
}

function mistakenFor(row: readonly number[], actual: number, classes: readonly string[]): string {
  const others = row.map((count, predicted) => (predicted === actual ? 0 : count));
  const most = others.indexOf(Math.max(...others));
  return others[most] > 0 ? `${classes[most] ?? most} (${others[most]})` : '–';
}
