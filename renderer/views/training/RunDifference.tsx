// What is different between two shown runs.
import { configDifference } from '@shared/run/difference';
import type { RunRecord } from '@shared/run/run';
import { seedsOf } from '@shared/training/seeds';
import { Panel } from '../../ui/Stage';

/** The configuration with its three seeds instead of the one they come from. */
function settingsOf({ config }: RunRecord): unknown {
  return { ...config, seed: undefined, seeds: seedsOf(config) };
}

/** Shown when exactly two runs are chosen. */
export function RunDifference({ shown }: { readonly shown: readonly RunRecord[] }) {
  if (shown.length !== 2) return null;
  const [a, b] = shown;
  const rows = configDifference(settingsOf(a), settingsOf(b));
  return (
    <Panel
      title="Difference"
      says={rows.length === 0 ? 'the two shown runs have the same configuration' : 'settings of the two shown runs'}
      bare
      testId="run-difference"
    >
      <div className="table-frame">
        <table>
          <thead>
            <tr>
              <th>Setting</th>
              <th>{a.name}</th>
              <th>{b.name}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.path}>
                <td className="mono">{row.path}</td>
                <td>{row.a}</td>
                <td>{row.b}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Panel>
  );
}
