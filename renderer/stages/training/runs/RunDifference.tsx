// What is different between two shown runs; where the networks have other layers, these come last.
import { configDifference, type Difference } from '@shared/run/difference';
import type { RunRecord } from '@shared/run/run';
import { seedsOf } from '@shared/training/recipe/seeds';
import { exact } from '../../../ui/format';
import { Panel } from '../../../studio/Stage';

/** The configuration with its three seeds instead of the one they come from. */
function settingsOf({ config }: RunRecord): unknown {
  return { ...config, seed: undefined, seeds: seedsOf(config) };
}

/** Shown when exactly two runs are chosen. */
export function RunDifference({ shown }: { readonly shown: readonly RunRecord[] }) {
  if (shown.length !== 2) return null;
  const [a, b] = shown;
  const rows = configDifference(settingsOf(a), settingsOf(b));
  const layers = rows.filter(({ path }) => path.startsWith('spec.layers.'));
  const settings = rows.filter((row) => !layers.includes(row));
  const names = [a.name, b.name] as const;
  return (
    <Panel
      title="Difference"
      says={rows.length === 0 ? 'the two shown runs have the same configuration' : 'settings of the two shown runs'}
      bare
      testId="run-difference"
    >
      {settings.length > 0 && <DifferenceTable rows={settings} names={names} />}
      {layers.length > 0 && (
        <details className="layer-differences" data-testid="layer-differences">
          <summary>{`In the layers of the networks: ${exact(layers.length)}`}</summary>
          <DifferenceTable rows={layers} names={names} />
        </details>
      )}
    </Panel>
  );
}

interface DifferenceTableProps {
  readonly rows: readonly Difference[];
  readonly names: readonly [string, string];
}

function DifferenceTable({ rows, names: [a, b] }: DifferenceTableProps) {
  return (
    <div className="table-frame" tabIndex={0} role="region" aria-label="Settings that differ">
      <table className="difference">
        <thead>
          <tr>
            <th>Setting</th>
            <th>{a}</th>
            <th>{b}</th>
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
  );
}
