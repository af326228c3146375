// The comparison layer by layer, with the worst cell of each.
import type { LayerComparison, VerifyReport } from '@shared/merge/report';
import { measured } from '../../ui/format';
import { Panel } from '../../studio/Stage';

const COLUMNS = [
  'Layer',
  'Verdict',
  'Kind',
  'Largest difference',
  'Relative',
  'Tolerance',
  'Largest value',
  'Worst cell',
  'Train',
  'Merged',
];

export function LayerTable({ report }: { readonly report: VerifyReport }) {
  return (
    <Panel title="Layer by layer" says={`${report.layers.length} compared outputs`} bare testId="layers">
      <div className="table-frame" tabIndex={0} role="region" aria-label="Compared outputs">
        <table>
          <thead>
            <tr>
              {COLUMNS.map((name, index) => (
                <th key={name} className={index > 2 ? 'number' : ''}>
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {report.layers.map((layer) => (
              <Row key={layer.path} layer={layer} />
            ))}
          </tbody>
        </table>
      </div>
    </Panel>
  );
}

function Row({ layer }: { readonly layer: LayerComparison }) {
  const { path, kind, maxAbs, maxRel, tolerance, scale, worst, equivalent, unusable } = layer;
  return (
    <tr>
      <td className="mono">{path || 'output'}</td>
      <td className={equivalent ? 'good-cell' : 'bad-cell'}>
        {equivalent ? 'equal' : unusable === null ? 'differs' : `differs: ${unusable}`}
      </td>
      <td>{kind}</td>
      <td className="number">{measured(maxAbs)}</td>
      <td className="number">{measured(maxRel)}</td>
      <td className="number">{measured(tolerance)}</td>
      <td className="number">{measured(scale)}</td>
      <td className="number mono">{`[${worst.index.join(', ')}]`}</td>
      <td className="number">{worst.train.toPrecision(7)}</td>
      <td className="number">{worst.merged.toPrecision(7)}</td>
    </tr>
  );
}
