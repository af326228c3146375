// Runs that differ in nothing but their seeds, together: mean and spread of their best validation metric, and how far the
// mean is from the pinned baseline.
import { useMemo } from 'react';
import type { ListedRun } from '@shared/link/studio';
import { groupRuns, type RunGroup, type Spread } from '@shared/run/groups';
import { bestMetric } from '@shared/run/run-cost';
import { percent } from '../../../ui/format';
import { NumberHeads } from '../../../ui/NumberHeads';
import { Panel } from '../../../studio/Stage';
import { recipeTitle } from '../recipe-fields';
import { baselineOf, pointsText } from './baseline';

/** Nothing where no two runs differ in their seeds alone. */
export function RunGroups({ list }: { readonly list: readonly ListedRun[] }) {
  const groups = useMemo(() => groupRuns(list), [list]);
  if (groups.every(({ runs }) => runs.length === 1)) return null;
  const baseline = baselineOf(list);
  const against = baseline && bestMetric(baseline);
  return (
    <Panel
      title="Over the seeds"
      says="runs with all settings the same but their seeds; best validation, mean and sample deviation"
      bare
      testId="run-groups"
    >
      <div className="table-frame">
        <table className="runs">
          <thead>
            <tr>
              <th>Network</th>
              <th>Recipe</th>
              <NumberHeads titles={['Seeds', 'Mean', 'Deviation', 'Least', 'Most', ...(baseline ? ['Against baseline'] : [])]} />
            </tr>
          </thead>
          <tbody>
            {groups.map((group) => (
              <GroupRow key={group.key} group={group} against={against ?? null} />
            ))}
          </tbody>
        </table>
      </div>
    </Panel>
  );
}

function GroupRow({ group: { runs, metric }, against }: { readonly group: RunGroup<ListedRun>; readonly against: number | null }) {
  const { spec, recipe } = runs[0].config;
  const names = runs.map(({ name }) => name).join(', ');
  const cells = metric ? numbersOf(metric) : ['0', '–', '–', '–', '–'];
  return (
    <tr>
      <td>
        {spec.name}
        <small className="run-note" title={names}>
          {names}
        </small>
      </td>
      <td>{recipeTitle(recipe)}</td>
      {cells.map((text, at) => (
        <td key={at} className="number">
          {text}
        </td>
      ))}
      {against !== null && <td className="number">{metric ? pointsText(metric.mean - against) : '–'}</td>}
    </tr>
  );
}

function numbersOf({ count, mean, deviation, least, most }: Spread): string[] {
  return [String(count), percent(mean), deviation === null ? '–' : percent(deviation), percent(least), percent(most)];
}
